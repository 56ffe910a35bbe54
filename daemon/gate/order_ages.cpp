// Of the order desk: how old its orders are, and what that is told as.
#include <algorithm>
#include <utility>

#include "gate/order_desk.hpp"
#include "supervision/staleness.hpp"

namespace portcullis::gate {

/// The clock may be set back; what signed documents prove stays past.
WallTime OrderDesk::time(WallTime wall) const {
    return std::max(wall, terms_.trust.time_floor.value_or(wall));
}

/// A batch that was applied was the newest then. In a quiet night none comes, and the timestamp says that none is
/// missing: of every authority whose orders are here it must name the newest.
std::optional<WallTime> OrderDesk::current_at() const {
    const auto& trust = terms_.trust;
    if (!applied_at_ || !trust.named_at) {
        return applied_at_;
    }
    const bool none_missing = std::all_of(trust.named.begin(), trust.named.end(), [&](const auto& named) {
        const auto chain = chains_.find(named.first);
        return chain != chains_.end() && chain->second.number >= named.second.version;
    });
    const bool all_named = std::all_of(chains_.begin(), chains_.end(), [&](const auto& chain) {
        return chain.second.number == 0 || trust.named.contains(chain.first);
    });
    return none_missing && all_named ? std::max(*applied_at_, *trust.named_at) : *applied_at_;
}

std::optional<std::int64_t> OrderDesk::age_s(WallTime now) const {
    const auto current = current_at();
    if (!current) {
        return std::nullopt;
    }
    return std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(time(now) - *current).count());
}

DocumentState OrderDesk::state(WallTime now) const {
    const auto age = age_s(now);
    const auto limits = ports_.order_limits ? ports_.order_limits() : std::nullopt;
    if (!age) {
        return DocumentState::unknown;
    }
    return limits ? supervision::state_by_age(*age, *limits) : DocumentState::fresh;
}

std::vector<Authority> OrderDesk::behind() const {
    std::vector<Authority> authorities;
    std::transform(behind_.begin(), behind_.end(), std::back_inserter(authorities),
                   [](const auto& gap) { return gap.first; });
    return authorities;
}

/// Only where a ruleset says how old is too old.
void OrderDesk::watch_state(Now now) {
    if (!ports_.order_limits || !ports_.order_limits()) {
        return;
    }
    const auto age = age_s(now.wall);
    std::string state{age ? text_of(this->state(now.wall)) : "missing"};
    if (told_state_ == state) {
        return;
    }
    record({"document.state", "gate", now,
            Object{{"kind", "orders"},
                   {"state", state},
                   {"age_s", age ? Value{*age} : Value{"unknown"}},
                   {"expires", "none"}},
            std::nullopt});
    told_state_ = std::move(state);
}

}  // namespace portcullis::gate
