#include "supervision/passes.hpp"

#include <algorithm>

#include "supervision/movement.hpp"

namespace portcullis::supervision {
namespace {

bool names_vehicle(const Pass& pass, const PassageIdentity& identity) {
    return identity.tractor && (pass.plate == *identity.tractor || pass.plate == identity.home_plate);
}

bool holds_in(const Pass& pass, const LaneName& lane) {
    return pass.lanes.empty() || std::find(pass.lanes.begin(), pass.lanes.end(), lane) != pass.lanes.end();
}

/// What may lead out lets nothing out that somebody could have loaded.
bool lets_a_load_out(const PassageFacts& facts) {
    return facts.way != Way::in && !no_box_is_proved(facts);
}

}  // namespace

UsageKey pass_place(const Pass& pass, const ControlPoint& control_point) {
    return {Authority{pass_authority}, OrderId{pass.id}, std::nullopt, control_point};
}

PassState state_of(const KnownPass& known, const PassageFacts& facts, const DecisionBasis& basis) {
    const auto& pass = known.pass;
    const auto earliest = basis.now.wall - basis.clock_band;
    const auto latest = basis.now.wall + basis.clock_band;
    if (!names_vehicle(pass, facts.identity)) {
        return PassState::none;
    }
    if (latest >= facts.measures.passes->expires) {
        return PassState::list_expired;
    }
    if (earliest < pass.valid_from || latest >= pass.valid_to) {
        return PassState::not_in_force;
    }
    if (!holds_in(pass, facts.lane)) {
        return PassState::other_lane;
    }
    const auto minute = facts.measures.minute_of_day;
    if (pass.hours && (!minute || !pass.hours->holds(*minute))) {
        return PassState::other_hours;
    }
    if (pass.count && known.taken >= *pass.count) {
        return PassState::spent;
    }
    return lets_a_load_out(facts) ? PassState::loaded : PassState::admits;
}

PassFound pass_for(const Ruleset& ruleset, const PassageFacts& facts, const DecisionBasis& basis) {
    PassFound best;
    if (ruleset.version == 0 || !facts.measures.passes) {
        return best;
    }
    for (const auto& known : facts.measures.passes->passes) {
        const auto state = state_of(known, facts, basis);
        if (state < best.state) {
            best = {state, &known};
        }
    }
    return best;
}

bool taken_without_box(const PassFound& pass, const PassageFacts& facts) {
    const bool load_known = facts.load != Load::unknown && (facts.load != Load::none || no_box_is_proved(facts));
    const auto& identity = facts.identity;
    return pass.admits() && facts.way == Way::in && !load_known && facts.boxes.value_or(0) == 0 &&
           identity.containers.empty() && identity.invalid_containers.empty();
}

bool stands_in_for(const PassFound& pass, const PassageFacts& facts, ReasonCode code) {
    return (code == ReasonCode::load_unknown || code == ReasonCode::container_unread) && taken_without_box(pass, facts);
}

}  // namespace portcullis::supervision
