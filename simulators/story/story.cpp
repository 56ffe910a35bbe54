#include "simulators/story/story.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace portcullis::story {

namespace {

using namespace std::chrono_literals;

constexpr auto longest = std::chrono::milliseconds{10min};

double metres(const ConfigNode& node, ConfigProblems& problems) {
    const auto text = node.text(problems);
    double value = 0;
    const auto* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value);
    if (parsed.ec != std::errc{} || std::string_view{parsed.ptr, static_cast<std::size_t>(end - parsed.ptr)} != " m") {
        node.report(problems, "'" + text + "' is no length", "write it as '16 m'");
    }
    return value;
}

std::int64_t kilograms(const ConfigNode& node, ConfigProblems& problems) {
    constexpr std::int64_t kg_of_a_tonne = 1000;
    const auto text = node.text(problems);
    std::int64_t value = 0;
    const auto* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value);
    const std::string_view unit{parsed.ptr, static_cast<std::size_t>(end - parsed.ptr)};
    if (parsed.ec != std::errc{} || (unit != " t" && unit != " kg")) {
        node.report(problems, "'" + text + "' is no mass", "write it as '32 t' or '3900 kg'");
    }
    return unit == " t" ? value * kg_of_a_tonne : value;
}

std::vector<std::string> texts(const ConfigNode& node, ConfigProblems& problems) {
    std::vector<std::string> all;
    for (const auto& item : node.items()) {
        all.push_back(item.text(problems));
    }
    return all;
}

void take_text(const ConfigNode& from, std::string_view key, std::string& into, ConfigProblems& problems) {
    if (const auto* node = from.find(key)) {
        into = node->text(problems);
    }
}

void take_flag(const ConfigNode& from, std::string_view key, bool& into, ConfigProblems& problems) {
    if (const auto* node = from.find(key)) {
        into = node->flag(problems);
    }
}

void take_texts(const ConfigNode& from, std::string_view key, std::vector<std::string>& into,
                ConfigProblems& problems) {
    if (const auto* node = from.find(key)) {
        into = texts(*node, problems);
    }
}

void take_metres(const ConfigNode& from, std::string_view key, double& into, ConfigProblems& problems) {
    if (const auto* node = from.find(key)) {
        into = metres(*node, problems);
    }
}

template <HasTexts Enum>
void take_word(const ConfigNode& from, std::string_view key, Enum& into, ConfigProblems& problems) {
    if (const auto* node = from.find(key)) {
        into = node->word<Enum>(problems).value_or(into);
    }
}

GivenOrder read_order(const ConfigNode& node, ConfigProblems& problems) {
    GivenOrder order;
    if (const auto* release = node.find("release")) {
        order.container = release->text(problems);
    } else if (const auto* movement = node.find("movement")) {
        order.kind = GivenOrder::Kind::movement;
        order.movement = movement->text(problems);
        take_text(node, "container", order.container, problems);
    } else if (const auto* target = node.find("target")) {
        order.kind = GivenOrder::Kind::target;
        order.container = target->text(problems);
    } else if (const auto* revoke = node.find("revoke")) {
        order.kind = GivenOrder::Kind::revoke;
        order.container = revoke->text(problems);
    } else {
        node.report(problems, "an order is one of release, movement, target, revoke",
                    "write for example '{ release: CSQU3054383, plate: 闽D12345 }'");
    }
    take_text(node, "plate", order.plate, problems);
    take_text(node, "status", order.status, problems);
    take_text(node, "valid", order.valid, problems);
    take_text(node, "action", order.action, problems);
    take_text(node, "zone", order.zone, problems);
    take_texts(node, "method", order.methods, problems);
    take_flag(node, "once", order.once, problems);
    take_text(node, "lifted_by", order.lifted_by, problems);
    take_text(node, "visibility", order.visibility, problems);
    if (const auto* gross = node.find("gross")) {
        order.gross_kg = kilograms(*gross, problems);
    }
    take_text(node, "mass", order.mass_basis, problems);
    if (const auto* tare = node.find("box_tare")) {
        order.box_tare_kg = kilograms(*tare, problems);
    }
    return order;
}

