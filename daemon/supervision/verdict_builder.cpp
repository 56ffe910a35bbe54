#include "supervision/verdict_builder.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "supervision/passes.hpp"
#include "supervision/zone_answers.hpp"

namespace portcullis::supervision {
namespace {

void add_once(std::vector<std::string>& list, std::string_view text) {
    if (!text.empty() && std::find(list.begin(), list.end(), text) == list.end()) {
        list.emplace_back(text);
    }
}

}  // namespace

const std::vector<FoundOrder>& VerdictBuilder::looked_at(std::vector<FoundOrder> orders) {
    verdict_.orders = std::move(orders);
    return verdict_.orders;
}

void VerdictBuilder::add(const Finding& finding, std::optional<Authority> authority, std::optional<std::string> id) {
    Reason reason{finding.code, finding.kind, std::move(authority), std::move(id), finding.result, finding.outcome};
    if (std::find(verdict_.reasons.begin(), verdict_.reasons.end(), reason) == verdict_.reasons.end()) {
        verdict_.reasons.push_back(std::move(reason));
    }
    add_missing(finding.missing);
}

void VerdictBuilder::add(const OrderJudgement& judged) {
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

void VerdictBuilder::add(const TargetingHit& hit) {
    const auto& order = hit.found->order;
    add(hit.finding, order.authority, order.id.text());
    add_inspection(order.targeting()->zone, order.targeting()->method);
}

void VerdictBuilder::add_answered(const std::string& key) {
    add({ReasonCode::zone_answered, ReasonKind::zone, VerdictOutcome::release, Tristate::no, {}}, {}, key);
}

void VerdictBuilder::add_inspection(const std::optional<std::string>& zone, const std::vector<std::string>& methods) {
    add_zone(zone);
    for (const auto& method : methods) {
        add_once(verdict_.methods, method);
    }
}

void VerdictBuilder::add_consent(const Authority& authority, ConsentState state) {
    auto& consents = verdict_.consents;
    const auto known = std::find_if(consents.begin(), consents.end(),
                                    [&](const Consent& consent) { return consent.authority == authority; });
    if (known == consents.end()) {
        consents.push_back({authority, state});
    } else if (known->state == ConsentState::given || state == ConsentState::refused) {
        known->state = state;
    }
}

void VerdictBuilder::add_claim(const FoundOrder& found, const PassageFacts& facts) {
    const auto& order = found.order;
    UsageKey key{order.authority, order.id, container_of(order), facts.control_point};
    const auto others = std::count_if(verdict_.claims.begin(), verdict_.claims.end(),
                                      [&](const UsageClaim& claim) { return claim.key == key; });
    verdict_.claims.push_back({std::move(key), order.uses, static_cast<int>(others) + 1});
}

void VerdictBuilder::add_pass(const KnownPass& known, const ControlPoint& control_point) {
    add({ReasonCode::pass_admitted, ReasonKind::pass, VerdictOutcome::release, Tristate::yes, {}}, {}, known.pass.id);
    if (known.pass.count) {
        add_claim({pass_place(known.pass, control_point), *known.pass.count});
        verdict_.pass_places = known.places;
    }
}

void VerdictBuilder::add_missing(std::string_view fact) {
    add_once(verdict_.missing, fact);
}

void VerdictBuilder::plate(PlateOnOrder found) {
    // In rising force: what one order does not constrain, another may refuse.
    static constexpr std::array force{PlateOnOrder::not_constrained, PlateOnOrder::yes, PlateOnOrder::unknown,
                                      PlateOnOrder::no};
    const auto rank = [](PlateOnOrder value) { return std::find(force.begin(), force.end(), value); };
    if (rank(found) > rank(verdict_.plate_on_order)) {
        verdict_.plate_on_order = found;
    }
}

Verdict VerdictBuilder::finish(const ControlPoint& control_point) && {
    // What was answered is no ground to release.
    const auto& reasons = verdict_.reasons;
    if (std::all_of(reasons.begin(), reasons.end(),
                    [](const Reason& reason) { return reason.code == ReasonCode::zone_answered; })) {
        add({ReasonCode::policy_hold, ReasonKind::policy, VerdictOutcome::hold, Tristate::yes, {}});
    }
    std::stable_sort(verdict_.reasons.begin(), verdict_.reasons.end(),
                     [](const Reason& left, const Reason& right) { return left.outcome > right.outcome; });
    verdict_.outcome = verdict_.reasons.front().outcome;
    auto& claims = verdict_.claims;
    if (verdict_.outcome == VerdictOutcome::release) {
        auto answers = answer_claims(verdict_.boxes, control_point);
        claims.insert(claims.end(), std::make_move_iterator(answers.begin()), std::make_move_iterator(answers.end()));
    } else {
        claims.clear();
    }
    return std::move(verdict_);
}

void VerdictBuilder::add_zone(const std::optional<std::string>& zone) {
    if (!verdict_.zone) {
        verdict_.zone = zone;
    }
}

}  // namespace portcullis::supervision
