#include <algorithm>
#include <map>
#include <set>

#include "core/config_node.hpp"
#include "simulators/run/program.hpp"

namespace portcullis::run {

namespace {

/// Everything by which two stories could meet in one gate's orders.
std::set<std::string> containers_of(const story::Story& story) {
    std::set<std::string> all;
    for (const auto& order : story.orders) {
        all.insert(order.container);
    }
    for (const auto& happening : story.happenings) {
        for (const auto& order : happening.orders) {
            all.insert(order.container);
        }
    }
    for (const auto& truck : story.trucks) {
        all.insert(truck.containers.begin(), truck.containers.end());
    }
    return all;
}

bool meet(const std::set<std::string>& some, const std::set<std::string>& others) {
    return std::any_of(some.begin(), some.end(), [&](const std::string& one) { return others.contains(one); });
}

std::vector<rig::LanePlan> lanes_for(const std::deque<const story::Story*>& stories, std::size_t stories_per_lane) {
    std::map<story::LaneKind, std::size_t> count;
    for (const auto* story : stories) {
        ++count[story->lane];
    }
    std::vector<rig::LanePlan> lanes;
    std::map<Way, int> numbers;
    for (const auto& [kind, wanted] : count) {
        for (std::size_t i = 0; i * stories_per_lane < wanted; ++i) {
            lanes.push_back({std::string{text_of(kind.way)} + "-" + std::to_string(++numbers[kind.way]), kind});
        }
    }
    return lanes;
}

/// As settings write it; empty for a story without one.
std::string zone_of(const story::Story& story, const rig::LanePlan& lane) {
    return story.zone ? story.zone->name + ": { zone_in: { reader: yard }, zone_out: { lane: " + lane.name +
                            " }, arrive_within: " + duration_text(story.zone->arrive_within) + " }"
                      : "";
}

}  // namespace

std::vector<Cast> cast_stories(const std::vector<story::Story>& stories, const ProgramPlan& plan) {
    struct Group {
        std::deque<const story::Story*> stories;
        std::set<std::string> containers;
        bool alone = false;
    };
    std::vector<Group> groups;
    for (const auto& story : stories) {
        const auto containers = containers_of(story);
        const auto fits = [&](const Group& group) { return !group.alone && !meet(containers, group.containers); };
        auto group = story.alone ? groups.end() : std::find_if(groups.begin(), groups.end(), fits);
        if (group == groups.end()) {
            group = groups.insert(groups.end(), Group{{}, {}, story.alone});
        }
        group->stories.push_back(&story);
        group->containers.insert(containers.begin(), containers.end());
    }
    std::vector<Cast> casts;
    for (auto& group : groups) {
        const auto name = "g" + std::to_string(casts.size() + 1);
        auto lanes = lanes_for(group.stories, plan.stories_per_lane);
        const auto zone = zone_of(*group.stories.front(), lanes.front());
        casts.push_back({{name,
                          plan.folder / name,
                          plan.daemon,
                          plan.sources,
                          std::move(lanes),
                          plan.pace,
                          {},
                          {},
                          zone,
                          group.stories.front()->rulesets},
                         std::move(group.stories)});
    }
    return casts;
}

}  // namespace portcullis::run