std::vector<GivenOrder> read_orders(const ConfigNode& from, ConfigProblems& problems) {
    std::vector<GivenOrder> orders;
    if (const auto* list = from.find("orders")) {
        for (const auto& item : list->items()) {
            orders.push_back(read_order(item, problems));
        }
    }
    return orders;
}

LaneKind read_lane(const ConfigNode& node, ConfigProblems& problems) {
    LaneKind lane;
    take_word(node, "way", lane.way, problems);
    take_word(node, "load", lane.load, problems);
    take_word(node, "on_inspect", lane.on_inspect, problems);
    take_texts(node, "container_readers", lane.container_readers, problems);
    take_flag(node, "empty_seen", lane.empty_seen, problems);
    take_flag(node, "seals", lane.seals, problems);
    take_flag(node, "rear_plate", lane.rear_plate, problems);
    take_flag(node, "tags", lane.tags, problems);
    take_flag(node, "camera", lane.camera, problems);
    take_flag(node, "sign", lane.sign, problems);
    take_word(node, "scale", lane.scale, problems);
    take_word(node, "radiation", lane.radiation, problems);
    take_flag(node, "portal", lane.portal, problems);
    take_flag(node, "needs_radiation", lane.needs_radiation, problems);
    return lane;
}

Truck read_truck(const ConfigNode& node, ConfigProblems& problems) {
    Truck truck;
    take_text(node, "plate", truck.plate, problems);
    take_texts(node, "containers", truck.containers, problems);
    take_texts(node, "seals", truck.seals, problems);
    take_text(node, "trailer", truck.trailer, problems);
    take_texts(node, "tags", truck.tags, problems);
    take_metres(node, "length", truck.length_m, problems);
    take_metres(node, "gap", truck.gap_m, problems);
    if (const auto* gross = node.find("gross")) {
        truck.gross_kg = kilograms(*gross, problems);
    }
    take_flag(node, "empty", truck.empty, problems);
    take_word(node, "radiation", truck.radiation, problems);
    take_word(node, "drives", truck.drives, problems);
    std::string word;
    take_text(node, "boxes", word, problems);
    truck.twenty_foot = word == "20 ft";
    if (const auto* patience = node.find("patience")) {
        truck.patience = patience->duration(problems, 1s, longest);
    }
    word.clear();
    take_text(node, "then", word, problems);
    if (!word.empty() && word != "back_out") {
        node.report(problems, "'then: " + word + "' is nothing a driver does here", "write 'then: back_out'");
    }
    word.clear();
    take_text(node, "on_green", word, problems);
    truck.backs_out_on_green = word == "back_out";
    word.clear();
    take_text(node, "after", word, problems);
    truck.after_previous_left = word == "previous has left";
    return truck;
}

ReaderFault read_reader(const std::string& role, const ConfigNode& node, ConfigProblems& problems) {
    ReaderFault fault;
    fault.role = role;
    if (const auto* misses = node.find("misses_first")) {
        fault.misses_first = static_cast<int>(misses->integer(problems, 0, 20));
    }
    if (const auto* reads = node.find("reads")) {
        fault.reads = reads->text(problems);
    }
    take_flag(node, "silent", fault.silent, problems);
    return fault;
}

/// What of it a device can have: a line carries no unit, and a module has no words.
bool can_have(const std::string& device, DeviceFault fault) {
    const bool on_a_line = device.starts_with("plate_");
    switch (fault) {
        case DeviceFault::late:
        case DeviceFault::noise:
        case DeviceFault::stuck:
            return true;
        case DeviceFault::wrong_unit:
        case DeviceFault::wrong_length:
        case DeviceFault::reboot:
            return !on_a_line;
        case DeviceFault::flicker:
            return device == "io";
        case DeviceFault::swapped_words:
            return device.starts_with("container_");
    }
    return false;
}

