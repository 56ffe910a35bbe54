#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/command.hpp"
#include "core/enum_text.hpp"
#include "core/ids.hpp"
#include "core/lane_settings.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "core/vocabulary.hpp"

namespace portcullis::lane {

/// What the Interlock looks at, twice: when a command is planned and recorded, and again right before it goes out.
struct ArmScene {
    ArmPosition position = ArmPosition::unknown;
    bool limits_settled = false;  ///< two equal reads of both limits
    Presence presence = Presence::unknown;
    bool clear_for_hold = false;
    bool in_service = false;  ///< lane automatic, journal writing
    bool busy = false;        ///< an earlier command is neither arrived nor given up
    bool lowering = false;
    bool may_stop = false;  ///< journal writing: a lane out of service may still stop its arm, for that moves nothing
};

/// Why an arm is not commanded.
enum class Refusal : std::uint8_t {
    out_of_service,
    no_permission,
    not_closed,
    busy,
    no_motion,
    presence,
    already_down,
    board_closes,
    not_wired,
    not_lowering,
    expired
};

/// A `single` permission: one vehicle, once. It counts only after the record that began it is durable.
class Permission {
public:
    Permission(PermissionId id, Instant until) : id_(id), until_(until) {}
    [[nodiscard]] PermissionId id() const { return id_; }
    [[nodiscard]] Instant until() const { return until_; }
    [[nodiscard]] bool live() const { return committed_ && !ended_; }
    [[nodiscard]] bool ended() const { return ended_; }
    void commit() { committed_ = true; }
    void end() { ended_ = true; }

private:
    PermissionId id_;
    Instant until_;
    bool committed_ = false;
    bool ended_ = false;
};

/// A command that the Interlock allowed when it was recorded; not yet one that may go out.
class ArmPlan {
public:
    [[nodiscard]] CommandId id() const { return id_; }
    [[nodiscard]] ArmCommand command() const { return command_; }
    [[nodiscard]] const std::optional<PermissionId>& permission() const { return permission_; }
    [[nodiscard]] Instant not_after() const { return not_after_; }

private:
    friend class Interlock;
    ArmPlan(CommandId id, ArmCommand command, std::optional<PermissionId> permission, Instant not_after)
        : id_(id), command_(command), permission_(permission), not_after_(not_after) {}
    CommandId id_;
    ArmCommand command_;
    std::optional<PermissionId> permission_;
    Instant not_after_;
};

/// A command that may go out now. Only the Interlock makes one, and only from one is an arm output ever moved.
class ArmOrder {
public:
    [[nodiscard]] const Command& command() const { return command_; }

private:
    friend class Interlock;
    explicit ArmOrder(Command command) : command_(command) {}
    Command command_;
};

/// The only maker of arm up, arm stop, down request and hold release (design.md 3, 10: invariants 1 and 2).
class Interlock {
public:
    explicit Interlock(const LaneSettings& settings);

    using Plan = Result<ArmPlan, Refusal>;
    using Order = Result<ArmOrder, Refusal>;

    /// An up would be allowed now.
    [[nodiscard]] bool allows_up(const ArmScene& scene) const { return !refuse_up(scene); }
    /// Up for `permission`, which begins in the same record as the plan.
    [[nodiscard]] Plan plan_up(CommandId id, const Permission& permission, const ArmScene& scene, Instant now) const;
    /// A close: a down request, or letting go of a held open contact.
    [[nodiscard]] Plan plan_close(CommandId id, const ArmScene& scene, Instant now) const;
    /// Stop while the arm lowers onto something.
    [[nodiscard]] Plan plan_stop(CommandId id, const ArmScene& scene, Instant now) const;

    /// The plan's record is durable: looks at everything again, and gives the command once.
    [[nodiscard]] Order confirm(const ArmPlan& plan, const Permission* permission, const ArmScene& scene, Instant now);

    /// The arm was seen to move: commands may be given again.
    void motion_seen() { without_motion_ = 0; }
    /// The command given last never reached the arm: it does not count as one without motion.
    void not_written() { without_motion_ = without_motion_ > 0 ? without_motion_ - 1 : 0; }

    /// So many commands in a row may stay without motion before the arm is left alone (domain.md 7: waving arms).
    static constexpr int most_without_motion = 3;

private:
    [[nodiscard]] std::optional<Refusal> refuse_up(const ArmScene& scene) const;
    [[nodiscard]] std::optional<Refusal> refuse_close(const ArmScene& scene) const;
    [[nodiscard]] static std::optional<Refusal> refuse_stop(const ArmScene& scene);
    [[nodiscard]] ArmOrder make(const ArmPlan& plan);

    ArmSettings arm_;
    bool stop_wired_;
    bool down_wired_;
    std::chrono::milliseconds life_;
    int without_motion_ = 0;
    std::optional<PermissionId> last_up_;  ///< one command a permission
};

}  // namespace portcullis::lane

namespace portcullis {

template <>
inline constexpr auto enum_texts<lane::Refusal> = std::to_array<EnumText<lane::Refusal>>({
    {lane::Refusal::out_of_service, "out_of_service"},
    {lane::Refusal::no_permission, "no_permission"},
    {lane::Refusal::not_closed, "not_closed"},
    {lane::Refusal::busy, "busy"},
    {lane::Refusal::no_motion, "no_motion"},
    {lane::Refusal::presence, "presence"},
    {lane::Refusal::already_down, "already_down"},
    {lane::Refusal::board_closes, "board_closes"},
    {lane::Refusal::not_wired, "not_wired"},
    {lane::Refusal::not_lowering, "not_lowering"},
    {lane::Refusal::expired, "expired"},
});

}  // namespace portcullis
