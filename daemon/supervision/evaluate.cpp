#include "supervision/evaluate.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "supervision/box_orders.hpp"
#include "supervision/movement.hpp"
#include "supervision/near.hpp"
#include "supervision/targeting.hpp"
#include "supervision/vehicle_checks.hpp"

namespace portcullis::supervision {
namespace {

/// Collects what the tables find into a verdict.
class VerdictBuilder {
public:
    explicit VerdictBuilder(Verdict verdict) : verdict_(std::move(verdict)) {}

    /// The orders, where they stay until the verdict is finished.
    const std::vector<FoundOrder>& looked_at(std::vector<FoundOrder> orders) {
        verdict_.orders = std::move(orders);
        return verdict_.orders;
    }

    void movement(Movement movement) { verdict_.movement = movement; }

    void add(const Finding& finding, std::optional<Authority> authority = {}, std::optional<std::string> id = {}) {
        const Reason reason{finding.code,  finding.kind,   std::move(authority),
                            std::move(id), finding.result, finding.outcome};
        if (std::find(verdict_.reasons.begin(), verdict_.reasons.end(), reason) == verdict_.reasons.end()) {
            verdict_.reasons.push_back(reason);
        }
        add_once(verdict_.missing, std::string{finding.missing});
    }

    void add(const OrderJudgement& judged) {
        const auto& order = judged.found->order;
        for (const auto& finding : judged.scope) {
            add(finding, order.authority, order.id.text());
        }
        for (const auto& finding : judged.fit) {
            add(finding, order.authority, order.id.text());
        }
        add(judged.status, order.authority, order.id.text());
        verdict_.conditions.insert(verdict_.conditions.end(), judged.conditions.begin(), judged.conditions.end());
        if (judged.status.outcome != VerdictOutcome::release && order.release() != nullptr) {
            add_zone(order.release()->zone);
        }
    }

    void add(const TargetingHit& hit) {
        const auto& order = hit.found->order;
        add(hit.finding, order.authority, order.id.text());
        add_zone(order.targeting()->zone);
        for (const auto& method : order.targeting()->method) {
            add_once(verdict_.methods, method);
        }
    }

    void add_consent(const Authority& authority, ConsentState state) {
        auto& consents = verdict_.consents;
        const auto known = std::find_if(consents.begin(), consents.end(),
                                        [&](const Consent& consent) { return consent.authority == authority; });
        if (known == consents.end()) {
            consents.push_back({authority, state});
        } else if (known->state == ConsentState::given || state == ConsentState::refused) {
            known->state = state;
        }
    }

    void add_claim(const FoundOrder& found, const PassageFacts& facts) {
        const auto& order = found.order;
        verdict_.claims.push_back({{order.authority, order.id, container_of(order), facts.control_point}, order.uses});
    }

    void add_missing(std::string_view fact) { add_once(verdict_.missing, std::string{fact}); }

    void plate(PlateOnOrder found) {
        // In rising force: what one order does not constrain, another may refuse.
        static constexpr std::array force{PlateOnOrder::not_constrained, PlateOnOrder::yes, PlateOnOrder::unknown,
                                          PlateOnOrder::no};
        const auto rank = [](PlateOnOrder value) { return std::find(force.begin(), force.end(), value); };
        if (rank(found) > rank(verdict_.plate_on_order)) {
            verdict_.plate_on_order = found;
        }
    }

    /// The strictest reason decides; it stands first. Only a release takes places.
    Verdict finish() && {
        if (verdict_.reasons.empty()) {
            add({ReasonCode::policy_hold, ReasonKind::policy, VerdictOutcome::hold, Tristate::yes, {}});
        }
        std::stable_sort(verdict_.reasons.begin(), verdict_.reasons.end(),
                         [](const Reason& left, const Reason& right) { return left.outcome > right.outcome; });
        verdict_.outcome = verdict_.reasons.front().outcome;
        if (verdict_.outcome != VerdictOutcome::release) {
            verdict_.claims.clear();
        }
        return std::move(verdict_);
    }

private:
    static void add_once(std::vector<std::string>& list, const std::string& text) {
        if (!text.empty() && std::find(list.begin(), list.end(), text) == list.end()) {
            list.push_back(text);
        }
    }
    void add_zone(const std::optional<std::string>& zone) {
        if (!verdict_.zone) {
            verdict_.zone = zone;
        }
    }

