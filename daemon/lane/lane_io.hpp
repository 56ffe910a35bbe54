#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/command.hpp"
#include "core/event.hpp"
#include "core/facts.hpp"
#include "core/ids.hpp"
#include "core/observation.hpp"
#include "core/order.hpp"
#include "core/portal.hpp"
#include "core/radiation.hpp"
#include "core/role.hpp"
#include "core/sign.hpp"
#include "core/verdict.hpp"

/// What goes into a lane and what comes out of it. A lane decides and touches nothing.
namespace portcullis::lane {

class PortalTransits;

// ---- in

/// A device that plays `role` in this lane saw something.
struct Observed {
    Role role = Role::arrival_loop;
    Observation observation;
};

/// The answer to `Decide`. A verdict whose `ask` is not the newest of its passage is ignored.
struct VerdictReady {
    PassageId passage;
    std::uint32_t ask = 0;
    Verdict verdict;
};

/// Names one `Record` of this lane.
struct Ticket {
    std::uint64_t number = 0;
    friend auto operator<=>(const Ticket&, const Ticket&) = default;
};

/// A `Record` is durable. Only now may what depends on it act. `order_cursor` is the newest one now: when it is
/// above the verdict's, the lane decides again before an arm goes up (design.md 3, commit before move).
struct Committed {
    Ticket ticket;
    std::int64_t order_cursor = 0;
};

/// The journal cannot write: out of service until it can. What was recorded meanwhile waits in the gate's bounded
/// queue.
struct JournalLost {};
struct JournalBack {};

/// What became of a `Perform`.
struct CommandEnded {
    CommandResult result;
};

/// Orders were applied: passages that wait ask again.
struct OrdersChanged {
    std::int64_t order_cursor = 0;
};

/// `deadline()` has come.
struct DeadlineReached {};

/// A person knows of the lane's radiation alarm: it is latched no longer. Nothing opens by it.
struct RadiationAcknowledged {
    Object actor;  ///< the actor block
};

/// A portal whose transits this lane claims has a new one, or one that changed hands.
struct TransitsChanged {
    PortalName portal;
};

using Input = std::variant<Observed, VerdictReady, Committed, JournalLost, JournalBack, CommandEnded, OrdersChanged,
                           DeadlineReached, RadiationAcknowledged, TransitsChanged>;

/// Where a lane runs: the gate's name, and this start of the machine, whose steady clock is that of no other start.
struct LaneHome {
    std::string gate;
    BootId boot;
    PortalTransits* portals = nullptr;  ///< of the gate, before its lanes; null: no portals
};

// ---- out

/// A change of the places of an order, written in the same transaction as the record's events.
struct UsageChange {
    UsageKey key;
    PassageId passage;
    UsageState to = UsageState::reserved;
    int place = 1;  ///< as Usage
};

/// A note that survives a restart, kept in the journal's database by the record's transaction. Keys are the lane's
/// own (`passage/<id>`, `command/<n>`); no body = forget. The body may hold event tokens: the journal writer puts the
/// sequences in.
struct MemoryChange {
    std::string key;
    std::optional<Value> body;
};

/// One transaction: all of it becomes durable, or nothing.
struct Record {
    Ticket ticket;
    std::vector<Event> events;
    std::vector<UsageChange> usage;
    std::vector<MemoryChange> memory;
};

/// An output to move. The gate maps the role to a device's point.
struct Perform {
    Command command;
};

/// What a `Perform` asked for is not wanted any more: if its device has not written it, it is not to. Its
/// `CommandEnded` comes all the same.
struct Withdraw {
    CommandId command;
    Role output = Role::arm_up;
};

/// Look the orders up and evaluate; the answer comes back as `VerdictReady`.
struct Decide {
    PassageId passage;
    std::uint32_t ask = 0;
    PassageFacts facts;
};

/// Ask these readers and cameras for a capture (readers that trigger themselves ignore it).
struct Capture {
    PassageId passage;
    std::vector<Role> readers;
};

/// What the lane's sign is to say from now on; the newest counts. Nothing comes back: a sign does not confirm, and it
/// never replaces a red light.
struct ShowText {
    SignMessage message;
};

using Action = std::variant<Record, Perform, Withdraw, Decide, Capture, ShowText>;

/// One note of the lane as the journal's database held it at start.
struct Memory {
    std::string key;
    Value body;
};

/// What dashboards and `portcullis status` show of a lane; never evidence.
struct LaneView {
    LaneMode mode = LaneMode::recovering;
    struct Passage {
        PassageId id;
        PassageState state = PassageState::arriving;
        std::string identity;  ///< `闽D12345 CSQU3054383`, or empty
        std::string verdict;   ///< word of the outcome, or `none`
    };
    std::vector<Passage> passages;
    ArmPosition arm = ArmPosition::unknown;
    LightColour light_go = LightColour::off;
    LightColour light_lane = LightColour::off;
    /// Of an alarm that no person has acknowledged; `none` = there is none.
    RadiationLevel radiation_alarm = RadiationLevel::none;
    std::string why;                         ///< one line: why is this truck not moving
    std::int64_t detections_unrecorded = 0;  ///< vehicles seen to arrive while the journal could not write, ever
};

}  // namespace portcullis::lane
