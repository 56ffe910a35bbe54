#include "supervision/targeting.hpp"

#include <algorithm>
#include <string>

#include "supervision/kleene.hpp"
#include "supervision/movement.hpp"
#include "supervision/near.hpp"
#include "supervision/order_checks.hpp"
#include "supervision/prefixes.hpp"

namespace portcullis::supervision {
namespace {

Tristate plate_matches(const PlateNumber& wanted, const PassageIdentity& identity) {
    const auto& others = identity.other_plates;
    if (identity.tractor == wanted || identity.trailer == wanted ||
        std::find(others.begin(), others.end(), wanted) != others.end()) {
        return Tristate::yes;
    }
    return identity.tractor ? Tristate::no : Tristate::unknown;
}

Tristate container_matches(const ContainerNumber& wanted, const IdentifiedContainer* box, const PassageFacts& facts) {
    if (box == nullptr) {
        return no_box_is_proved(facts) ? Tristate::no : Tristate::unknown;
    }
    return box->number == wanted ? Tristate::yes : Tristate::no;
}

Tristate goods_match(const std::string& prefix, const std::optional<std::vector<std::string>>& codes) {
    if (!codes) {
        return Tristate::unknown;
    }
    auto result = Tristate::no;
    for (const auto& code : *codes) {
        result = either(result, has_prefix(code, prefix));
    }
    return result;
}

Tristate text_matches(const std::string& wanted, const std::optional<std::string>& declared) {
    if (!declared) {
        return Tristate::unknown;
    }
    return *declared == wanted ? Tristate::yes : Tristate::no;
}

/// What one declaration says about the goods that a targeting order names; a box without any leaves it unknown.
Tristate declaration_matches(const TargetingMatch& match, const ReleaseOrder* declared) {
    static const ReleaseOrder nothing_declared{};
    const auto& order = declared != nullptr ? *declared : nothing_declared;
    auto result = Tristate::yes;
    if (match.enterprise) {
        result = both(result, text_matches(*match.enterprise, order.enterprise));
    }
    if (match.origin) {
        result = both(result, text_matches(*match.origin, order.origin));
    }
    if (match.hs) {
        result = both(result, goods_match(*match.hs, order.hs));
    }
    return result;
}

Tristate declarations_match(const TargetingMatch& match, const IdentifiedContainer* box, const PassageFacts& facts,
                            const std::vector<FoundOrder>& orders) {
    if (!match.enterprise && !match.origin && !match.hs) {
        return Tristate::yes;
    }
    if (box == nullptr && no_box_is_proved(facts)) {
        return Tristate::no;
    }
    bool declared = false;
    auto result = Tristate::no;
    for (const auto& found : orders) {
        const auto* release = found.order.release();
        if (release != nullptr && box != nullptr && release->container == box->number) {
            declared = true;
            result = either(result, declaration_matches(match, release));
        }
    }
    return declared ? result : declaration_matches(match, nullptr);
}

Tristate matches(const TargetingMatch& match, const IdentifiedContainer* box, const PassageFacts& facts,
                 const std::vector<FoundOrder>& orders) {
    auto result = declarations_match(match, box, facts, orders);
    if (match.container) {
        result = both(result, container_matches(*match.container, box, facts));
    }
    if (match.plate) {
        result = both(result, plate_matches(*match.plate, facts.identity));
    }
    return result;
}

/// One box that matches is enough; a vehicle without a number is asked as a whole.
Tristate matches_vehicle(const TargetingMatch& match, const PassageFacts& facts,
                         const std::vector<FoundOrder>& orders) {
    if (facts.identity.containers.empty()) {
        return matches(match, nullptr, facts, orders);
    }
    auto result = Tristate::no;
    for (const auto& box : facts.identity.containers) {
        result = either(result, matches(match, &box, facts, orders));
    }
    return result;
}

/// The same at one confusable character: of what it names as container or plate, one is near and the other matches.
Tristate matches_nearly(const TargetingMatch& match, const PassageFacts& facts, const std::vector<FoundOrder>& orders) {
    const auto among = [](const auto& near, const auto& wanted) {
        return wanted && std::find(near.begin(), near.end(), *wanted) != near.end();
    };
    auto result = Tristate::no;
    if (among(near_containers(facts.identity), match.container)) {
        auto rest = match;
        rest.container.reset();
        result = either(result, matches_vehicle(rest, facts, orders));
    }
    if (among(near_plates(facts.identity), match.plate)) {
        auto rest = match;
        rest.plate.reset();
        result = either(result, matches_vehicle(rest, facts, orders));
    }
    return result;
}

TargetingHit hit_of(const FoundOrder& found, Tristate result, bool nearly) {
    const bool holds = found.order.targeting()->action == TargetingAction::hold && !nearly;
    const auto exact = holds ? ReasonCode::targeting_hold : ReasonCode::targeting_inspect;
    return {&found,
            {nearly ? ReasonCode::targeting_near : exact,
             ReasonKind::targeting,
             holds ? VerdictOutcome::hold : VerdictOutcome::inspect,
             result,
             {}}};
}

/// A `once` order has acted: a vehicle that it stopped was released by a result and has gone past.
bool is_spent(const FoundOrder& found, const ControlPoint& control_point) {
    const auto key = spent_place(found.order, control_point);
    return key && std::any_of(found.usage.begin(), found.usage.end(),
                              [&](const Usage& place) { return place.key == *key && place.state == UsageState::used; });
}

Tristate in_force(const Order& order, const PassageFacts& facts, const DecisionBasis& basis) {
    if (order.revoked || !is_for_this_gate(order, facts)) {
        return Tristate::no;
    }
    switch (validity_of(order, basis)) {
        case Validity::valid:
            return Tristate::yes;
        case Validity::unknown:
            return Tristate::unknown;
        case Validity::not_yet:
        case Validity::expired:
            break;
    }
    return Tristate::no;
}

}  // namespace

std::optional<UsageKey> spent_place(const Order& order, const ControlPoint& control_point) {
    constexpr std::size_t longest_id = 128;
    const auto* targeting = order.targeting();
    auto id = order.authority.text() + ":" + order.id.text();
    if (targeting == nullptr || !targeting->once || id.size() > longest_id) {
        return std::nullopt;
    }
    return UsageKey{Authority{std::string{targeting_authority}}, OrderId{std::move(id)}, std::nullopt, control_point};
}

std::vector<TargetingHit> targeting_hits(const std::vector<FoundOrder>& orders, const PassageFacts& facts,
                                         const DecisionBasis& basis) {
    std::vector<TargetingHit> hits;
    for (const auto& found : orders) {
        const auto* targeting = found.order.targeting();
        if (targeting == nullptr || targeting->action == TargetingAction::watch ||
            is_spent(found, facts.control_point)) {
            continue;
        }
        const auto force = in_force(found.order, facts, basis);
        const auto exact = both(force, matches_vehicle(targeting->match, facts, orders));
        const auto nearly = both(force, matches_nearly(targeting->match, facts, orders));
        // What was not read cannot be excluded; a reading that is near says more than that.
        if (exact != Tristate::yes && nearly != Tristate::no) {
            hits.push_back(hit_of(found, nearly, true));
        } else if (exact != Tristate::no) {
            hits.push_back(hit_of(found, exact, false));
        }
    }
    return hits;
}

}  // namespace portcullis::supervision
