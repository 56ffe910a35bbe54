#include "supervision/evaluate.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "supervision/box_case.hpp"
#include "supervision/box_orders.hpp"
#include "supervision/movement.hpp"
#include "supervision/near.hpp"
#include "supervision/passage_cases.hpp"
#include "supervision/passes.hpp"
#include "supervision/ruleset_checks.hpp"
#include "supervision/staleness.hpp"
#include "supervision/targeting.hpp"
#include "supervision/vehicle_checks.hpp"
#include "supervision/verdict_builder.hpp"
#include "supervision/weight.hpp"

namespace portcullis::supervision {
namespace {

Finding without_order(const BoxOrders& box) {
    const bool released = box.row != nullptr && box.row->without_order == WithoutOrder::release;
    if (!released) {
        return {box.box == nullptr ? ReasonCode::policy_hold : ReasonCode::order_missing,
                ReasonKind::policy,
                VerdictOutcome::hold,
                Tristate::yes,
                {}};
    }
    auto code = ReasonCode::policy_admit;
    if (box.box == nullptr) {
        code = ReasonCode::no_box_proved;
    } else if (box.movement == Movement::export_laden) {
        code = ReasonCode::unmatched;
    }
    return {code, ReasonKind::policy, VerdictOutcome::release, Tristate::yes, {}};
}

BoxCoverage coverage_of(const BoxOrders& box) {
    if (!box.words.empty()) {
        return BoxCoverage::matched;
    }
    return without_order(box).code == ReasonCode::policy_admit ? BoxCoverage::no_order_needed : BoxCoverage::unmatched;
}

/// The vehicle's pass, and whether it stood in for anything: only then it is a ground to release.
struct Admission {
    PassFound pass;
    bool stood_in = false;