void read_device_fault(const ConfigNode& node, Happening& happening, ConfigProblems& problems) {
    if (happening.what != Does::device_fault) {
        return;
    }
    if (const auto* fault = node.require("fault", problems)) {
        happening.fault = fault->word<DeviceFault>(problems);
        const bool known = happening.device == "io" || happening.device.starts_with("plate_") ||
                           happening.device.starts_with("container_");
        if (happening.fault && (!known || !can_have(happening.device, *happening.fault))) {
            fault->report(problems, "`" + happening.device + "` cannot have it",
                          "see `device_fault` in simulators/scenarios/README.md");
        }
    }
}

Happening read_happening(const ConfigNode& node, ConfigProblems& problems) {
    Happening happening;
    if (const auto* at = node.find("at")) {
        happening.at_m = metres(*at, problems);
    }
    take_text(node, "when", happening.when_event, problems);
    if (happening.at_m.has_value() == !happening.when_event.empty()) {
        node.report(problems, "it must say either 'at: <metres>' or 'when: <event type>'");
    }
    if (const auto* does = node.require("do", problems)) {
        happening.what = does->word<Does>(problems).value_or(Does::stop);
    }
    for (const auto* key : {"for", "back_after"}) {
        if (const auto* lasting = node.find(key)) {
            happening.lasting = lasting->duration(problems, 100ms, longest);
        }
    }
    take_text(node, "device", happening.device, problems);
    take_text(node, "container", happening.container, problems);
    take_text(node, "result", happening.result, problems);
    take_texts(node, "new_seals", happening.new_seals, problems);
    if (const auto* version = node.find("version")) {
        happening.version = version->integer(problems, 1, 1000);
    }
    take_text(node, "holds_plate", happening.holds_plate, problems);
    take_text(node, "suspects_to", happening.suspects_to, problems);
    take_text(node, "plate", happening.plate, problems);
    take_flag(node, "weighs", happening.weighs, problems);
    take_word(node, "scale", happening.scale, problems);
    if (const auto* tare = node.find("tare")) {
        happening.tare_kg = kilograms(*tare, problems);
    }
    take_metres(node, "gap", happening.gap_m, problems);
    read_device_fault(node, happening, problems);
    happening.orders = read_orders(node, problems);
    return happening;
}

Expectation read_expectation(const ConfigNode& node, ConfigProblems& problems) {
    Expectation then;
    if (const auto* verdict = node.find("verdict")) {
        then.verdict = verdict->word<VerdictOutcome>(problems);
    }
    if (const auto* ends = node.find("ends")) {
        then.ends = ends->word<PassageOutcome>(problems);
    }
    if (const auto* ruleset = node.find("ruleset")) {
        then.ruleset = ruleset->integer(problems, 0, 1000);
    }
    take_texts(node, "reasons", then.reasons, problems);
    take_texts(node, "events", then.events, problems);
    take_text(node, "arm", then.arm, problems);
    if (!then.arm.empty() && then.arm != "up once" && then.arm != "never") {
        node.report(problems, "'arm: " + then.arm + "' says nothing", "write 'up once' or 'never'");
    }
    take_text(node, "light", then.light, problems);
    if (!then.light.empty() && then.light != "green once" && then.light != "never green") {
        node.report(problems, "'light: " + then.light + "' says nothing", "write 'green once' or 'never green'");
    }
    if (const auto* used = node.find("orders_used")) {
        then.orders_used = texts(*used, problems);
    }
    return then;
}

/// `one` holds a single map, `many` a list of them.
template <class Read>
auto read_one_or_many(const ConfigNode& root, std::string_view one, std::string_view many, Read read) {
    std::vector<decltype(read(root))> all;
    if (const auto* node = root.find(one); node != nullptr && node->kind() == ConfigNode::Kind::map) {
        all.push_back(read(*node));
    }
    if (const auto* list = root.find(many)) {
        for (const auto& item : list->items()) {
            all.push_back(read(item));
        }
    }
    return all;
}

