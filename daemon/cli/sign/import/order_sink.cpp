#include "cli/sign/import/order_sink.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include "cli/sign/sign_orders.hpp"
#include "codec/orders.hpp"

namespace portcullis::sign {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view part_suffix = ".part";
/// For the head of a batch, within what a gate takes.
constexpr std::size_t head_bytes = std::size_t{16} * 1024;
constexpr std::size_t number_digits = 8;

fs::path part_of(const fs::path& file) {
    return file.string() + std::string{part_suffix};
}

std::string failed(const fs::path& file, int error) {
    return file.string() + ": " + std::generic_category().message(error);
}

/// Writes a file and waits for the disk.
std::string write_durably(const fs::path& file, std::string_view bytes) {
    const int handle = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (handle < 0) {
        return failed(file, errno);
    }
    int error = 0;
    while (!bytes.empty() && error == 0) {
        const auto written = ::write(handle, bytes.data(), bytes.size());
        error = written < 0 ? errno : 0;
        bytes.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    error = error == 0 && ::fsync(handle) != 0 ? errno : error;
    ::close(handle);
    return error == 0 ? std::string{} : failed(file, error);
}

std::string move_file(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::rename(from, to, error);
    return error ? failed(to, error.value()) : std::string{};
}

}  // namespace

LinesSink::LinesSink(fs::path file, std::ostream& out) : file_(std::move(file)), part_(part_of(file_)), out_(out) {
    if (!file_.empty()) {
        written_.open(part_, std::ios::binary | std::ios::trunc);
    }
}

LinesSink::~LinesSink() {
    std::error_code ignored;
    if (!file_.empty()) {
        fs::remove(part_, ignored);
    }
}

std::string LinesSink::put(std::string object) {
    object.push_back('\n');
    auto& out = file_.empty() ? out_ : written_;
    out.write(object.data(), static_cast<std::streamsize>(object.size()));
    return out.good() ? std::string{} : (file_.empty() ? "standard output" : part_.string()) + " cannot be written";
}

std::string LinesSink::finish() {
    auto& out = file_.empty() ? out_ : written_;
    out.flush();
    return out.good() ? std::string{} : (file_.empty() ? "standard output" : part_.string()) + " cannot be written";
}

std::string LinesSink::publish() {
    if (file_.empty()) {
        return {};
    }
    written_.close();
    return move_file(part_, file_);
}

BatchSink::BatchSink(fs::path folder, OrderBatch head, const trust::SigningKey& key, std::ostream& errors)
    : folder_(std::move(folder)), head_(std::move(head)), key_(key), errors_(errors) {}

fs::path BatchSink::file_of(std::int64_t number) const {
    auto digits = std::to_string(number);
    digits.insert(0, number_digits - std::min(number_digits, digits.size()), '0');
    return folder_ / (head_.authority.text() + "-" + digits + ".json");
}

std::string BatchSink::recover(const std::optional<store::ChainEnd>& end) const {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{folder_, error}) {
        const auto name = entry.path().filename().string();
        const auto begin = head_.authority.text() + "-";
        if (!name.starts_with(begin) || !name.ends_with(part_suffix)) {
            continue;
        }
        std::int64_t number = 0;
        std::from_chars(name.data() + begin.size(), name.data() + name.size(), number);
        const bool committed = end && number <= end->number;
        if (auto problem = committed ? move_file(entry.path(), file_of(number)) : std::string{}; !problem.empty()) {
            return problem;
        }
        if (!committed) {
            fs::remove(entry.path(), error);
        }
    }
    return error ? failed(folder_, error.value()) : std::string{};
}

std::string BatchSink::put(std::string object) {
    if (objects_.size() == codec::most_orders_in_batch ||
        bytes_ + object.size() + 1 > codec::most_payload_bytes - head_bytes) {
        if (auto problem = sign(); !problem.empty()) {
            return problem;
        }
    }
    bytes_ += object.size() + 1;
    objects_.push_back(std::move(object));
    return {};
}

std::string BatchSink::sign() {
    const auto file = file_of(head_.number);
    if (fs::exists(file)) {
        return file.string() + ": is there already: batch " + std::to_string(head_.number) +
               " was signed before; name the state file of that import (--state), or the chain's end (--number and "
               "--previous)";
    }
    const auto batch = sign_orders(head_, objects_, key_);
    if (!batch) {
        return batch.error();
    }
    if (auto problem = write_durably(part_of(file), batch->envelope); !problem.empty()) {
        return problem;
    }
    parts_.push_back(file);
    errors_ << file.string() << ": " << objects_.size() << " orders, sha256 " << batch->payload_sha256 << '\n';
    ++head_.number;
    head_.previous = batch->payload_sha256;
    objects_.clear();
    bytes_ = 0;
    return {};
}

std::string BatchSink::finish() {
    return objects_.empty() ? std::string{} : sign();
}

std::string BatchSink::publish() {
    for (const auto& file : parts_) {
        if (auto problem = move_file(part_of(file), file); !problem.empty()) {
            return problem;
        }
    }
    return {};
}

}  // namespace portcullis::sign
