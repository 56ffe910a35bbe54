#include <algorithm>
#include <chrono>

#include "settings/load_context.hpp"

namespace portcullis::settings {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_portals = 16;
/// More than any monitor counts before it says that it cannot.
constexpr std::int64_t most_cps = 10'000'000;

WiredLane* lane_of(const std::string& name, const ConfigNode& node, LoadContext& context) {
    std::vector<std::string_view> names;
    for (auto& lane : context.settings.lanes) {
        if (lane.lane.name.text() == name) {
            return &lane;
        }
        names.emplace_back(lane.lane.name.text());
    }
    node.report(context.problems, "there is no lane `" + name + "`", nearest_help(name, names));
    return nullptr;
}

void read_portal_lanes(const ConfigNode& portal, PortalSettings& settings, LoadContext& context) {
    const auto* const lanes = require_because(
        portal, "lanes", "say to which lanes its vehicles go, as in `lanes: [in-1, in-2]`", context.problems);
    if (lanes == nullptr || !lanes->expect(ConfigNode::Kind::sequence, context.problems)) {
        return;
    }
    for (const auto& item : lanes->items()) {
        const auto name = item.text(context.problems);
        if (!name.empty() && lane_of(name, item, context) != nullptr) {
            settings.lanes.emplace_back(name);
        }
    }
    if (lanes->items().empty()) {
        lanes->report(context.problems, "the list is empty", "name the lanes behind the portal");
    }
}

void read_portal_readers(const ConfigNode& portal, PortalSettings& settings, LoadContext& context) {
    const auto* const readers = portal.find("readers");
    if (readers == nullptr || !readers->expect(ConfigNode::Kind::map, context.problems)) {
        return;
    }
    for (const auto& [name, node] : readers->members()) {
        const auto role = enum_from<Role>(name);
        if (!role || kind_of(*role) != RoleKind::reader) {
            node.report(context.problems, "`" + name + "` is no role of a reader",
                        "write one of plate_front, plate_rear, container_front, container_rear, container_left, "
                        "container_right, container_roof, tag_reader, ...");
            node.skip();
            continue;
        }
        const auto device = read_reader_of(wanted_of(*role), name, node, context);
        if (!device.empty()) {
            settings.readers.push_back({*role, device});
        }
    }
}

/// What a lane sees is the lane's; a portal's vehicles are not in any lane yet.
void check_not_in_a_lane(const PortalSettings& portal, const ConfigNode& node, LoadContext& context) {
    const auto check = [&](const DeviceName& device) {
        for (const auto& lane : context.settings.lanes) {
            for (const auto& reader : lane.readers) {
                if (reader.device == device) {
                    node.report(context.problems,
                                "`" + device.text() + "` plays `" + lane.lane.name.text() + "." +
                                    std::string{text_of(reader.role)} + "` already",
                                "name a device of the portal's own");
                }
            }
        }
        for (const auto& other : context.settings.portals) {
            const bool reads = std::ranges::any_of(
                other.readers, [&device](const PortalReader& reader) { return reader.device == device; });
            if (other.radiation == device || reads) {
                node.report(context.problems,
                            "`" + device.text() + "` stands at the portal `" + other.name.text() + "` already",
                            "name a device of the portal's own");
            }
        }
    };
    if (!portal.radiation.empty()) {
        check(portal.radiation);
    }
    for (const auto& reader : portal.readers) {
        check(reader.device);
    }
}

void read_travel(const ConfigNode& portal, PortalSettings& settings, ConfigProblems& problems) {
    const auto* const travel = require_because(
        portal, "travel",
        "say how long a vehicle takes from here to a lane, as in `travel: { least: 10 s, most: 2 min }`", problems);
    if (travel == nullptr || !travel->expect(ConfigNode::Kind::map, problems)) {
        return;
    }
    if (const auto* const least = travel->require("least", problems)) {
        settings.travel_least = least->duration(problems, 0ms, 10min);
    }
    if (const auto* const most = travel->require("most", problems)) {
        settings.travel_most = most->duration(problems, 1s, 2h);
    }
    if (settings.travel_most <= settings.travel_least) {
        travel->report(problems, "the longest travel is not longer than the shortest", "let `most` be larger");
    }
}

void read_portal(const std::string& name, const ConfigNode& node, LoadContext& context) {
    auto& problems = context.problems;
    check_key_name(name, node, NameForm::topic, problems);
    if (!node.expect(ConfigNode::Kind::map, problems)) {
        return;
    }
    PortalSettings portal;
    portal.name = PortalName{name};
    if (const auto* const way = require_because(node, "way", "say which way vehicles go: `in` or `out`", problems)) {
        const auto word = way->word<LaneWay>(problems).value_or(LaneWay::in);
        portal.way = word == LaneWay::in ? Way::in : Way::out;
    }
    read_portal_lanes(node, portal, context);
    if (const auto* const loop = node.find("loop")) {
        if (const auto wired = read_loop(*loop, context)) {
            portal.loop = PortalLoop{wired->device, wired->setup};
        }
    }
    if (const auto* const monitor = node.find("radiation")) {
        portal.radiation = read_monitor(*monitor, context);
    }
    read_portal_readers(node, portal, context);
    if (node.find("loop") == nullptr && node.find("radiation") == nullptr && node.find("readers") == nullptr) {
        node.report(problems, "nothing at this portal sees a vehicle", "add `loop`, `radiation`, or `readers`");
    }
    read_travel(node, portal, problems);
    if (const auto* const gap = node.find("gap")) {
        portal.gap = gap->duration(problems, 500ms, 60s);
    }
    check_not_in_a_lane(portal, node, context);
    context.settings.portals.push_back(std::move(portal));
}

/// Who requires it and has nothing that measures would hold every vehicle.
void check_required(const ConfigNode& root, LoadContext& context) {
    const auto* const lanes = root.find("lanes");
    for (const auto& wired : context.settings.lanes) {
        const auto& lane = wired.lane;
        const bool required = std::ranges::find(lane.required, Identity::radiation) != lane.required.end();
        const bool ahead =
            std::ranges::any_of(lane.portals, [](const PortalAhead& portal) { return !portal.radiation.empty(); });
        const auto* const node = lanes == nullptr ? nullptr : lanes->find(lane.name.text());
        if (required && !ahead && !lane.has(Role::radiation) && node != nullptr) {
            node->report(context.problems, "the lane `requires` radiation and nothing measures it",
                         "wire the role `radiation`, or name the lane in a portal that has a monitor");
        }
    }
}

}  // namespace