void read_zone(const ConfigNode& root, Story& story, ConfigProblems& problems) {
    if (const auto* zone = root.find("zone")) {
        story.zone.emplace();
        story.rulesets = true;
        take_text(*zone, "name", story.zone->name, problems);
        if (const auto* within = zone->require("arrive_within", problems)) {
            story.zone->arrive_within = within->duration(problems, 1s, longest);
        }
        if (!story.alone) {
            zone->report(problems, "a gate with a zone is the story's own", "write 'alone: true'");
        }
    }
}

/// What devices of the lane do wrong, and what its sign has to show.
void read_devices(const ConfigNode& root, Story& story, ConfigProblems& problems) {
    take_word(root, "scale", story.scale, problems);
    if (story.scale != ScaleFault::none && story.lane.scale == ScaleKind::none) {
        root.report(problems, "the story's lane has no weighbridge", "write `lane: { scale: toledo }`");
    }
    take_word(root, "monitor", story.monitor, problems);
    if (const auto* holds = root.find("monitor_holds")) {
        story.monitor_holds = holds->duration(problems, 0ms, longest);
    }
    if (const auto* after = root.find("monitor_alarms_after")) {
        story.monitor_alarms_after = after->duration(problems, 0ms, longest);
    }
    if (story.monitor != MonitorFault::none && story.lane.radiation == MonitorKind::none) {
        root.report(problems, "the story's lane has no radiation monitor", "write `lane: { radiation: lines }`");
    }
    take_texts(root, "sign", story.sign, problems);
    if (!story.sign.empty() && !story.lane.sign) {
        root.report(problems, "the story's lane has no sign", "write `lane: { sign: true }`");
    }
}

}  // namespace

std::size_t Story::vehicles() const {
    const auto following = std::count_if(happenings.begin(), happenings.end(),
                                         [](const Happening& happening) { return happening.what == Does::follow; });
    return trucks.size() + static_cast<std::size_t>(following);
}

Story read_story(const ConfigNode& root, std::string name, ConfigProblems& problems) {
    Story story;
    story.name = std::move(name);
    if (const auto* title = root.require("story", problems)) {
        story.title = title->text(problems);
    }
    take_text(root, "tells", story.tells, problems);
    take_flag(root, "alone", story.alone, problems);
    if (const auto* pace = root.find("pace")) {
        story.pace = static_cast<double>(pace->integer(problems, 1, 4));
    }
    if (const auto* lane = root.find("lane")) {
        story.lane = read_lane(*lane, problems);
    }
    take_flag(root, "rulesets", story.rulesets, problems);
    if (story.rulesets && !story.alone) {
        root.report(problems, "a gate with rulesets is the story's own", "write 'alone: true'");
    }
    read_zone(root, story, problems);
    if (const auto* given = root.find("given")) {
        story.orders = read_orders(*given, problems);
    }
    const auto truck = [&](const ConfigNode& node) { return read_truck(node, problems); };
    story.trucks = read_one_or_many(root, "truck", "trucks", truck);
    if (const auto* readers = root.find("readers")) {
        for (const auto& [role, node] : readers->members()) {
            story.readers.push_back(read_reader(role, node, problems));
        }
    }
    read_devices(root, story, problems);
    if (const auto* happens = root.find("happens")) {
        for (const auto& node : happens->items()) {
            story.happenings.push_back(read_happening(node, problems));
        }
    }
    const auto expectation = [&](const ConfigNode& node) { return read_expectation(node, problems); };
    story.then = read_one_or_many(root, "then", "then", expectation);
    take_texts(root, "lane_events", story.lane_events, problems);
    if (story.trucks.empty() || story.then.size() != story.vehicles()) {
        root.report(problems,
                    "a story has at least one truck, and says under 'then' what becomes of each, also of one that "
                    "follows");
    }
    root.report_unread(problems);
    return story;
}

}  // namespace portcullis::story
