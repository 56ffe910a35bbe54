#include "lane/inputs.hpp"

#include <algorithm>

namespace portcullis::lane {

InputImage::InputImage(const std::set<Role>& wired) {
    for (const auto role : wired) {
        inputs_[static_cast<std::size_t>(role)].wired = true;
    }
}

Edge InputImage::see(Role role, InputSeen seen, Instant now) {
    auto& input = inputs_[static_cast<std::size_t>(role)];
    const auto before = input.level;
    auto after = before;
    switch (seen.signal) {
        case Signal::on:
            after = Presence::occupied;
            break;
        case Signal::off:
            after = seen.equal_reads >= 2 ? Presence::clear : before;
            break;
        case Signal::unknown:
            after = Presence::unknown;
            break;
    }
    input.settled = seen.signal != Signal::unknown && seen.equal_reads >= 2;
    if (after == before) {
        return Edge::none;
    }
    input.level = after;
    input.since = now;
    switch (after) {
        case Presence::occupied:
            return Edge::rose;
        case Presence::clear:
            return before == Presence::occupied ? Edge::fell : Edge::none;
        case Presence::unknown:
            return Edge::lost;
    }
    return Edge::none;
}

Presence InputImage::level(Role role) const {
    return at(role).wired ? at(role).level : Presence::clear;
}

Presence InputImage::under_arm() const {
    const auto loop = level(Role::arm_loop);
    const auto beam = level(Role::arm_beam);
    if (loop == Presence::occupied || beam == Presence::occupied) {
        return Presence::occupied;
    }
    if (loop == Presence::unknown || beam == Presence::unknown) {
        return Presence::unknown;
    }
    return Presence::clear;
}

Role InputImage::arm_sensor() const {
    const bool loop = on(Role::arm_loop) || (wired(Role::arm_loop) && !on(Role::arm_beam));
    return loop ? Role::arm_loop : Role::arm_beam;
}

bool InputImage::clear_for(std::chrono::milliseconds hold, Instant now) const {
    const auto when = clear_at(hold);
    return when && now >= *when;
}

std::optional<Instant> InputImage::clear_at(std::chrono::milliseconds hold) const {
    if (under_arm() != Presence::clear) {
        return std::nullopt;
    }
    Instant newest;
    for (const auto sensor : {Role::arm_loop, Role::arm_beam}) {
        if (wired(sensor)) {
            newest = std::max(newest, at(sensor).since);
        }
    }
    return newest + hold;
}

bool InputImage::all_settled() const {
    return std::all_of(vital_inputs.begin(), vital_inputs.end(), [&](Role role) { return settled(role); });
}

bool InputImage::any_unknown() const {
    return std::any_of(vital_inputs.begin(), vital_inputs.end(),
                       [&](Role role) { return level(role) == Presence::unknown; });
}

bool InputImage::anything_there() const {
    return std::any_of(presence_inputs.begin(), presence_inputs.end(), [&](Role role) { return on(role); });
}

}  // namespace portcullis::lane
