#include <algorithm>
#include <array>
#include <chrono>
#include <map>

#include "settings/load_context.hpp"

namespace portcullis::settings {
namespace {

using namespace std::chrono_literals;

/// Without these a lane cannot know what stands where, or move its arm.
struct Needed {
    Role role;
    const char* why;
};
constexpr std::array needed{
    Needed{Role::arrival_loop, "a passage begins when a vehicle is on it"},
    Needed{Role::exit_loop, "without it nobody knows that a vehicle has left"},
    Needed{Role::arm_open_limit, "green needs the arm seen open"},
    Needed{Role::arm_closed_limit, "the arm goes up only from seen closed"},
    Needed{Role::arm_up, "the arm is opened by it"},
};

/// One lane under check: its node, its wiring and where problems go.
struct Check {
    const ConfigNode& roles;
    const WiredLane& wired;
    ConfigProblems& problems;

    [[nodiscard]] bool has(Role role) const { return wired.lane.has(role); }
    [[nodiscard]] const WiredPoint* point(Role role) const {
        const auto found = std::ranges::find(wired.points, role, &WiredPoint::role);
        return found == wired.points.end() ? nullptr : &*found;
    }
    void report(Role role, std::string what, std::string help) const {
        const auto* const node = roles.find(text_of(role));
        (node == nullptr ? roles : *node).report(problems, std::move(what), std::move(help));
    }
    void need(Role role, const std::string& why) const {
        if (!has(role)) {
            roles.report(problems, "`" + std::string{text_of(role)} + "` is missing", why + ": wire it");
        }
    }
};

void check_needed(const Check& check) {
    for (const auto& row : needed) {
        check.need(row.role, row.why);
    }
    if (!check.has(Role::arm_loop) && !check.has(Role::arm_beam)) {
        check.roles.report(check.problems, "`arm_loop` or `arm_beam` is missing",
                           "without it nobody knows whether a vehicle stands under the arm: wire it");
    }
}

void check_pulse(const Check& check, Role role, bool wanted, const std::string& because) {
    const auto* const point = check.point(role);
    if (point == nullptr || (point->setup.pulse != 0ms) == wanted) {
        return;
    }
    const auto name = std::string{text_of(role)};
    if (wanted) {
        check.report(role, "`" + name + "` has no `pulse`, and " + because,
                     "write { point: " + point->device.text() + "." + point->setup.point.text() + ", pulse: 500 ms }");
    } else {
        check.report(role, "`" + name + "` has a `pulse`, and " + because, "take `pulse` out");
    }
}

/// A light is green while its output is on, which `sense` has no part in: that is the coil's.
void check_safe_lights(const Check& check) {
    for (const auto role : {Role::light_lane, Role::light_go}) {
        const auto* const point = check.point(role);
        if (point != nullptr && point->setup.safe != SafeOutput::off) {
            check.report(role,
                         "with `safe: " + std::string{text_of(point->setup.safe)} +
                             "` a daemon that is not there would leave the light green",
                         "take `safe` out: off is red; where the coil is on for red, write `sense: inverted`");
        }
    }
}

constexpr auto pulse_kept = "`safe: keep` would leave a pulse on when the daemon stops in it";

void check_safe(const Check& check) {
    for (const auto role : {Role::arm_up, Role::arm_down_request}) {
        const auto* const point = check.point(role);
        if (point != nullptr && point->setup.safe == SafeOutput::on) {
            check.report(role, "`safe: on` would move the arm whenever the daemon starts or stops",
                         "write another `safe`");
        }
    }
    for (const auto role : {Role::arm_down_request, Role::arm_stop}) {
        const auto* const point = check.point(role);
        if (point != nullptr && point->setup.safe == SafeOutput::keep) {
            check.report(role, pulse_kept, "take `safe` out");
        }
    }
    const auto* const up = check.point(Role::arm_up);
    if (up == nullptr) {
        return;
    }
    const bool held = check.wired.lane.arm.control == ArmControl::maintained;
    if (held && up->setup.safe == SafeOutput::off) {
        check.report(Role::arm_up, "`safe: off` lets go of a held arm when the daemon stops, maybe over a vehicle",
                     "write { point: ..., safe: keep } and let the module keep its outputs when its host is lost");
    }
    if (!held && up->setup.safe == SafeOutput::keep) {
        check.report(Role::arm_up, pulse_kept, "take `safe` out");
    }
}

void check_close(const ConfigNode& lane, const Check& check) {
    const auto& arm = check.wired.lane.arm;
    const auto* const node = lane.find("arm");
    const auto* const close = node == nullptr ? nullptr : node->find("close");
    if (close == nullptr) {
        return;
    }
    const bool held = arm.control == ArmControl::maintained;
    const bool asks = arm.close == ArmClose::daemon_request;
    if (held && !asks) {
        close->report(check.problems, "a held contact keeps the arm open until the daemon lets go of it",
                      "with `control: maintained` write `close: daemon_request`");
        return;
    }
    if (asks && !held) {
        check.need(Role::arm_down_request, "with `close: daemon_request` the daemon asks the board to close");
    } else if (check.has(Role::arm_down_request)) {
        check.report(Role::arm_down_request,
                     held ? "a held contact closes the arm by letting go: this output would never be used"
                          : "with `close: " + std::string{text_of(arm.close)} + "` the daemon never asks for a close",
                     "take it out, or change `arm`");
    }
}

void check_load(const Check& check) {
    const auto reads = [&check](const char* what) {
        return std::ranges::any_of(
            check.wired.readers, [what](const WiredReader& reader) { return text_of(reader.role).starts_with(what); });
    };
    const auto& lane = check.wired.lane;
    if (lane.load == LoadPolicy::beams) {
        for (const auto role : {Role::load_beam_fore, Role::load_beam_mid, Role::load_beam_aft}) {
            check.need(role, "`load: beams` tells boxes by three beams");
        }
    } else if (lane.load == LoadPolicy::line_scanner) {
        check.need(Role::load_scanner, "`load: line_scanner` is what a scanner says");
    } else if (lane.load == LoadPolicy::two_readers) {
        const auto readers = std::ranges::count_if(check.wired.readers, [](const WiredReader& reader) {
            return text_of(reader.role).starts_with("container");
        });
        if (readers < 2) {
            check.roles.report(check.problems, "`load: two_readers` and fewer than two readers of containers",
                               "wire two of container_front, container_rear, container_left, container_right, "
                               "container_roof");
        }
    } else if (!reads("container")) {
        check.roles.report(
            check.problems, "`load: trust_readers` and no reader of containers",
            "wire one of container_front, container_rear, container_left, container_right, container_roof");
    }
    for (const auto identity : lane.required) {
        const auto name = std::string{text_of(identity)};
        // Without readers of containers, trust_readers has said the same already.
        const bool said = identity == Identity::container && lane.load == LoadPolicy::trust_readers;
        // What measures it may stand before the lane: `portals` are read later, and say so.
        if (!said && identity != Identity::radiation && !reads(name.c_str())) {
            check.roles.report(check.problems, "the lane `requires` a " + name + " and no role reads one",
                               identity == Identity::plate ? "wire plate_front or plate_rear"
                                                           : "wire one of container_front, container_rear, ...");
        }
    }
}

struct Use {
    std::string lane;
    Role role;
};

std::string used_by(const Use& use) {
    return "`" + use.lane + "." + std::string{text_of(use.role)} + "`";
}

}  // namespace

void check_lane(const ConfigNode& lane, const WiredLane& wired, LoadContext& context) {
    const auto* const roles = lane.find("roles");
    if (roles == nullptr || roles->kind() != ConfigNode::Kind::map) {
        return;
    }
    const Check check{*roles, wired, context.problems};
    check_needed(check);
    const bool held = wired.lane.arm.control == ArmControl::maintained;
    check_pulse(check, Role::arm_up, !held,
                held ? "`control: maintained` holds it" : "`control: pulse` needs its length");
    check_pulse(check, Role::arm_down_request, true, "a request is a pulse");
    check_pulse(check, Role::light_go, false, "a light is on or off");
    check_pulse(check, Role::light_lane, false, "a light is on or off");
    check_safe(check);
    check_safe_lights(check);
    check_close(lane, check);
    check_load(check);
}

namespace {

/// What a lane has for itself alone: its readers and its sign.
std::vector<WiredReader> devices_of(const WiredLane& wired) {
    auto devices = wired.readers;
    if (!wired.sign.empty()) {
        devices.push_back({Role::sign, wired.sign});
    }
    return devices;
}

}  // namespace

void check_wiring(const ConfigNode& lanes, LoadContext& context) {
    std::map<PointRef, Use> points;
    std::map<DeviceName, Use> readers;
    for (const auto& wired : context.settings.lanes) {
        const auto& name = wired.lane.name.text();
        const auto* const lane = lanes.find(name);
        const auto* const roles = lane == nullptr ? nullptr : lane->find("roles");
        const auto report = [&](Role role, const std::string& what, const Use& other) {
            const auto* const node = roles == nullptr ? nullptr : roles->find(text_of(role));
            (node == nullptr ? lanes : *node)
                .report(context.problems, "`" + what + "` plays " + used_by(other) + " already", "wire another one");
        };
        for (const auto& point : wired.points) {
            const PointRef at{point.device, point.setup.point};
            const auto [first, fresh] = points.try_emplace(at, Use{name, point.role});
            // Two lanes may look at one input, such as a common exit loop; an output has one master.
            if (!fresh && (point.setup.direction == Direction::output || first->second.lane == name)) {
                report(point.role, at.device.text() + "." + at.point.text(), first->second);
            }
        }
        for (const auto& reader : devices_of(wired)) {
            const auto [first, fresh] = readers.try_emplace(reader.device, Use{name, reader.role});
            if (!fresh) {
                report(reader.role, reader.device.text(), first->second);
            }
        }
    }
}

}  // namespace portcullis::settings
