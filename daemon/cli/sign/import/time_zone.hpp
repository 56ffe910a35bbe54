#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"

namespace portcullis::sign {

/// A wall clock's time somewhere, as seconds since 1970-01-01 by that clock.
using LocalSeconds = std::chrono::seconds;

/// How far a place's clocks are ahead of UTC, and since when: a fixed offset, or a zone of the system's tz database.
class TimeZone {
public:
    /// `+08:00`, `UTC`, or a name as in `Asia/Shanghai`; otherwise what is wrong with it.
    [[nodiscard]] static Result<TimeZone, std::string> open(const std::string& name);

    /// The time in UTC; otherwise why that time of day is none, or two (clocks put forward or back).
    [[nodiscard]] Result<WallTime, std::string> to_utc(LocalSeconds local) const;

    /// What the clocks there show; nothing beyond what the system's tables hold.
    [[nodiscard]] std::optional<LocalSeconds> to_local(WallTime time) const;

    /// From the bytes of a TZif file (RFC 8536).
    [[nodiscard]] static Result<TimeZone, std::string> read(std::string_view bytes);

private:
    struct Span {
        std::int64_t from;    ///< seconds of UTC
        std::int64_t offset;  ///< of the clocks, from then on
    };
    std::vector<Span> spans_;   ///< ascending; the first holds since ever
    bool rules_go_on_ = false;  ///< clocks change behind the last span, by a rule that is not read
};

}  // namespace portcullis::sign
