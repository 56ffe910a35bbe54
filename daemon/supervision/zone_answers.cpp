#include "supervision/zone_answers.hpp"

#include <algorithm>

#include "supervision/kleene.hpp"

namespace portcullis::supervision {
namespace {

bool contains(const std::vector<std::string>& list, std::string_view text) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

constexpr Finding hold(ReasonCode code) {
    return {code, ReasonKind::zone, VerdictOutcome::hold, Tristate::yes, {}};
}

}  // namespace

Tristate carries_new_seals(const BoxMeasures& box) {
    const auto& given = box.zone_result->new_seals;
    if (given.empty()) {
        return Tristate::yes;
    }
    if (box.seals_read.empty()) {
        return Tristate::unknown;
    }
    return truth(std::all_of(box.seals_read.begin(), box.seals_read.end(),
                             [&](const std::string& read) { return contains(given, read); }));
}

bool names(const BoxMeasures* box, std::string_view key) {
    return box != nullptr && box->zone_result && box->zone_result->result == ZoneResultState::pass &&
           contains(box->zone_result->answers, key) && !contains(box->answered_before, key);
}

bool answers(const BoxMeasures* box, std::string_view key) {
    return names(box, key) && carries_new_seals(*box) == Tristate::yes;
}

UsageKey answer_place(std::string_view result, const ContainerNumber& container, const ControlPoint& control_point) {
    return {Authority{std::string{result_authority}}, OrderId{std::string{result}}, container, control_point};
}

std::vector<UsageClaim> answer_claims(const std::vector<BoxVerdict>& boxes, const ControlPoint& control_point) {
    std::vector<UsageClaim> claims;
    for (const auto& box : boxes) {
        if (box.container && box.zone_result && !box.answered.empty()) {
            claims.push_back({answer_place(*box.zone_result, *box.container, control_point), 1});
        }
    }
    return claims;
}

std::optional<Finding> result_finding(const BoxMeasures* box) {
    if (box == nullptr || !box->zone_result) {
        return {};
    }
    switch (box->zone_result->result) {
        case ZoneResultState::treat:
            return hold(ReasonCode::zone_result_treat);
        case ZoneResultState::fail:
            return hold(ReasonCode::zone_result_fail);
        case ZoneResultState::pass:
        case ZoneResultState::none:
            break;
    }
    return {};
}

Finding seal_finding(const BoxMeasures& box) {
    const bool differs = carries_new_seals(box) == Tristate::no;
    return {ReasonCode::zone_seal_differs, ReasonKind::zone, VerdictOutcome::inspect,
            differs ? Tristate::yes : Tristate::unknown, differs ? "" : "seal"};
}

}  // namespace portcullis::supervision
