#include "supervision/staleness.hpp"

#include <algorithm>
#include <array>

namespace portcullis::supervision {
namespace {

struct Codes {
    DocumentState state;
    ReasonCode ruleset;
    ReasonCode orders;
};

constexpr std::array codes{
    Codes{DocumentState::fresh, ReasonCode::ruleset_ageing, ReasonCode::orders_ageing},
    Codes{DocumentState::ageing, ReasonCode::ruleset_ageing, ReasonCode::orders_ageing},
    Codes{DocumentState::stale, ReasonCode::ruleset_stale, ReasonCode::orders_stale},
    Codes{DocumentState::expired, ReasonCode::ruleset_expired, ReasonCode::orders_expired},
    Codes{DocumentState::unknown, ReasonCode::ruleset_unknown, ReasonCode::orders_unknown},
};

ReasonCode code_of(StalenessRow::Document document, DocumentState state) {
    const auto& row = codes.at(static_cast<std::size_t>(state));
    return document == StalenessRow::Document::ruleset ? row.ruleset : row.orders;
}

}  // namespace

DocumentState state_by_age(std::int64_t age_s, const AgeLimits& limits) {
    const std::chrono::seconds age{age_s};
    if (age <= limits.fresh) {
        return DocumentState::fresh;
    }
    if (age <= limits.ageing) {
        return DocumentState::ageing;
    }
    return age <= limits.stale ? DocumentState::stale : DocumentState::expired;
}

DocumentState staler(DocumentState left, DocumentState right) {
    return std::max(left, right);
}

VerdictOutcome allowed_by(const Staleness& staleness, StalenessRow::Document document, DocumentState state,
                          Movement movement, const std::optional<std::string_view>& enterprise_class) {
    for (const auto& row : staleness.ladder) {
        const bool same_class =
            !row.enterprise_class || (enterprise_class && *row.enterprise_class == *enterprise_class);
        if ((!row.document || *row.document == document) && (!row.state || *row.state == state) &&
            (!row.movement || *row.movement == movement) && same_class) {
            return row.allows;
        }
    }
    const bool young = state == DocumentState::fresh || state == DocumentState::ageing;
    return young ? VerdictOutcome::release : VerdictOutcome::hold;
}

std::optional<Finding> stale_finding(const Staleness& staleness, StalenessRow::Document document, DocumentState state,
                                     Movement movement, const std::optional<std::string_view>& enterprise_class) {
    const auto allowed = allowed_by(staleness, document, state, movement, enterprise_class);
    if (allowed == VerdictOutcome::release) {
        return {};
    }
    const auto result = state == DocumentState::unknown ? Tristate::unknown : Tristate::yes;
    return Finding{code_of(document, state), ReasonKind::staleness, allowed, result, {}};
}

bool tied_to_one_gate(const Order& order, std::string_view gate) {
    const bool one_gate = order.gates.size() == 1 && order.gates.front() != "*";
    const bool own_point = order.control_points.size() == 1 && order.control_points.front().text() == gate;
    return one_gate || own_point;
}

}  // namespace portcullis::supervision
