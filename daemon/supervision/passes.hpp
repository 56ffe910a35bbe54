#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

#include "core/enum_text.hpp"
#include "core/facts.hpp"
#include "core/passes.hpp"
#include "core/verdict.hpp"

/// Vehicles that come in without an order (白名单). A pass speaks about the vehicle, never about a box on it.
namespace portcullis::supervision {

/// What a pass list makes of a vehicle. Where several passes name its plate, the one that admits; else the one that
/// comes nearest, in this order.
enum class PassState : std::uint8_t {
    admits,
    loaded,       ///< a load, or an unknown one, in a lane that leads out
    spent,        ///< as often here as it counts
    other_hours,  ///< or the gate's own time is not known
    other_lane,
    not_in_force,  ///< not yet, or no longer, or not surely within the clock's error band
    list_expired,
    none  ///< no pass of this vehicle, or its plate is not known
};

struct PassFound {
    PassState state = PassState::none;
    const Pass* pass = nullptr;
    /// The place that a passage takes of a pass with a count: reserved and used as an order's is.
    std::optional<UsageClaim> claim;
};

/// Who has signed a pass is no authority of orders: its places are kept under this name.
inline constexpr auto pass_authority = "passes";

/// Places of a pass that are taken at this lane's control point.
using PlacesTaken = std::function<int(const UsageKey&)>;

[[nodiscard]] PassFound pass_for(const PassList& list, const PassageFacts& facts, const DecisionBasis& basis,
                                 const PlacesTaken& taken);

}  // namespace portcullis::supervision