    Verdict verdict_;
};

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

void add_movement(VerdictBuilder& builder, const BoxOrders& box) {
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

void add_box(VerdictBuilder& builder, const BoxOrders& box, const PassageFacts& facts) {
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
        builder.add(without_order(box));
    } else if (box.row == nullptr) {
        // No row says whose yes is needed, so nobody's is enough (contracts.md 6).
        builder.add({ReasonCode::policy_hold, ReasonKind::policy, VerdictOutcome::hold, Tristate::yes, {}});
    }
    add_movement(builder, box);
    add_consents(builder, box);
}

/// So that the order in which a cache finds orders changes nothing.
std::vector<FoundOrder> sorted(std::vector<FoundOrder> orders) {
    std::sort(orders.begin(), orders.end(), [](const FoundOrder& left, const FoundOrder& right) {
        return std::tie(left.order.authority, left.order.id) < std::tie(right.order.authority, right.order.id);
    });
    return orders;
}

/// A release or movement order that was found by a number or plate that nobody read: a release needs an exact match.
bool only_near(const Order& order, const PassageIdentity& identity) {
    if (order.targeting() != nullptr) {
        return false;
    }
    if (const auto container = container_of(order)) {
        return std::none_of(identity.containers.begin(), identity.containers.end(),
                            [&](const IdentifiedContainer& box) { return box.number == *container; });
    }
    const auto read = plates_read(identity);
    return std::find_first_of(read.begin(), read.end(), order.tractor_plates.begin(), order.tractor_plates.end()) ==
           read.end();
}

Verdict basis_of(const Ruleset& ruleset, const PassageFacts& facts, const OrdersFound& found,
                 const DecisionBasis& basis) {
    Verdict verdict;
    verdict.movement = inferred_movement(facts);
    verdict.plate_on_order = PlateOnOrder::not_constrained;
    verdict.ruleset_version = ruleset.version;
    verdict.ruleset_state = basis.ruleset_state;
    verdict.ruleset_age_s = basis.ruleset_age_s;
    verdict.order_cursor = found.cursor;
    verdict.orders_state = found.state;
    verdict.orders_age_s = found.age_s;
    verdict.link_up = basis.link_up;
    verdict.clock_band = basis.clock_band;
    return verdict;
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
    VerdictBuilder builder(basis_of(ruleset, facts, found, basis));
    for (const auto& finding : check_vehicle(facts, found)) {
        builder.add(finding);
    }
    const bool orders_known = !found.failed && !found.empty_cache;
    auto about = orders_known ? sorted(std::move(found.orders)) : std::vector<FoundOrder>{};
    std::erase_if(about, [&](const FoundOrder& order) { return only_near(order.order, facts.identity); });
    const auto& orders = builder.looked_at(std::move(about));
    const auto boxes = orders_by_box(ruleset.policy, facts, orders, basis);
    if (!boxes.empty()) {
        builder.movement(boxes.front().movement);
    }
    for (const auto& hit : targeting_hits(orders, facts, basis)) {
        builder.add(hit);
    }
    // Without a look-up, nothing can be said about the orders of a box: that is not the same as having none.
    for (const auto& box : boxes) {
        if (orders_known || (!found.failed && box.box == nullptr)) {
            add_box(builder, box, facts);
            add_behind(builder, box, found.authorities_behind);
        }
        if (orders_known && box.box != nullptr && facts.fullness != Fullness::empty) {
            add_undeclared(builder, box, orders);
        }
    }
    return std::move(builder).finish();
}

Verdict evaluate(const Ruleset& ruleset, const PassageFacts& facts, OrdersFound found, const DecisionBasis& basis) {
    return evaluate(CompiledRuleset{ruleset}, facts, std::move(found), basis);
}

}  // namespace portcullis::supervision