    [[nodiscard]] bool stands_in(bool for_this) {
        const bool stands = for_this && pass.admits();
        stood_in = stood_in || stands;
        return stands;
    }
};

void add_vehicle(VerdictBuilder& builder, const PassageFacts& facts, const OrdersFound& found, Admission& admission) {
    for (const auto& finding : check_vehicle(facts, found)) {
        if (!admission.stands_in(stands_in_for(admission.pass, facts, finding.code))) {
            builder.add(finding);
        }
    }
}

void add_movement(VerdictBuilder& builder, const BoxOrders& box, Admission& admission) {
    if (admission.stands_in(box.words.empty() && box.movement == Movement::unknown)) {
        return;
    }
    if (box.movements_differ || box.movement == Movement::unknown) {
        builder.add(
            {ReasonCode::movement_unknown, ReasonKind::identity, VerdictOutcome::hold, Tristate::unknown, "movement"});
    }
}

/// A consent that nobody spoke about holds the box, unless `order_missing` says the same already.
void add_consents(VerdictBuilder& builder, const BoxOrders& box) {
    if (box.row == nullptr) {
        return;
    }
    const bool said_already = box.words.empty() && box.row->without_order == WithoutOrder::hold;
    for (const auto& authority : box.row->consents) {
        const auto state = consent_of(box, authority);
        builder.add_consent(authority, state);
        if (state == ConsentState::missing && !said_already) {
            builder.add({ReasonCode::consent_missing, ReasonKind::consent, VerdictOutcome::hold, Tristate::yes, {}},
                        authority);
        }
    }
}

/// Whose batches are missing may have said something else since: only boxes that need that word wait for it.
void add_behind(VerdictBuilder& builder, const BoxOrders& box, const std::vector<Authority>& authorities) {
    for (const auto& authority : authorities) {
        const bool speaks = std::any_of(box.words.begin(), box.words.end(),
                                        [&](const AuthorityWord& word) { return word.authority == authority; });
        const bool is_asked = box.row != nullptr && std::find(box.row->consents.begin(), box.row->consents.end(),
                                                              authority) != box.row->consents.end();
        if (speaks || is_asked) {
            builder.add(
                {ReasonCode::orders_behind, ReasonKind::storage, VerdictOutcome::hold, Tristate::unknown, "orders"},
                authority);
        }
    }
}

/// By what a targeting order finds a box that it does not name. What no release order declares finds none
/// (docs/central/orders.md), and the verdict says that it was not known.
void add_undeclared(VerdictBuilder& builder, const BoxOrders& box, const std::vector<FoundOrder>& orders) {
    bool enterprise = false;
    bool origin = false;
    bool goods = false;
    for (const auto& found : orders) {
        const auto* release = found.order.release();
        if (release != nullptr && release->container == box.box->number) {
            enterprise = enterprise || release->enterprise;
            origin = origin || release->origin;
            goods = goods || release->hs;
        }
    }
    if (!enterprise) {
        builder.add_missing("enterprise");
    }
    if (!origin) {
        builder.add_missing("origin");
    }
    if (!goods) {
        builder.add_missing("hs");
    }
}

void add_box(VerdictBuilder& builder, const BoxOrders& box, const PassageFacts& facts, Admission& admission) {
    for (const auto& word : box.words) {
        for (const auto& judged : word.kept) {
            builder.add(judged);
            builder.plate(plate_on(judged.found->order, facts.identity));
        }
        if (word.granted != nullptr) {
            builder.add_claim(*word.granted, facts);
        }
    }
    if (box.words.empty()) {
        const auto word = without_order(box);
        if (!admission.stands_in(word.outcome == VerdictOutcome::hold)) {
            builder.add(word);
        }
    } else if (box.row == nullptr) {
        // No row says whose yes is needed, so nobody's is enough (contracts.md 6).
        builder.add({ReasonCode::policy_hold, ReasonKind::policy, VerdictOutcome::hold, Tristate::yes, {}});
    }
    add_movement(builder, box, admission);
    add_consents(builder, box);
}

/// A gate without a ruleset has no ladder: what its documents' states are is on record and takes nothing.
void put_states(Verdict& verdict, const Ruleset& ruleset, const OrdersFound& found, const DecisionBasis& basis) {
    verdict.ruleset_state = basis.ruleset_state;
    verdict.orders_state = found.state;
    if (ruleset.version > 0) {
        const auto& limits = ruleset.staleness;
        verdict.ruleset_state = staler(basis.ruleset_state, state_by_age(basis.ruleset_age_s, limits.ruleset));
        verdict.orders_state = staler(found.state, state_by_age(found.age_s, limits.orders));
    }
}

Verdict basis_of(const Ruleset& ruleset, const PassageFacts& facts, const OrdersFound& found,
                 const DecisionBasis& basis) {
    Verdict verdict;
    verdict.movement = inferred_movement(facts);
    verdict.plate_on_order = PlateOnOrder::not_constrained;
    verdict.radiation = facts.measures.radiation;
    verdict.ruleset_version = ruleset.version;
    verdict.ruleset_age_s = basis.ruleset_age_s;
    put_states(verdict, ruleset, found, basis);
    verdict.order_cursor = found.cursor;
    verdict.orders_age_s = found.age_s;
    verdict.link_up = basis.link_up;
    verdict.clock_band = basis.clock_band;
    return verdict;
}

/// What the ruleset says beside the orders and the policy, in the order of its tables.
void add_ruleset(VerdictBuilder& builder, const RulesetScene& scene, std::vector<BoxCase>& cases) {
    add_zone_results(builder, cases);
    settle_sampling(builder, cases);
    add_rules(builder, scene, cases);
    add_sampling(builder, scene, cases);
    if (scene.ruleset.ruleset().version > 0) {
        add_staleness(builder, scene, cases);
    }
}

}  // namespace

OrderQuestion question_for(const PassageFacts& facts) {
    OrderQuestion question;
    for (const auto& container : facts.identity.containers) {
        question.containers.push_back(container.number);
    }
    question.plates = plates_read(facts.identity);
    question.control_point = facts.control_point;
    question.near_containers = near_containers(facts.identity);
    question.near_plates = near_plates(facts.identity);
    return question;
}

Verdict evaluate(const CompiledRuleset& compiled, const PassageFacts& facts, OrdersFound found,
                 const DecisionBasis& basis) {
    const auto& ruleset = compiled.ruleset();
    auto verdict = basis_of(ruleset, facts, found, basis);
    RulesetScene scene{compiled, facts, basis, {}, verdict.ruleset_state, verdict.orders_state};
    VerdictBuilder builder(std::move(verdict));
    Admission admission{pass_for(ruleset, facts, basis)};
    add_vehicle(builder, facts, found, admission);
    const bool known = orders_known(found);
    const auto& orders = builder.looked_at(orders_about(facts, found));
    scene.weight = judge_weight(ruleset.weight, facts, orders, basis);
    builder.weight_delta(scene.weight.delta_kg);
    builder.vehicle_tare(facts.measures.vehicle_tare_kg);
    auto cases = cases_of(ruleset, facts, orders, basis, scene.weight);
    if (!cases.empty()) {
        builder.movement(cases.front().orders().movement);
    }
    add_targeting(builder, targeting_hits(orders, facts, basis), facts.control_point, cases);
    for (const auto& box : cases) {
        if (known || (!found.failed && box.orders().box == nullptr)) {
            add_box(builder, box.orders(), facts, admission);
            add_behind(builder, box.orders(), found.authorities_behind);
        }
        if (known && box.orders().box != nullptr && facts.fullness != Fullness::empty) {
            add_undeclared(builder, box.orders(), orders);
        }
    }
    if (admission.stood_in) {
        builder.add_pass(*admission.pass.known, facts.control_point);
    }
    const bool nothing_to_say = !known && (found.failed || !facts.identity.containers.empty());
    if (nothing_to_say) {
        cases.clear();
    }
    add_ruleset(builder, scene, cases);
    for (auto& box : cases) {
        const auto coverage = coverage_of(box.orders());
        auto box_verdict = std::move(box).take_verdict();
        box_verdict.coverage = coverage;
        builder.add_box(std::move(box_verdict));
    }
    return std::move(builder).finish(facts.control_point);
}

Verdict evaluate(const Ruleset& ruleset, const PassageFacts& facts, OrdersFound found, const DecisionBasis& basis) {
    return evaluate(CompiledRuleset{ruleset}, facts, std::move(found), basis);
}

}  // namespace portcullis::supervision
