#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "store/failure.hpp"

namespace portcullis::store {

/// Very many orders by their ids, to be given back in the order of their containers: in a file, so that memory does not
/// grow with them. For central's command; nothing of it needs to outlive the process, and the file goes with it.
class StandingOrders {
public:
    /// A line, and what was said beside it.
    struct Standing {
        std::string line;
        std::vector<std::string> notes;
    };
    using Take = std::function<void(const Standing&)>;

    /// Makes `file`; it must not be there.
    [[nodiscard]] static Result<std::unique_ptr<StandingOrders>, StoreFailure> begin(const std::filesystem::path& file);
    ~StandingOrders();
    StandingOrders(const StandingOrders&) = delete;
    StandingOrders& operator=(const StandingOrders&) = delete;
    StandingOrders(StandingOrders&&) = delete;
    StandingOrders& operator=(StandingOrders&&) = delete;

    /// In the place of the one of that id, if there is one. Those of the smallest place are given back first, and of
    /// one place by their ids.
    [[nodiscard]] std::optional<StoreFailure> put(std::string_view id, std::int64_t place, std::string_view line);
    /// The same order says something else.
    [[nodiscard]] std::optional<StoreFailure> rewrite(std::string_view id, std::string_view line);
    [[nodiscard]] Result<std::optional<std::string>, StoreFailure> line_of(std::string_view id);
    /// What is said of an order beside its line, once for each key. The last counts.
    [[nodiscard]] std::optional<StoreFailure> note(std::string_view id, std::string_view key, std::string_view text);
    /// Nothing may be put any more: brings them into their order.
    [[nodiscard]] std::optional<StoreFailure> sort();
    /// Gives them all, as often as it is asked for. After `sort`.
    [[nodiscard]] std::optional<StoreFailure> each(const Take& take);

private:
    class Impl;
    explicit StandingOrders(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace portcullis::store