DeviceName read_monitor(const ConfigNode& node, LoadContext& context) {
    const auto name = node.text(context.problems);
    const auto* const facts = name.empty() ? nullptr : facts_of(name, node, context);
    if (facts != nullptr && !facts->measures_radiation) {
        node.report(context.problems, "`" + name + "` is no radiation monitor",
                    "name a device whose driver is radiation_lines or radiation_registers");
    }
    return DeviceName{name};
}

void read_radiation(const ConfigNode& root, LoadContext& context) {
    const auto* const node = root.find("radiation");
    if (node == nullptr || !node->expect(ConfigNode::Kind::map, context.problems)) {
        return;
    }
    auto& radiation = context.settings.radiation;
    if (const auto* const high = node->find("high_gamma_cps")) {
        radiation.limits.high_gamma_cps = high->integer(context.problems, 1, most_cps);
    }
    if (const auto* const every = node->find("test_every")) {
        const bool never = every->kind() == ConfigNode::Kind::scalar && every->text(context.problems) == "never";
        radiation.test_every = never ? std::nullopt : std::optional{every->duration(context.problems, 1h, 31 * 24h)};
    }
    for (auto& lane : context.settings.lanes) {
        lane.lane.radiation = radiation.limits;
    }
}

void read_portals(const ConfigNode& root, LoadContext& context) {
    const auto* const portals = root.find("portals");
    if (portals != nullptr && portals->expect(ConfigNode::Kind::map, context.problems)) {
        for (const auto& [name, node] : portals->members()) {
            read_portal(name, node, context);
        }
        if (portals->members().size() > most_portals) {
            portals->report(context.problems, "a gate has at most 16 portals", "use one gate a group of lanes");
        }
    }
    for (const auto& portal : context.settings.portals) {
        for (const auto& name : portal.lanes) {
            for (auto& lane : context.settings.lanes) {
                if (lane.lane.name == name) {
                    lane.lane.portals.push_back({portal.name, portal.radiation, portal.lanes.size() > 1,
                                                 portal.travel_least, portal.travel_most});
                }
            }
        }
    }
    check_required(root, context);
}

}  // namespace portcullis::settings
