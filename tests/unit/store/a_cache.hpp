#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "store/order_cache.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::store::testing {

inline constexpr auto noon = WallTime{std::chrono::hours{20'000 * 24 + 12}};

inline std::unique_ptr<OrderCache> open_cache(const std::filesystem::path& directory, std::size_t slice = 50,
                                              const std::string& file_system = {}) {
    OrderCacheSettings settings;
    settings.directory = directory;
    settings.file_system = file_system;
    settings.changes_in_slice = slice;
    auto opened = OrderCache::open(settings);
    if (!opened) {
        FAIL(opened.error().message);
    }
    return std::move(opened).value();
}

inline ContainerNumber box(const std::string& text) {
    return ContainerNumber::parse(text).value();
}
inline PlateNumber plate(const std::string& text) {
    return PlateNumber::parse(text).value();
}

/// A valid number for each serial.
inline ContainerNumber box_number(int serial) {
    auto digits = std::to_string(serial);
    digits.insert(0, 6 - digits.size(), '0');
    for (char check = '0'; check <= '9'; ++check) {
        if (const auto number = ContainerNumber::parse("TEMU" + digits + check)) {
            return *number;
        }
    }
    throw std::logic_error{"every serial has a check digit"};
}

inline OrderChange put(const std::string& id, const std::string& status, std::optional<ContainerNumber> container,
                       const std::string& body = "{}") {
    OrderRow row;
    row.id = OrderId{id};
    row.status = status;
    row.body = body;
    row.container = container;
    return {row, std::nullopt};
}

inline OrderChange target(const std::string& id, TargetingKeyKind kind, const std::string& key) {
    auto change = put(id, "targeting", std::nullopt);
    change.put->targeting = {kind, key};
    return change;
}

inline OrderChange revocation(const std::string& id, WallTime decided = noon) {
    return {std::nullopt, Revocation{OrderId{id}, "mistake", "A113", decided}};
}

inline OrderBatchRows batch(std::int64_t number, std::vector<OrderChange> changes, WallTime now = noon,
                            const std::string& authority = "ciq") {
    OrderBatchRows rows;
    rows.authority = Authority{authority};
    rows.number = number;
    rows.hash.fill(static_cast<std::uint8_t>(number));
    rows.now = now;
    rows.changes = std::move(changes);
    return rows;
}

inline BatchApplied apply(OrderCache& cache, OrderBatchRows rows) {
    cache.begin(std::move(rows));
    for (;;) {
        const auto slice = cache.apply_slice();
        if (!slice) {
            FAIL(slice.error().message);
        }
        if (*slice) {
            return **slice;
        }
    }
}

inline CacheAnswer look_up(OrderCache& cache, const std::vector<ContainerNumber>& boxes,
                           const std::vector<PlateNumber>& plates = {}, WallTime now = noon) {
    auto answer = cache.look_up({boxes, plates, ControlPoint{"g07"}}, now);
    if (!answer) {
        FAIL(answer.error().message);
    }
    return std::move(answer).value();
}

/// `ciq/R-1 customs/C-1`
inline std::string found(const CacheAnswer& answer) {
    std::string text;
    for (const auto& order : answer.orders) {
        text += (text.empty() ? "" : " ") + order.authority.text() + "/" + order.id.text();
    }
    return text;
}

}  // namespace portcullis::store::testing
