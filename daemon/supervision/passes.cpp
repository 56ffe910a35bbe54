#include "supervision/passes.hpp"

#include <algorithm>

namespace portcullis::supervision {
namespace {

bool names_gate(const PassList& list, const std::string& gate) {
    return std::any_of(list.gates.begin(), list.gates.end(),
                       [&](const std::string& one) { return one == "*" || one == gate; });
}

UsageKey place_of(const Pass& pass, const PassageFacts& facts) {
    return {Authority{pass_authority}, OrderId{pass.id}, std::nullopt, facts.control_point};
}

PassState state_of(const Pass& pass, const PassageFacts& facts, const DecisionBasis& basis, const PlacesTaken& taken) {
    const auto earliest = basis.now.wall - basis.clock_band;
    const auto latest = basis.now.wall + basis.clock_band;
    if (earliest < pass.valid_from || latest >= pass.valid_to) {
        return PassState::not_in_force;
    }
    if (!pass.lanes.empty() && std::find(pass.lanes.begin(), pass.lanes.end(), facts.lane) == pass.lanes.end()) {
        return PassState::other_lane;
    }
    const auto minute = facts.measures.minute_of_day;
    if (pass.hours && (!minute || !pass.hours->holds(*minute))) {
        return PassState::other_hours;
    }
    if (pass.count && taken(place_of(pass, facts)) >= *pass.count) {
        return PassState::spent;
    }
    // Whatever leads out, or may, lets nothing out that somebody could have loaded.
    if (facts.way != Way::in && facts.load != Load::none) {
        return PassState::loaded;
    }
    return PassState::admits;
}

}  // namespace

PassFound pass_for(const PassList& list, const PassageFacts& facts, const DecisionBasis& basis,
                   const PlacesTaken& taken) {
    PassFound best;
    if (!facts.identity.tractor || !names_gate(list, facts.gate)) {
        return best;
    }
    for (const auto& pass : list.passes) {
        if (pass.plate != *facts.identity.tractor) {
            continue;
        }
        const auto state = basis.now.wall + basis.clock_band >= list.expires ? PassState::list_expired
                                                                             : state_of(pass, facts, basis, taken);
        if (state < best.state) {
            best = {state, &pass, {}};
        }
    }
    if (best.state == PassState::admits && best.pass->count) {
        best.claim = UsageClaim{place_of(*best.pass, facts), *best.pass->count};
    }
    return best;
}

}  // namespace portcullis::supervision
