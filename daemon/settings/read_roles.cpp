#include <algorithm>
#include <array>
#include <chrono>

#include "settings/load_context.hpp"

namespace portcullis::settings {
namespace {

using namespace std::chrono_literals;

/// The first sign of a vehicle, or of an arm that moves by itself: looked at fast also while nothing happens.
constexpr std::array fast_inputs{Role::arrival_loop, Role::arm_loop,       Role::arm_beam,
                                 Role::exit_loop,    Role::arm_open_limit, Role::arm_closed_limit};
constexpr std::array arm_inputs{Role::arm_loop, Role::arm_beam, Role::arm_open_limit, Role::arm_closed_limit};

bool is_any_of(Role role, const auto& roles) {
    return std::ranges::find(roles, role) != roles.end();
}

std::vector<std::string_view> role_names() {
    std::vector<std::string_view> names;
    for (const auto& row : enum_texts<Role>) {
        names.push_back(row.text);
    }
    return names;
}

/// `io.di0` as device and point; a problem when it is not written so.
std::optional<PointRef> read_point_ref(const ConfigNode& node, ConfigProblems& problems) {
    const auto text = node.text(problems);
    const auto dot = text.find('.');
    if (text.empty()) {
        return std::nullopt;
    }
    if (dot == std::string::npos || dot == 0 || dot + 1 == text.size()) {
        node.report(problems, "`" + text + "` names no point", "write device and point, as in io.di0");
        return std::nullopt;
    }
    return PointRef{DeviceName{text.substr(0, dot)}, PointName{text.substr(dot + 1)}};
}

/// The point as its device knows it; nothing when the device has none of that name and direction (a problem).
const DevicePoint* find_point(const PointRef& at, Direction direction, const ConfigNode& node, LoadContext& context) {
    const auto* const facts = facts_of(at.device.text(), node, context);
    if (facts == nullptr) {
        return nullptr;
    }
    std::vector<std::string_view> names;
    for (const auto& point : facts->points) {
        if (point.name == at.point && point.direction == direction) {
            return &point;
        }
        if (point.direction == direction) {
            names.emplace_back(point.name.text());
        }
    }
    const auto wanted = std::string{text_of(direction)};
    const bool other = std::ranges::find(facts->points, at.point, &DevicePoint::name) != facts->points.end();
    const auto range = names.empty() ? "the device has none"
                                     : "it has " + std::string{names.front()} + " to " + std::string{names.back()};
    node.report(context.problems,
                other ? "`" + at.point.text() + "` is no " + wanted + " of `" + at.device.text() + "`"
                      : "`" + at.device.text() + "` has no " + wanted + " `" + at.point.text() + "`",
                range);
    return nullptr;
}

/// Inputs whose broken wire must look like the state that calls somebody.
constexpr std::array alarming_when_open{Role::emergency_open, Role::fire_alarm, Role::cabinet_door, Role::arm_fault,
                                        Role::arm_broken};
/// Inputs whose broken wire must not look like the good state, or like a person at a key or button.
constexpr std::array quiet_when_open{Role::mains_ok, Role::battery_ok, Role::manual_key, Role::button_call};

void check_watched_wiring(Role role, const ConfigNode& open, const PointSetup& setup, ConfigProblems& problems) {
    const auto name = "`" + std::string{text_of(role)} + "`";
    if (setup.wire_open_means == WireOpen::clear && is_any_of(role, alarming_when_open)) {
        open.report(
            problems, "a broken wire would hide " + name,
            "wire the contact so that it opens when there is something to tell, and write `occupied` or nothing");
    }
    if (setup.wire_open_means == WireOpen::occupied && is_any_of(role, quiet_when_open)) {
        open.report(problems, "a broken wire would look like " + name,
                    "wire the contact so that it closes then, and write `clear` or nothing");
    }
}

void read_input_wiring(Role role, const ConfigNode& node, PointSetup& setup, ConfigProblems& problems) {
    // A broken wire must not prove a box empty.
    const bool quiet = role == Role::empty_seen || is_any_of(role, quiet_when_open);
    setup.wire_open_means = quiet ? WireOpen::clear : WireOpen::occupied;
    const auto* const open = node.kind() == ConfigNode::Kind::map ? node.find("wire_open_means") : nullptr;
    if (open == nullptr) {
        return;
    }
    setup.wire_open_means = open->word<WireOpen>(problems).value_or(setup.wire_open_means);
    if (setup.wire_open_means == WireOpen::clear && is_any_of(role, arm_inputs)) {
        open->report(problems, "a broken wire would look like a free arm",
                     "wire the contact so that it opens on detection, and write `occupied` or nothing");
    }
    check_watched_wiring(role, *open, setup, problems);
    if (setup.wire_open_means == WireOpen::occupied && role == Role::empty_seen) {
        open->report(problems, "a broken wire would prove every box empty",
                     "wire the contact so that it closes when an empty box is seen, and write `clear` or nothing");
    }
}

void read_output_wiring(const ConfigNode& node, PointSetup& setup, ConfigProblems& problems) {
    if (node.kind() != ConfigNode::Kind::map) {
        return;
    }
    if (const auto* const pulse = node.find("pulse")) {
        setup.pulse = pulse->duration(problems, 50ms, 10s);
    }
    if (const auto* const sense = node.find("sense")) {
        setup.sense = sense->word<OutputSense>(problems).value_or(OutputSense::normal);
    }
    if (const auto* const safe = node.find("safe")) {
        setup.safe = safe->word<SafeOutput>(problems).value_or(SafeOutput::off);
    }
}

/// The bit that the module should have when its host is lost, for the lane's safe value.
SafeOutput expected_bit(const PointSetup& setup) {
    if (setup.sense == OutputSense::normal || setup.safe == SafeOutput::keep) {
        return setup.safe;
    }
    return setup.safe == SafeOutput::on ? SafeOutput::off : SafeOutput::on;
}

/// What no module ends when the daemon is gone must not open or show green. False when it would, and said so.
bool check_latch(Role role, const ConfigNode& node, const DevicePoint& point, const PointSetup& setup,
                 ConfigProblems& problems) {
    const bool green = role == Role::light_go || role == Role::light_lane;
    const bool held_open = role == Role::arm_up && setup.pulse == 0ms;
    const bool stays = point.latches && (green || held_open);
    if (stays) {
        node.report(
            problems,
            std::string{"this module has no host watchdog: a relay that is on stays on when the daemon dies, and "} +
                (green ? "the light would stay green" : "the arm would stay open"),
            green ? "put the light on a module with a host watchdog"
                  : "put a held `arm_up` on a module with a host watchdog, or pulse it where the board allows");
    }
    return !stays;
}

/// A pulse that the module ends by itself has whole steps.
void check_device_pulse(const ConfigNode& node, const DevicePoint& point, const PointSetup& setup,
                        ConfigProblems& problems) {
    if (point.pulse_step == 0ms || setup.pulse == 0ms) {
        return;
    }
    if (setup.pulse % point.pulse_step != 0ms) {
        node.report(problems,
                    "this module ends a pulse by itself, in steps of " + duration_text(point.pulse_step) + ", and " +
                        duration_text(setup.pulse) + " is no whole number of them",
                    "write " + duration_text((setup.pulse / point.pulse_step + 1) * point.pulse_step));
    } else if (setup.pulse > point.most_pulse) {
        node.report(problems, "this module pulses for at most " + duration_text(point.most_pulse), "write less");
    }
    if (setup.sense == OutputSense::inverted) {
        node.report(problems, "a pulse that this module ends by itself switches its relay on",
                    "take `sense: inverted` out, and use the relay's other contact");
    }
}

void check_lost_host(const ConfigNode& node, const DevicePoint& point, const PointSetup& setup,
                     ConfigProblems& problems) {
    if (setup.pulse != 0ms && point.pulse_step != 0ms && setup.safe == SafeOutput::off) {
        return;  // the module ends it whether there is a host or not
    }
    if (!point.on_host_lost) {
        node.report(problems, "nobody knows what the module does to this output when its host is lost",
                    "pull the cable, watch it, and say so with the device's `on_host_lost: { " + point.name.text() +
                        ": " + std::string{text_of(expected_bit(setup))} + " }`, which the lane's safe value needs");
        return;
    }
    if (*point.on_host_lost != expected_bit(setup)) {
        node.report(problems,
                    "when its host is lost the module puts this output to `" +
                        std::string{text_of(*point.on_host_lost)} + "`, and the lane's safe value needs `" +
                        std::string{text_of(expected_bit(setup))} + "`",
                    "set the module, prove it by pulling the cable, and say so with the device's `on_host_lost`");
    }
}

/// While nothing is there the first edge may come this late (devices of a barrier: 100 ms is what their makers poll
/// at). A vehicle of 15 km/h is 0.4 m farther then, on a loop of 1 m and more; a lane with a vehicle polls as `poll`
/// says.
void check_idle_poll(const ConfigNode& node, const DeviceName& device, LoadContext& context) {
    constexpr auto slowest = 100ms;
    const auto idle = context.devices.at(device)->idle_poll;
    if (idle > slowest) {
        node.report(context.problems,
                    "`" + device.text() + "` is read every " + duration_text(idle) +
                        " while its lane is idle, and a vehicle is seen first by this input",
                    "let the device's `poll` and `idle_poll` be at most " + duration_text(slowest));
    }
}

/// A value that is too old counts as occupied or unknown (design.md 10, invariant 2): not after minutes.
void check_age(const ConfigNode& node, const DeviceName& device, LoadContext& context) {
    constexpr auto oldest = 5s;
    const auto stale_after = context.devices.at(device)->stale_after;
    if (stale_after > oldest) {
        node.report(context.problems,
                    "a value of `" + device.text() + "` counts for " + duration_text(stale_after) +
                        ", and the arm is moved by this one",
                    "let the device's `stale_after` be at most " + duration_text(oldest));
    }
}

void read_wired_point(Role role, const ConfigNode& node, WiredLane& wired, LoadContext& context) {
    const bool is_map = node.kind() == ConfigNode::Kind::map;
    const auto* const at =
        is_map ? require_because(node, "point", "write device and point, as in `point: io.di0`", context.problems)
               : &node;
    const auto direction = kind_of(role) == RoleKind::input ? Direction::input : Direction::output;
    WiredPoint wiring{role, {}, {.point = {}, .direction = direction}};
    if (direction == Direction::input) {
        read_input_wiring(role, node, wiring.setup, context.problems);
    } else {
        read_output_wiring(node, wiring.setup, context.problems);
    }
    const auto ref = at == nullptr ? std::nullopt : read_point_ref(*at, context.problems);
    if (!ref) {
        return;
    }
    wiring.device = ref->device;
    wiring.setup.point = ref->point;
    const auto* const point = find_point(*ref, direction, *at, context);
    if (point != nullptr && direction == Direction::output) {
        check_device_pulse(*at, *point, wiring.setup, context.problems);
        if (check_latch(role, *at, *point, wiring.setup, context.problems)) {
            check_lost_host(*at, *point, wiring.setup, context.problems);
        }
    }
    if (point != nullptr && is_any_of(role, fast_inputs)) {
        check_idle_poll(*at, ref->device, context);
    }
    if (point != nullptr && is_any_of(role, arm_inputs)) {
        check_age(*at, ref->device, context);
    }
    wired.points.push_back(std::move(wiring));
}

void read_camera_role(Role role, const ConfigNode& node, WiredLane& wired, LoadContext& context) {
    const auto name = node.text(context.problems);
    const auto* const facts = name.empty() ? nullptr : facts_of(name, node, context);
    if (facts != nullptr && !facts->takes_pictures) {
        node.report(context.problems,
                    "`" + name + "` takes no pictures, and `" + std::string{text_of(role)} + "` needs a camera",
                    "name another device");
    }
    if (!name.empty()) {
        wired.readers.push_back({role, DeviceName{name}});
    }
}

}  // namespace

const DeviceFacts* facts_of(const std::string& name, const ConfigNode& node, LoadContext& context) {
    const auto device = context.devices.find(DeviceName{name});
    if (device == context.devices.end()) {
        std::vector<std::string_view> names;
        for (const auto& [known, facts] : context.devices) {
            names.emplace_back(known.text());
        }
        node.report(context.problems, "there is no device `" + name + "`", nearest_help(name, names));
        return nullptr;
    }
    return device->second ? &*device->second : nullptr;
}

DeviceName read_reader_of(ReadingKind wanted, std::string_view role, const ConfigNode& node, LoadContext& context) {
    const auto name = node.text(context.problems);
    const auto* const facts = name.empty() ? nullptr : facts_of(name, node, context);
    if (facts != nullptr && facts->reads != wanted) {
        const auto has = facts->reads ? "reads a " + std::string{text_of(*facts->reads)} : "is no reader";
        node.report(context.problems,
                    "`" + name + "` " + has + ", and `" + std::string{role} + "` needs a reader of a " +
                        std::string{text_of(wanted)},
                    "name another device");
    }
    return DeviceName{name};
}

namespace {

/// Inputs of a barrier board that must not be driven from here. True when `name` is one, and said so.
bool refuse_board_input(const std::string& name, const ConfigNode& node, ConfigProblems& problems) {
    constexpr std::array<std::string_view, 4> toggling{"arm_step", "arm_start", "arm_cycle", "arm_toggle"};
    constexpr std::array<std::string_view, 2> held{"arm_hold_to_run", "arm_dead_man"};
    if (std::ranges::find(toggling, name) != toggling.end()) {
        node.report(problems,
                    "`" + name +
                        "`: what a step input does depends on what the arm did before, so that a command may do "
                        "the opposite of what was decided",
                    "wire the board's own inputs for up, stop and down: `arm_up`, `arm_stop`, `arm_down_request`");
    } else if (std::ranges::find(held, name) != held.end()) {
        node.report(problems,
                    "`" + name +
                        "`: hold-to-run is for a person who sees the arm and lets go in time; nobody stands "
                        "behind the daemon",
                    "leave it to the board's own key, and wire `arm_up` and, where the site asks, `arm_down_request`");
    } else {
        return false;
    }
    node.skip();
    return true;
}

}  // namespace

ReadingKind wanted_of(Role role) {
    if (role == Role::seal_rear) {
        return ReadingKind::seal;
    }
    if (role == Role::tag_reader) {
        return ReadingKind::tag;
    }
    if (role == Role::document_reader) {
        return ReadingKind::document;
    }
    return text_of(role).starts_with("plate") ? ReadingKind::plate : ReadingKind::container;
}

std::optional<WiredPoint> read_loop(const ConfigNode& node, LoadContext& context) {
    WiredLane wired;
    read_wired_point(Role::arrival_loop, node, wired, context);
    return wired.points.empty() ? std::nullopt : std::optional{wired.points.front()};
}

void read_roles(const ConfigNode& lane, WiredLane& wired, LoadContext& context) {
    const auto* const roles = require_because(
        lane, "roles", "say what is wired where: add `roles:` with `arrival_loop: io.di0` and so on", context.problems);
    if (roles == nullptr || !roles->expect(ConfigNode::Kind::map, context.problems)) {
        return;
    }
    for (const auto& [name, node] : roles->members()) {
        const auto role = enum_from<Role>(name);
        if (!role && refuse_board_input(name, node, context.problems)) {
            continue;
        }
        if (!role) {
            node.report(context.problems, "there is no role `" + name + "`", nearest_help(name, role_names()));
            node.skip();
            continue;
        }
        wired.lane.roles.insert(*role);
        if (kind_of(*role) == RoleKind::reader) {
            const auto device = read_reader_of(wanted_of(*role), text_of(*role), node, context);
            if (!device.empty()) {
                wired.readers.push_back({*role, device});
            }
        } else if (kind_of(*role) == RoleKind::camera) {
            read_camera_role(*role, node, wired, context);
        } else if (*role == Role::sign) {
            read_sign_role(node, wired, context);
        } else if (*role == Role::weighbridge) {
            read_weighbridge_role(node, wired, context);
        } else if (*role == Role::radiation) {
            if (const auto device = read_monitor(node, context); !device.empty()) {
                wired.readers.push_back({*role, device});
            }
        } else if (*role == Role::load_scanner) {
            read_load_scanner_role(node, wired, context);
        } else {
            read_wired_point(*role, node, wired, context);
        }
    }
}

}  // namespace portcullis::settings
