#pragma once

#include <array>
#include <cstdint>

#include "core/enum_text.hpp"
#include "core/facts.hpp"
#include "core/passes.hpp"
#include "core/reason_code.hpp"
#include "core/ruleset.hpp"
#include "core/verdict.hpp"

namespace portcullis::supervision {

/// What becomes of one pass at this passage, the one that comes nearest to admitting first.
enum class PassState : std::uint8_t {
    admits,
    loaded,       ///< a load, or one that is not proved to be none, in a lane that leads out or may
    spent,        ///< as often here as it counts
    other_hours,  ///< or the gate's own time is not known
    other_lane,
    not_in_force,  ///< not yet, or no longer, or not surely within the clock's error band
    list_expired,
    none  ///< no pass of this vehicle, or its plate is not known
};
}  // namespace portcullis::supervision
template <>
inline constexpr auto portcullis::enum_texts<portcullis::supervision::PassState> =
    std::to_array<portcullis::EnumText<portcullis::supervision::PassState>>({
        {portcullis::supervision::PassState::admits, "admits"},
        {portcullis::supervision::PassState::loaded, "loaded"},
        {portcullis::supervision::PassState::spent, "spent"},
        {portcullis::supervision::PassState::other_hours, "other_hours"},
        {portcullis::supervision::PassState::other_lane, "other_lane"},
        {portcullis::supervision::PassState::not_in_force, "not_in_force"},
        {portcullis::supervision::PassState::list_expired, "list_expired"},
        {portcullis::supervision::PassState::none, "none"},
    });

/// Vehicles that come in without an order (白名单; docs/passes.md). A pass speaks about the vehicle: it stands in for
/// what nobody has said, and never for what somebody has.
namespace portcullis::supervision {

struct PassFound {
    PassState state = PassState::none;
    const KnownPass* known = nullptr;  ///< of the facts

    [[nodiscard]] bool admits() const { return state == PassState::admits; }
};

/// Who has signed a pass is no authority of orders: its places are kept under this name.
inline constexpr auto pass_authority = "passes";

/// The place that a passage takes of a pass with a count: reserved and used as an order's is.
[[nodiscard]] UsageKey pass_place(const Pass& pass, const ControlPoint& control_point);

/// By itself, whatever other passes the vehicle has.
[[nodiscard]] PassState state_of(const KnownPass& known, const PassageFacts& facts, const DecisionBasis& basis);

/// Of the vehicle's passes the first that comes nearest to admitting it. Without a ruleset nothing is released, and
/// no pass counts.
[[nodiscard]] PassFound pass_for(const Ruleset& ruleset, const PassageFacts& facts, const DecisionBasis& basis);

/// Nothing of a box was seen, and what the vehicle carries is not known: a pass that admits takes it as a vehicle
/// without a box. Silence that hides a box is what whoever signed the pass answers for.
[[nodiscard]] bool taken_without_box(const PassFound& pass, const PassageFacts& facts);

/// A reason about the vehicle in whose place that pass stands.
[[nodiscard]] bool stands_in_for(const PassFound& pass, const PassageFacts& facts, ReasonCode code);

}  // namespace portcullis::supervision
