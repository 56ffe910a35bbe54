#include <array>
#include <chrono>

#include "settings/load_context.hpp"

namespace portcullis::settings {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr std::size_t most_lanes = 16;

template <class Enum>
void read_mandatory(const ConfigNode& node, std::string_view key, Enum& value, const char* why,
                    ConfigProblems& problems) {
    if (const auto* const member = require_because(node, key, why, problems)) {
        value = member->word<Enum>(problems).value_or(value);
    }
}

struct Limits {
    milliseconds least;
    milliseconds most;
};

void read_time(const ConfigNode& node, std::string_view key, milliseconds& value, Limits limits,
               ConfigProblems& problems) {
    if (const auto* const member = node.find(key)) {
        value = member->duration(problems, limits.least, limits.most);
    }
}

void read_arm(const ConfigNode& lane, ArmSettings& arm, ConfigProblems& problems) {
    const auto* const node = require_because(
        lane, "arm", "say how the barrier board is driven: add `arm: { control: ..., close: ..., ... }`", problems);
    if (node == nullptr || !node->expect(ConfigNode::Kind::map, problems)) {
        return;
    }
    if (const auto* const control = node->find("control")) {
        ConfigProblems told_below;
        const auto given = control->text(told_below);
        if (given == "step" || given == "hold_to_run") {
            control->report(problems,
                            given == "step" ? "what a step input does depends on what the arm did before"
                                            : "hold-to-run is for a person who sees the arm and lets go in time",
                            "drive the board's own inputs: `pulse` or `maintained`");
            node->skip();
            return;
        }
    }
    read_mandatory(*node, "control", arm.control,
                   "say what the board wants: `pulse` (a short contact opens) or `maintained` (open while held)",
                   problems);
    read_mandatory(*node, "close", arm.close,
                   "say who closes the arm: `board_on_clear`, `board_timer` or `daemon_request`", problems);
    read_mandatory(*node, "on_power_loss", arm.on_power_loss,
                   "say what the arm does when its power goes, so that its movement is not taken for a break-in: `up`, "
                   "`down` or `stays`",
                   problems);
    read_mandatory(*node, "on_power_return", arm.on_power_return,
                   "say what the arm does when its power returns: `up`, `down` or `stays`", problems);
    read_time(*node, "up_within", arm.up_within, {500ms, 60s}, problems);
    read_time(*node, "down_within", arm.down_within, {500ms, 60s}, problems);
}

void read_requires(const ConfigNode& lane, LaneSettings& settings, ConfigProblems& problems) {
    const auto* const node =
        require_because(lane, "requires", "say what must be read of each vehicle, as in [plate, container]", problems);
    if (node == nullptr || !node->expect(ConfigNode::Kind::sequence, problems)) {
        return;
    }
    for (const auto& item : node->items()) {
        if (const auto identity = item.word<Identity>(problems)) {
            settings.required.push_back(*identity);
        }
    }
}

void read_times(const ConfigNode& lane, LaneSettings& settings, ConfigProblems& problems) {
    read_time(lane, "identify_within", settings.identify_within, {100ms, 5min}, problems);
    // Trailers drop out between axles: less than a second would let the arm fall on one.
    read_time(lane, "hold", settings.hold, {1s, 60s}, problems);
    read_time(lane, "command_life", settings.command_life, {100ms, 10s}, problems);
    read_time(lane, "abandon_after", settings.abandon_after, {10s, 24h}, problems);
    read_time(lane, "permission_life", settings.permission_life, {5s, 1h}, problems);
    read_time(lane, "gone_after", settings.gone_after, {500ms, 5min}, problems);
    read_time(lane, "radiation_lead", settings.radiation_lead, {1s, 5min}, problems);
}

void read_lane(const std::string& name, const ConfigNode& node, LoadContext& context) {
    auto& problems = context.problems;
    check_key_name(name, node, NameForm::topic, problems);
    if (!node.expect(ConfigNode::Kind::map, problems)) {
        return;
    }
    WiredLane wired;
    auto& lane = wired.lane;
    lane.name = LaneName{name};
    lane.control_point = ControlPoint{context.settings.name};
    read_mandatory(node, "way", lane.way, "say which way vehicles go: `in` or `out`", problems);
    if (const auto* const point = node.find("control_point")) {
        lane.control_point = ControlPoint{read_name(*point, NameForm::topic, problems)};
    }
    read_arm(node, lane.arm, problems);
    read_mandatory(node, "on_inspect", lane.on_inspect,
                   "say where a vehicle goes that is to be inspected: `open`, `divert`, `wait_escort` or `turn_back`",
                   problems);
    read_mandatory(node, "on_hold", lane.on_hold,
                   "say where a vehicle goes that is held: `wait_person`, `divert` or `turn_back`", problems);
    read_mandatory(node, "load", lane.load,
                   "say who is believed about the boxes on a vehicle: `beams`, `line_scanner`, "
                   "`two_readers` or `trust_readers`",
                   problems);
    read_requires(node, lane, problems);
    read_times(node, lane, problems);
    read_roles(node, wired, context);
    check_lane(node, wired, context);
    context.settings.lanes.push_back(std::move(wired));
}

}  // namespace

void read_lanes(const ConfigNode& root, LoadContext& context) {
    const auto* const lanes =
        require_because(root, "lanes", "a gate has at least one lane: add `lanes:`", context.problems);
    if (lanes == nullptr || !lanes->expect(ConfigNode::Kind::map, context.problems)) {
        return;
    }
    for (const auto& [name, node] : lanes->members()) {
        read_lane(name, node, context);
    }
    if (lanes->members().empty() || lanes->members().size() > most_lanes) {
        lanes->report(context.problems, "a gate has 1 to 16 lanes", "use one gate a group of lanes");
    }
    check_wiring(*lanes, context);
}

}  // namespace portcullis::settings
