#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/time.hpp"

namespace portcullis {

/// A condition that began or ended (events.md, condition.began).
struct ConditionChange {
    std::string_view name;
    Instant since;
    std::int64_t value = 0;
    bool ended = false;
};

/// A state that matters by how long it lasts: begins when it has held for `after`, ends when it no longer holds.
class ConditionWatch {
public:
    ConditionWatch(std::string_view name, std::chrono::milliseconds after) : name_(name), after_(after) {}

    /// `since` = from when it has held, or nothing. `value` is a count that belongs to it.
    [[nodiscard]] std::optional<ConditionChange> watch(std::optional<Instant> since, std::int64_t value, Instant now);
    /// When it begins if nothing changes.
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    std::string_view name_;
    std::chrono::milliseconds after_;
    std::optional<Instant> since_;
    std::optional<Instant> begun_;
};

}  // namespace portcullis
