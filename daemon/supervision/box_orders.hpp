#pragma once

#include <vector>

#include "core/facts.hpp"
#include "core/policy.hpp"
#include "supervision/order_checks.hpp"

/// Which orders speak for a box, and what the authorities and the policy make of them together.
namespace portcullis::supervision {

/// One authority's orders for a box, after those that others replace are dropped: never empty.
struct AuthorityWord {
    Authority authority;
    std::vector<OrderJudgement> kept;     ///< give the reasons
    const FoundOrder* granted = nullptr;  ///< the order whose place a release takes, when this authority says yes
};

/// What is known of one box, or of a vehicle without boxes (`box` null).
struct BoxOrders {
    const IdentifiedContainer* box = nullptr;
    std::vector<AuthorityWord> words;
    Movement movement = Movement::unknown;  ///< of the orders, or inferred when there is none
    bool movements_differ = false;          ///< orders that count name different movements
    const PolicyRow* row = nullptr;         ///< first row that matches, or none
};

/// What orders are held against, whichever box they are for.
struct OrderScene {
    const PassageFacts& facts;
    const DecisionBasis& basis;
    Tristate beyond_tolerance = Tristate::unknown;  ///< what was weighed
    bool without_box = false;                       ///< a pass takes the vehicle as one that carries none
};

/// The orders of every box: an order that names the box; where none does, one that names no container and permits
/// this tractor, for as many boxes as it has places. A vehicle that is proved to have no box, or taken as one, has one
/// entry without box.
[[nodiscard]] std::vector<BoxOrders> orders_by_box(const Policy& policy, const OrderScene& scene,
                                                   const std::vector<FoundOrder>& orders);

/// The first row that matches, or null.
[[nodiscard]] const PolicyRow* policy_row(const Policy& policy, Way way, Load load, Movement movement);

/// `given`, `refused` or `missing` (contracts.md 6, consents).
[[nodiscard]] ConsentState consent_of(const BoxOrders& box, const Authority& authority);

}  // namespace portcullis::supervision
