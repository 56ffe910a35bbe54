#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "core/value.hpp"

namespace portcullis::gate {

/// How far the wall clock may be off: not at all while it is synchronised, and by a band that grows from then on
/// (design.md 4, age). What the last synchronised clock showed outlives the process, so that hours without power count
/// too.
class HoldOver {
public:
    static constexpr std::string_view note_key = "clock";

    /// `note`: what a process before this one left under `note_key`.
    HoldOver(BootId boot, const std::optional<Value>& note);

    /// The clocks were read.
    void see(Now now);
    /// To either side of the wall clock.
    [[nodiscard]] std::chrono::milliseconds band(Now now) const;
    /// Since the clock was synchronised last; nothing when nobody knows.
    [[nodiscard]] std::optional<std::chrono::seconds> since(Now now) const;
    /// What a later process is to know, when it is time to write that down again.
    [[nodiscard]] std::optional<Value> note_due();

private:
    /// What a synchronised clock showed.
    struct Shown {
        BootId boot;
        Instant instant;
        WallTime wall;
    };
    BootId boot_;
    std::optional<Shown> last_;
    std::optional<Instant> noted_;
};

}  // namespace portcullis::gate
