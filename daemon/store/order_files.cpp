#include "store/order_files.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "store/state_directory.hpp"

namespace portcullis::store {
namespace {

constexpr std::string_view beginning = "orders.";
constexpr std::string_view ending = ".db";
constexpr std::string_view fill_ending = ".fill";

struct OrderFileName {
    Authority authority;
    std::int64_t life = 0;
};

std::optional<OrderFileName> read_name(std::string_view name) {
    if (!name.starts_with(beginning) || !name.ends_with(ending) || name.size() <= beginning.size() + ending.size()) {
        return std::nullopt;
    }
    const auto middle = name.substr(beginning.size(), name.size() - beginning.size() - ending.size());
    const auto point = middle.rfind('.');
    if (point == std::string_view::npos || point == 0) {
        return std::nullopt;
    }
    const auto digits = middle.substr(point + 1);
    OrderFileName read{Authority{std::string{middle.substr(0, point)}}, 0};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), read.life);
    if (error != std::errc{} || end != digits.data() + digits.size() || read.life < 0) {
        return std::nullopt;
    }
    return read;
}

StoreFailure not_listed(const std::filesystem::path& directory, const std::error_code& error) {
    return {StoreFault::input_output, directory.string() + ": cannot be listed: " + error.message()};
}

}  // namespace

std::filesystem::path order_file(const std::filesystem::path& directory, const Authority& authority,
                                 std::int64_t life) {
    return directory / (std::string{beginning} + authority.text() + "." + std::to_string(life) + std::string{ending});
}

std::filesystem::path order_fill_file(const std::filesystem::path& directory, const Authority& authority) {
    return directory / (std::string{beginning} + authority.text() + std::string{fill_ending});
}

Result<std::map<Authority, std::int64_t>, StoreFailure> settle_order_files(const std::filesystem::path& directory) {
    std::map<Authority, std::int64_t> lives;
    std::vector<std::filesystem::path> over;
    std::error_code error;
    std::filesystem::directory_iterator entries{directory, error};
    if (error) {
        return Failure{not_listed(directory, error)};
    }
    for (; entries != std::filesystem::directory_iterator{}; entries.increment(error)) {
        const auto name = entries->path().filename().string();
        if (name == "orders.db" || (name.starts_with(beginning) && name.ends_with(fill_ending))) {
            over.push_back(entries->path());
        } else if (const auto read = read_name(name)) {
            const auto [known, fresh] = lives.emplace(read->authority, read->life);
            if (!fresh) {
                over.push_back(order_file(directory, read->authority, std::min(known->second, read->life)));
                known->second = std::max(known->second, read->life);
            }
        }
        if (error) {
            break;
        }
    }
    if (error) {
        return Failure{not_listed(directory, error)};
    }
    for (const auto& file : over) {
        if (auto failed = remove_database(file)) {
            return Failure{std::move(*failed)};
        }
    }
    return lives;
}

std::optional<StoreFailure> move_into_place(const std::filesystem::path& file, const std::filesystem::path& target) {
    std::error_code error;
    std::filesystem::rename(file, target, error);
    if (error) {
        return StoreFailure{StoreFault::input_output,
                            file.string() + ": cannot become " + target.string() + ": " + error.message()};
    }
    return sync_directory(target.parent_path());
}

std::optional<StoreFailure> remove_database(const std::filesystem::path& file) {
    // The log first: one that is left alone would be taken for the log of a later file of this name.
    for (const auto* suffix : {"-wal", "-journal", ""}) {
        std::error_code error;
        std::filesystem::remove(file.string() + suffix, error);
        if (error) {
            return StoreFailure{StoreFault::input_output,
                                file.string() + suffix + ": cannot be removed: " + error.message()};
        }
    }
    return sync_directory(file.parent_path());
}

}  // namespace portcullis::store
