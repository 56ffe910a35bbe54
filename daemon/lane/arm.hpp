#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/command.hpp"
#include "core/enum_text.hpp"
#include "core/ids.hpp"
#include "core/lane_settings.hpp"
#include "core/time.hpp"
#include "core/vocabulary.hpp"

namespace portcullis::lane {

/// events.md, arm.moved: where an arm goes to.
enum class ArmTarget : std::uint8_t { up, down, moving_up, moving_down, unknown };
/// events.md, arm.fault.
enum class ArmFault : std::uint8_t { no_movement, limit_not_reached, contradict, unasked, slow };

/// A settled position, or a fault that ends a movement.
struct ArmMoved {
    ArmTarget from = ArmTarget::unknown;
    ArmTarget to = ArmTarget::unknown;
    ArmMoveCause cause = ArmMoveCause::unknown;
    std::optional<PermissionId> permission;
    std::chrono::milliseconds travel{};
};

struct ArmFaultSeen {
    ArmFault kind = ArmFault::no_movement;
    std::chrono::milliseconds after{};
};

/// What a look at the limits, or the clock, brought.
struct ArmNews {
    std::optional<ArmMoved> moved;
    std::vector<ArmFaultSeen> faults;
    bool motion = false;  ///< a limit let go or was reached: the Interlock may command again
};

[[nodiscard]] bool closes(ArmCommand command);

/// What two limit switches say about an arm, and why it moves. It commands nothing.
class ArmMonitor {
public:
    explicit ArmMonitor(ArmSettings settings) : settings_(settings) {}

    /// The limits were read. `presence` is under the arm: an arm that leaves its closed limit unasked over a vehicle
    /// was forced.
    [[nodiscard]] ArmNews see(Presence open_limit, Presence closed_limit, Presence presence, Instant now);
    /// A command is on its way to the arm: motion from now on has a cause, and a time to arrive.
    void commanded(ArmCommand command, std::optional<PermissionId> permission, Instant now);
    /// The command was not written: what moved since was not commanded.
    [[nodiscard]] ArmNews not_commanded();
    /// Has an arm that was asked, or moves, taken too long?
    [[nodiscard]] ArmNews tick(Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

    [[nodiscard]] ArmPosition position() const { return position_; }
    /// It comes down, be it slowly. One that has not arrived for twice its time stands somewhere between.
    [[nodiscard]] bool lowering(Instant now) const;
    /// Neither limit, and nothing that still travels: it stands somewhere between.
    [[nodiscard]] bool stuck() const { return position_ == ArmPosition::moving && (!travel_ || travel_->reported); }
    /// A command is under way: asked, and neither arrived nor given up.
    [[nodiscard]] bool busy() const { return asked_.has_value(); }
    [[nodiscard]] Instant since() const { return since_; }

private:
    struct Travel {
        bool up = false;
        ArmMoveCause cause = ArmMoveCause::unknown;
        std::optional<PermissionId> permission;
        Instant from;
        bool reported = false;  ///< limit_not_reached was said
        bool over = false;      ///< something was, or may have been, under the arm when it left its limit
    };
    struct Asked {
        ArmCommand command = ArmCommand::up;
        std::optional<PermissionId> permission;
        Instant at;
        bool between = false;          ///< the arm stood between its limits: that it travels is not seen
        std::optional<Travel> before;  ///< its travel, had it not been asked
    };

    [[nodiscard]] std::chrono::milliseconds within() const;
    void leave(ArmPosition settled, Presence presence, Instant now, ArmNews& news);
    [[nodiscard]] ArmMoveCause unasked(const Travel& travel, ArmNews& news) const;
    void arrive(ArmTarget to, Instant now, ArmNews& news);

    ArmSettings settings_;
    ArmPosition position_ = ArmPosition::unknown;
    ArmTarget last_settled_ = ArmTarget::unknown;
    Instant since_;
    std::optional<Asked> asked_;
    std::optional<Travel> travel_;
    std::optional<Travel> told_;  ///< since the newest command, and told as its doing
};

}  // namespace portcullis::lane

namespace portcullis {

template <>
inline constexpr auto enum_texts<lane::ArmTarget> = std::to_array<EnumText<lane::ArmTarget>>({
    {lane::ArmTarget::up, "up"},
    {lane::ArmTarget::down, "down"},
    {lane::ArmTarget::moving_up, "moving_up"},
    {lane::ArmTarget::moving_down, "moving_down"},
    {lane::ArmTarget::unknown, "unknown"},
});
template <>
inline constexpr auto enum_texts<lane::ArmFault> = std::to_array<EnumText<lane::ArmFault>>({
    {lane::ArmFault::no_movement, "no_movement"},
    {lane::ArmFault::limit_not_reached, "limit_not_reached"},
    {lane::ArmFault::contradict, "contradict"},
    {lane::ArmFault::unasked, "unasked"},
    {lane::ArmFault::slow, "slow"},
});

}  // namespace portcullis
