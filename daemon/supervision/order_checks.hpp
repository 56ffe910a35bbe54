#pragma once

#include "core/facts.hpp"
#include "core/verdict.hpp"
#include "supervision/findings.hpp"

/// Predicates over one release or movement order and one box (or the absence of boxes).
namespace portcullis::supervision {

/// What an order is held against. `box` is null for a vehicle without boxes.
struct OrderAt {
    const FoundOrder& found;
    const IdentifiedContainer* box;
    const PassageFacts& facts;
    const DecisionBasis& basis;
    Tristate beyond_tolerance = Tristate::unknown;  ///< what was weighed, for the order's conditions
};

/// Where the clock stands to an order's validity; `unknown` only inside the clock's error band.
enum class Validity : std::uint8_t { valid, not_yet, expired, unknown };
[[nodiscard]] Validity validity_of(const Order& order, const DecisionBasis& basis);

/// True when the order names neither gates nor control points, or this gate and this control point.
[[nodiscard]] bool is_for_this_gate(const Order& order, const PassageFacts& facts);

/// Whether it is for this way, gate and time, as far as they are known: none of the scope predicates finds anything.
[[nodiscard]] bool speaks_about(const Order& order, const PassageFacts& facts, const DecisionBasis& basis);

/// The movement that a release or movement order names.
[[nodiscard]] Movement movement_of(const Order& order);

/// The container that a release or movement order names, if it names one.
[[nodiscard]] std::optional<ContainerNumber> container_of(const Order& order);

/// Whether the vehicle's tractor, by either of a cross-border vehicle's two plates, is one that the order permits.
[[nodiscard]] PlateOnOrder tractor_on(const Order& order, const PassageIdentity& identity);

/// Whether the vehicle's plates are those that the order permits.
[[nodiscard]] PlateOnOrder plate_on(const Order& order, const PassageIdentity& identity);

/// Its places at this control point that other passages have.
struct PlacesTaken {
    int count = 0;
    bool may_come_back = false;  ///< one of them is only reserved
};
[[nodiscard]] PlacesTaken taken_by_others(const FoundOrder& found, const PassageFacts& facts);

/// One order, judged for one box.
struct OrderJudgement {
    const FoundOrder* found = nullptr;
    Findings scope;  ///< why it does not speak about this passage: other way, other gate, not yet valid, expired
    Findings fit;    ///< why this passage cannot use it: places, plates, proof, conditions
    Finding status;  ///< what the authority said
    std::vector<ConditionResult> conditions;

    [[nodiscard]] bool grants() const {
        return scope.empty() && fit.empty() && status.outcome == VerdictOutcome::release;
    }
    [[nodiscard]] bool revoked() const { return status.code == ReasonCode::order_revoked; }
};

/// Runs the tables of order predicates in their order.
[[nodiscard]] OrderJudgement judge_order(const OrderAt& at);

/// An order for the other way that is used up or expired is history, not a statement about this passage: a box that
/// left on its import release may come back laden for export.
[[nodiscard]] bool is_history(const OrderJudgement& judgement);

}  // namespace portcullis::supervision
