#include <algorithm>
#include <chrono>

#include "settings/load_context.hpp"

namespace portcullis::settings {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_zones = 16;
constexpr std::size_t longest_zone_name = 64;

/// As orders and rulesets write it.
bool is_zone_name(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
               c == '.';
    };
    return !text.empty() && text.size() <= longest_zone_name && std::ranges::all_of(text, allowed) &&
           text.front() != '-' && text.front() != '.';
}

void check_lane_exists(const std::string& name, const ConfigNode& node, LoadContext& context) {
    std::vector<std::string_view> names;
    for (const auto& lane : context.settings.lanes) {
        names.emplace_back(lane.lane.name.text());
    }
    if (!name.empty() && std::ranges::find(names, name) == names.end()) {
        node.report(context.problems, "there is no lane `" + name + "`", nearest_help(name, names));
    }
}

/// A lane's reader sees the vehicles of that lane: as a door of its own it would see the lane's as well.
void check_not_a_lanes(const DeviceName& reader, const ConfigNode& node, LoadContext& context) {
    for (const auto& lane : context.settings.lanes) {
        for (const auto& wired : lane.readers) {
            if (wired.device == reader) {
                const auto& name = lane.lane.name.text();
                node.report(
                    context.problems,
                    "`" + reader.text() + "` plays `" + name + "." + std::string{text_of(wired.role)} + "` already",
                    "write `lane: " + name + "`, or name a reader of the zone's own");
            }
        }
    }
}

std::optional<ZoneDoor> read_door(const ConfigNode& zone, std::string_view key, LoadContext& context) {
    const auto* const node = zone.find(key);
    if (node == nullptr || !node->expect(ConfigNode::Kind::map, context.problems)) {
        return std::nullopt;
    }
    const auto* const lane = node->find("lane");
    const auto* const reader = node->find("reader");
    if ((lane == nullptr) == (reader == nullptr)) {
        node->report(context.problems, "a door of a zone is a lane or a reader",
                     "write `{ lane: NAME }` or `{ reader: DEVICE }`");
        return std::nullopt;
    }
    ZoneDoor door;
    if (lane != nullptr) {
        door.lane = LaneName{lane->text(context.problems)};
        check_lane_exists(door.lane.text(), *lane, context);
    } else {
        door.reader = read_reader_of(ReadingKind::container, key, *reader, context);
        check_not_a_lanes(door.reader, *reader, context);
    }
    return door;
}

void read_zone(const std::string& name, const ConfigNode& node, LoadContext& context) {
    if (!is_zone_name(name)) {
        node.report(context.problems, "`" + name + "` is no name of a zone",
                    "write it as orders and rulesets do: 1 to 64 of A-Z, a-z, 0-9, _, . and -");
    }
    if (!node.expect(ConfigNode::Kind::map, context.problems)) {
        return;
    }
    ZoneSettings zone;
    zone.name = name;
    zone.zone_in = read_door(node, "zone_in", context);
    zone.zone_out = read_door(node, "zone_out", context);
    if (const auto* const within = node.find("arrive_within")) {
        zone.arrive_within = within->duration(context.problems, 1s, 7 * 24h);
        if (node.find("zone_in") == nullptr) {
            within->report(context.problems, "nobody sees who arrives", "add `zone_in`, or leave this out");
        }
    }
    if (node.find("zone_in") == nullptr && node.find("zone_out") == nullptr) {
        node.report(context.problems, "this gate sees nothing of the zone", "add `zone_in`, `zone_out`, or both");
    }
    if (zone.zone_in && zone.zone_in == zone.zone_out) {
        node.report(context.problems, "who comes and who leaves cannot be told apart",
                    "give each way a door of its own");
    }
    context.settings.zones.push_back(std::move(zone));
}

}  // namespace

void read_zones(const ConfigNode& root, LoadContext& context) {
    const auto* const zones = root.find("zones");
    if (zones == nullptr || !zones->expect(ConfigNode::Kind::map, context.problems)) {
        return;
    }
    for (const auto& [name, node] : zones->members()) {
        read_zone(name, node, context);
    }
    if (zones->members().size() > most_zones) {
        zones->report(context.problems, "a gate knows at most 16 zones", "leave out those that it does not see");
    }
}

}  // namespace portcullis::settings
