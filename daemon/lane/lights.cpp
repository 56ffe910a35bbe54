#include "lane/lights.hpp"

#include <algorithm>

namespace portcullis::lane {

namespace {

Role role_of(LightHead head) {
    switch (head) {
        case LightHead::light_lane:
            return Role::light_lane;
        case LightHead::light_go:
            return Role::light_go;
    }
    return Role::light_go;
}

}  // namespace

Lights::Lights(const LaneSettings& settings) : life_(settings.command_life) {
    for (const auto head : {LightHead::light_lane, LightHead::light_go}) {
        heads_[static_cast<std::size_t>(head)].wired = settings.has(role_of(head));
    }
}

void Lights::show(LightHead head, LightColour colour, Turn& turn, const std::function<CommandId()>& next_id) {
    auto& light = heads_[static_cast<std::size_t>(head)];
    if (!light.wired) {
        return;
    }
    if (light.wanted != colour) {
        light.wanted = colour;
        light.failures = 0;
        light.again_at.reset();
    }
    const bool waits = light.again_at && turn.instant() < *light.again_at;
    if (light.asked == colour || waits || light.failures >= most_failures) {
        return;
    }
    light.asked = colour;
    light.again_at.reset();
    light.command = next_id();
    turn.light(light.command, role_of(head), colour, turn.instant() + life_);
}

std::optional<LightSeen> Lights::ended(const CommandResult& result, Instant now) {
    const auto light = std::find_if(heads_.begin(), heads_.end(), [&](const Head& head) {
        return head.wired && head.asked && head.command == result.id;
    });
    if (light == heads_.end()) {
        return std::nullopt;
    }
    const auto head = static_cast<LightHead>(light - heads_.begin());
    const auto expected = *light->asked == LightColour::green ? Signal::on : Signal::off;
    LightSeen seen{head, *light->asked, "no"};
    if (result.write == WriteOutcome::done && result.readback == expected) {
        seen.proved = "yes";
    } else if (result.write == WriteOutcome::done && result.readback == Signal::unknown) {
        seen.proved = "unsupervised";
    }
    if (seen.proved == "no") {
        light->asked.reset();
        ++light->failures;
        light->again_at = now + between_tries;
    } else {
        light->failures = 0;
        light->shown = seen.colour;
    }
    if (light->told && light->told->colour == seen.colour && light->told->proved == seen.proved) {
        return std::nullopt;
    }
    light->told = seen;
    return seen;
}

std::vector<LightSeen> Lights::told() const {
    std::vector<LightSeen> all;
    for (const auto& light : heads_) {
        if (light.told) {
            all.push_back(*light.told);
        }
    }
    return all;
}

void Lights::forget(Role output) {
    for (const auto head : {LightHead::light_lane, LightHead::light_go}) {
        if (role_of(head) == output) {
            auto& light = heads_[static_cast<std::size_t>(head)];
            light.asked.reset();
            light.failures = 0;
            light.again_at.reset();
        }
    }
}

std::optional<Instant> Lights::deadline() const {
    std::optional<Instant> first;
    for (const auto& light : heads_) {
        if (light.again_at && light.failures < most_failures && (!first || *light.again_at < *first)) {
            first = light.again_at;
        }
    }
    return first;
}

}  // namespace portcullis::lane
