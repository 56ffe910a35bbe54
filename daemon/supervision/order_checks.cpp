#include "supervision/order_checks.hpp"

#include <algorithm>
#include <array>

#include "supervision/conditions.hpp"
#include "supervision/movement.hpp"

namespace portcullis::supervision {
namespace {

constexpr Finding hold(ReasonCode code, ReasonKind kind = ReasonKind::order) {
    return {code, kind, VerdictOutcome::hold, Tristate::yes, {}};
}

constexpr Finding unknown(ReasonCode code, ReasonKind kind, std::string_view missing) {
    return {code, kind, VerdictOutcome::hold, Tristate::unknown, missing};
}

template <class Item>
bool contains(const std::vector<Item>& list, const Item& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

// ---- scope: does the order speak about this passage?

void other_way(const OrderAt& at, Findings& findings) {
    const auto way = way_of(movement_of(at.found.order));
    if (way && at.facts.way != Way::unknown && at.facts.way != *way) {
        findings.push_back(hold(ReasonCode::order_other_way));
    }
}

void other_gate(const OrderAt& at, Findings& findings) {
    if (!is_for_this_gate(at.found.order, at.facts)) {
        findings.push_back(hold(ReasonCode::order_other_gate));
    }
}

void not_yet_valid(const OrderAt& at, Findings& findings) {
    if (validity_of(at.found.order, at.basis) == Validity::not_yet) {
        findings.push_back(hold(ReasonCode::order_not_yet_valid));
    }
}

void expired(const OrderAt& at, Findings& findings) {
    if (validity_of(at.found.order, at.basis) == Validity::expired) {
        findings.push_back(hold(ReasonCode::order_expired));
    }
}

// ---- fit: can this passage use it?

void clock_band(const OrderAt& at, Findings& findings) {
    if (validity_of(at.found.order, at.basis) == Validity::unknown) {
        findings.push_back(unknown(ReasonCode::clock_band, ReasonKind::clock, "clock"));
    }
}

/// A place that this passage has reserved itself is its own. A reserved place may come back, a used one does not.
void places_taken(const OrderAt& at, Findings& findings) {
    const auto taken = taken_by_others(at.found, at.facts);
    if (taken.count >= at.found.order.uses) {
        findings.push_back(hold(taken.may_come_back ? ReasonCode::order_reserved : ReasonCode::order_used));
    }
}

void plates(const OrderAt& at, Findings& findings) {
    switch (plate_on(at.found.order, at.facts.identity)) {
        case PlateOnOrder::no:
            findings.push_back(hold(ReasonCode::plate_not_on_order));
            break;
        case PlateOnOrder::unknown:
            findings.push_back(unknown(ReasonCode::plate_unread, ReasonKind::order, "plate"));
            break;
        case PlateOnOrder::yes:
        case PlateOnOrder::not_constrained:
            break;
    }
}

void emptiness(const OrderAt& at, Findings& findings) {
    if (is_empty_movement(movement_of(at.found.order)) && at.facts.fullness != Fullness::empty) {
        findings.push_back(unknown(ReasonCode::empty_unproved, ReasonKind::order, "fullness"));
    }
}

/// The order's movement is checked against what is seen (design.md 1, movement).
void movement_fits(const OrderAt& at, Findings& findings) {
    const auto movement = movement_of(at.found.order);
    const bool laden_but_empty = is_laden_movement(movement) && at.facts.fullness == Fullness::empty;
    const bool box_but_none = movement == Movement::no_box && at.box != nullptr;
    if (laden_but_empty || box_but_none) {
        findings.push_back(hold(ReasonCode::movement_unknown));
    } else if (movement == Movement::unknown) {
        findings.push_back(unknown(ReasonCode::movement_unknown, ReasonKind::order, "movement"));
    }
}

/// Nothing admits for ever: an end that is not said is unknown, and unknown never releases.
void end_said(const OrderAt& at, Findings& findings) {
    if (!at.found.order.valid_to) {
        findings.push_back(unknown(ReasonCode::condition_unknown, ReasonKind::order, "valid_to"));
    }
}

/// An order for any box of a size needs that size to be read; the wrong size is no candidate at all.
void size_read(const OrderAt& at, Findings& findings) {
    const auto* movement = at.found.order.movement();
    if (movement != nullptr && !movement->container && movement->size_type && at.box != nullptr &&
        at.box->size_type.empty()) {
        findings.push_back(unknown(ReasonCode::condition_unknown, ReasonKind::condition, "size_type"));
    }
}

/// What the order itself asks for. The conditions were judged before.
void add_conditions(const OrderAt& at, OrderJudgement& judgement) {
    const auto* release = at.found.order.release();
    if (release == nullptr) {
        return;
    }
    for (const auto& condition : release->conditions) {
        const auto state = condition_met(condition, at);
        judgement.conditions.push_back({condition.kind, state});
        if (state == Tristate::unknown) {
            judgement.fit.push_back(unknown(ReasonCode::condition_unknown, ReasonKind::condition, "condition"));
        } else if (state == Tristate::no && waits_for_result(condition, at)) {
            judgement.fit.push_back(hold(ReasonCode::zone_result_missing, ReasonKind::zone));
        } else if (state == Tristate::no) {
            judgement.fit.push_back(hold(ReasonCode::condition_unmet, ReasonKind::condition));
        }
    }
}

using OrderCheck = void (*)(const OrderAt&, Findings&);

/// A new rule about an order is one function and one row.
constexpr std::array<OrderCheck, 4> scope_checks{other_way, other_gate, not_yet_valid, expired};
constexpr std::array<OrderCheck, 7> fit_checks{clock_band,    places_taken, plates,   emptiness,
                                               movement_fits, end_said,     size_read};

Finding status_of(const Order& order) {
    if (order.revoked) {
        return hold(ReasonCode::order_revoked);
    }
    const auto* release = order.release();
    if (release == nullptr) {
        return {ReasonCode::order_released, ReasonKind::order, VerdictOutcome::release, Tristate::yes, {}};
    }
    switch (release->status) {
        case ReleaseStatus::released:
            return {ReasonCode::order_released, ReasonKind::order, VerdictOutcome::release, Tristate::yes, {}};
        case ReleaseStatus::inspect:
            return {ReasonCode::order_inspect, ReasonKind::order, VerdictOutcome::inspect, Tristate::yes, {}};
        case ReleaseStatus::treat:
            return {ReasonCode::order_treat, ReasonKind::order, VerdictOutcome::inspect, Tristate::yes, {}};
        case ReleaseStatus::return_:
            return hold(ReasonCode::order_return);
        case ReleaseStatus::revoked:
            return hold(ReasonCode::order_revoked);
        case ReleaseStatus::held:
            break;
    }
    return hold(ReasonCode::order_held);
}

PlateOnOrder plate_on_list(const std::vector<PlateNumber>& permitted, const std::optional<PlateNumber>& read) {
    if (permitted.empty()) {
        return PlateOnOrder::not_constrained;
    }
    if (!read) {
        return PlateOnOrder::unknown;
    }
    return contains(permitted, *read) ? PlateOnOrder::yes : PlateOnOrder::no;
}

}  // namespace

Validity validity_of(const Order& order, const DecisionBasis& basis) {
    const auto earliest = basis.now.wall - basis.clock_band;
    const auto latest = basis.now.wall + basis.clock_band;
    if (latest < order.valid_from) {
        return Validity::not_yet;
    }
    if (order.valid_to && earliest > *order.valid_to) {
        return Validity::expired;
    }
    const bool surely_begun = earliest >= order.valid_from;
    const bool surely_not_over = !order.valid_to || latest <= *order.valid_to;
    return surely_begun && surely_not_over ? Validity::valid : Validity::unknown;
}

bool is_for_this_gate(const Order& order, const PassageFacts& facts) {
    const bool gate =
        order.gates.empty() || contains(order.gates, facts.gate) || contains(order.gates, std::string{"*"});
    const bool point = order.control_points.empty() || contains(order.control_points, facts.control_point);
    return gate && point;
}

bool speaks_about(const Order& order, const PassageFacts& facts, const DecisionBasis& basis) {
    const auto way = way_of(movement_of(order));
    const bool this_way = !way || facts.way == Way::unknown || facts.way == *way;
    const auto validity = validity_of(order, basis);
    return this_way && is_for_this_gate(order, facts) && validity != Validity::not_yet && validity != Validity::expired;
}

PlacesTaken taken_by_others(const FoundOrder& found, const PassageFacts& facts) {
    PlacesTaken taken;
    for (const auto& usage : found.usage) {
        const bool others = usage.passage != facts.passage && usage.key.control_point == facts.control_point;
        if (others && usage.state != UsageState::free) {
            ++taken.count;
            taken.may_come_back = taken.may_come_back || usage.state == UsageState::reserved;
        }
    }
    return taken;
}

Movement movement_of(const Order& order) {
    if (const auto* release = order.release()) {
        return release->movement;
    }
    if (const auto* movement = order.movement()) {
        return movement->movement;
    }
    return Movement::unknown;
}

std::optional<ContainerNumber> container_of(const Order& order) {
    if (const auto* release = order.release()) {
        return release->container;
    }
    const auto* movement = order.movement();
    return movement != nullptr ? movement->container : std::nullopt;
}

PlateOnOrder tractor_on(const Order& order, const PassageIdentity& identity) {
    const auto tractor = plate_on_list(order.tractor_plates, identity.tractor);
    const bool by_home = tractor == PlateOnOrder::no && identity.home_plate;
    return by_home ? plate_on_list(order.tractor_plates, identity.home_plate) : tractor;
}

PlateOnOrder plate_on(const Order& order, const PassageIdentity& identity) {
    const auto tractor = tractor_on(order, identity);
    const auto trailer = plate_on_list(order.trailer_plates, identity.trailer);
    for (const auto strictest : {PlateOnOrder::no, PlateOnOrder::unknown, PlateOnOrder::yes}) {
        if (tractor == strictest || trailer == strictest) {
            return strictest;
        }
    }
    return PlateOnOrder::not_constrained;
}

OrderJudgement judge_order(const OrderAt& at) {
    OrderJudgement judgement;
    judgement.found = &at.found;
    for (const auto check : scope_checks) {
        check(at, judgement.scope);
    }
    for (const auto check : fit_checks) {
        check(at, judgement.fit);
    }
    add_conditions(at, judgement);
    judgement.status = status_of(at.found.order);
    return judgement;
}

bool is_history(const OrderJudgement& judgement) {
    const auto has = [](const Findings& findings, ReasonCode code) {
        return std::any_of(findings.begin(), findings.end(), [&](const Finding& found) { return found.code == code; });
    };
    return has(judgement.scope, ReasonCode::order_other_way) &&
           (has(judgement.scope, ReasonCode::order_expired) || has(judgement.fit, ReasonCode::order_used));
}

}  // namespace portcullis::supervision
