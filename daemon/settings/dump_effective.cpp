#include "settings/dump_effective.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>

#include "core/config_node.hpp"
#include "core/hash256.hpp"

namespace portcullis::settings {
namespace {

using namespace std::chrono_literals;

/// Plain where YAML cannot misread it, otherwise in single quotes.
std::string scalar(std::string_view text) {
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view{"_./:+- "}.find(c) != std::string_view::npos;
    };
    const bool edges = !text.empty() && (text.front() == '/' || plain(text.front())) && text.front() != '-' &&
                       text.front() != ' ' && text.front() != ':' && text.back() != ' ' && text.back() != ':';
    if (edges && std::ranges::all_of(text, plain) && text.find(": ") == std::string_view::npos) {
        return std::string{text};
    }
    std::string quoted = "'";
    for (const char c : text) {
        quoted += c == '\'' ? "''" : std::string(1, c);
    }
    return quoted + "'";
}

/// Lines of YAML at growing depth.
class Page {
public:
    void line(int depth, std::string_view key, std::string_view value = {}) {
        text_.append(static_cast<std::size_t>(depth) * 2, ' ').append(key).append(":");
        text_.append(value.empty() ? "" : " ").append(value).append("\n");
    }
    template <HasTexts Enum>
    void word(int depth, std::string_view key, Enum value) {
        line(depth, key, text_of(value));
    }
    void time(int depth, std::string_view key, std::chrono::milliseconds value) {
        line(depth, key, duration_text(value));
    }
    void flag(int depth, std::string_view key, bool value) { line(depth, key, value ? "true" : "false"); }
    void raw(std::string_view text) { text_.append(text); }

    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    std::string text_;
};

/// `[a, b]` of texts.
template <class Items, class Text>
std::string list(const Items& items, Text text) {
    std::string out;
    for (const auto& item : items) {
        out += out.empty() ? "" : ", ";
        out += text(item);
    }
    return "[" + out + "]";
}

void dump_gate(const GateSettings& settings, Page& page) {
    page.line(0, "gate");
    page.line(1, "terminal", settings.terminal);
    page.line(1, "name", settings.name);
    page.line(1, "time_zone", scalar(settings.time_zone));
    page.line(1, "languages", list(settings.languages, scalar));
    page.flag(1, "test_bench", settings.test_bench);
    page.line(0, "state", scalar(settings.state.string()));
    page.line(0, "control_socket", scalar(settings.control_socket.string()));
    page.line(0, "journal");
    page.time(1, "retention", settings.journal.retention);
    page.time(1, "personal_data", settings.journal.personal_data);
    page.line(1, "head_every", std::to_string(settings.journal.head_every));
    page.time(1, "head_within", settings.journal.head_within);
    page.line(1, "ballast", size_text(settings.journal.ballast));
    page.line(0, "orders");
    page.time(1, "retention", settings.orders.retention);
    page.line(0, "evidence");
    page.line(1, "budget", size_text(settings.evidence.budget));
    page.line(1, "upload", size_text(settings.evidence.upload));
    page.line(1, "keep");
    page.time(2, "cleared", settings.evidence.cleared);
    page.time(2, "unfinished", settings.evidence.unfinished);
    page.time(2, "inspected", settings.evidence.inspected);
    page.time(2, "held", settings.evidence.held);
    page.line(0, "trust");
    if (settings.orders_key) {
        page.line(1, "orders_key", "'" + hex_text(*settings.orders_key) + "'");
    } else {
        page.line(1, "root", scalar(settings.root_file.string()));
    }
    if (!settings.policy_file.empty()) {
        page.line(0, "policy", scalar(settings.policy_file.string()));
    }
    if (!settings.signs_file.empty()) {
        page.line(0, "signs", scalar(settings.signs_file.string()));
    }
}

void dump_uplinks(const GateSettings& settings, Page& page) {
    page.line(0, "uplink");
    for (const auto& uplink : settings.uplinks) {
        page.raw("  - name: " + uplink.name + "\n");
        page.line(2, "broker",
                  uplink.brokers.size() == 1 ? scalar(uplink.brokers.front()) : list(uplink.brokers, scalar));
        if (uplink.tls) {
            page.line(2, "tls");
            page.line(3, "ca", uplink.tls->ca.empty() ? "system" : scalar(uplink.tls->ca.string()));
        }
        if (uplink.tls && !uplink.tls->key.empty()) {
            page.line(3, "certificate", scalar(uplink.tls->certificate.string()));
            page.line(3, "key", scalar(uplink.tls->key.string()));
        }
        page.line(2, "prefix", scalar(uplink.prefix));
        page.flag(2, "required", uplink.required);
        if (!uplink.credentials.empty()) {
            page.line(2, "credentials", uplink.credentials);
        }
        page.line(2, "ack_window", std::to_string(uplink.ack_window));
        page.line(2, "in_flight", std::to_string(uplink.in_flight));
        if (!uplink.filter_types.empty() || !uplink.filter_lanes.empty()) {
            page.line(2, "filter");
        }
        if (!uplink.filter_types.empty()) {
            page.line(3, "types", list(uplink.filter_types, scalar));
        }
        if (!uplink.filter_lanes.empty()) {
            page.line(3, "lanes", list(uplink.filter_lanes, scalar));
        }
        page.flag(2, "evidence", uplink.evidence);
        if (!uplink.redact.empty()) {
            page.line(2, "redact", list(uplink.redact, [](Redaction what) { return text_of(what); }));
        }
    }
}

void dump_devices(const GateSettings& settings, Page& page) {
    page.line(0, "buses");
    for (const auto& bus : settings.buses) {
        page.line(1, bus.name.text());
        for (const auto& [key, value] : bus.keys) {
            page.line(2, key, scalar(value));
        }
    }
    page.line(0, "devices");
    for (const auto& device : settings.devices) {
        page.line(1, device.name.text());
        page.line(2, "profile", scalar(device.profile));
        page.line(2, "bus", device.bus.text());
        for (const auto& [key, value] : device.options) {
            page.line(2, key, value);
        }
    }
}

void dump_arm(const ArmSettings& arm, Page& page) {
    page.line(2, "arm");
    page.word(3, "control", arm.control);
    page.word(3, "close", arm.close);
    page.word(3, "on_power_loss", arm.on_power_loss);
    page.word(3, "on_power_return", arm.on_power_return);
    page.time(3, "up_within", arm.up_within);
    page.time(3, "down_within", arm.down_within);
}

std::string wiring(const WiredPoint& point) {
    auto out = "{ point: " + point.device.text() + "." + point.setup.point.text();
    const auto add = [&out](std::string_view key, std::string_view value) {
        out.append(", ").append(key).append(": ").append(value);
    };
    if (point.setup.direction == Direction::input) {
        add("wire_open_means", text_of(point.setup.wire_open_means));
    } else {
        if (point.setup.pulse != 0ms) {
            add("pulse", duration_text(point.setup.pulse));
        }
        add("sense", text_of(point.setup.sense));
        add("safe", text_of(point.setup.safe));
    }
    return out + " }";
}

std::string weighing(const DeviceName& device, const WeighSettings& weigh) {
    return "{ device: " + device.text() + ", holds_whole_vehicle: " + (weigh.holds_whole_vehicle ? "true" : "false") +
           ", stable_for: " + duration_text(weigh.stable_for) +
           ", zero_within: " + std::to_string(weigh.zero_within_kg) +
           " kg, not_zero_after: " + duration_text(weigh.not_zero_after) + " }";
}

void dump_lane(const WiredLane& wired, Page& page) {
    const auto& lane = wired.lane;
    page.line(1, lane.name.text());
    page.word(2, "way", lane.way);
    page.line(2, "control_point", lane.control_point.text());
    dump_arm(lane.arm, page);
    page.word(2, "on_inspect", lane.on_inspect);
    page.word(2, "on_hold", lane.on_hold);
    page.word(2, "load", lane.load);
    page.line(2, "requires", list(lane.required, [](Identity identity) { return text_of(identity); }));
    page.time(2, "identify_within", lane.identify_within);
    page.time(2, "hold", lane.hold);
    page.time(2, "command_life", lane.command_life);
    page.time(2, "abandon_after", lane.abandon_after);
    page.time(2, "permission_life", lane.permission_life);
    page.time(2, "gone_after", lane.gone_after);
    page.time(2, "radiation_lead", lane.radiation_lead);
    page.line(2, "roles");
    for (const auto& point : wired.points) {
        page.line(3, text_of(point.role), wiring(point));
    }
    for (const auto& reader : wired.readers) {
        const auto weighs = reader.role == Role::weighbridge;
        page.line(3, text_of(reader.role), weighs ? weighing(reader.device, lane.weigh) : reader.device.text());
    }
    if (!wired.sign.empty()) {
        page.line(3, text_of(Role::sign),
                  "{ device: " + wired.sign.text() + ", language: " + lane.sign_language + " }");
    }
}

void dump_zone(const ZoneSettings& zone, Page& page) {
    const auto door = [&page](std::string_view key, const std::optional<ZoneDoor>& one) {
        if (one) {
            page.line(
                2, key,
                one->lane.empty() ? "{ reader: " + one->reader.text() + " }" : "{ lane: " + one->lane.text() + " }");
        }
    };
    page.line(1, zone.name);
    door("zone_in", zone.zone_in);
    door("zone_out", zone.zone_out);
    if (zone.zone_in) {
        page.time(2, "arrive_within", zone.arrive_within);
    }
}

void dump_radiation(const RadiationSettings& radiation, Page& page) {
    page.line(0, "radiation");
    if (radiation.limits.high_gamma_cps) {
        page.line(1, "high_gamma_cps", std::to_string(*radiation.limits.high_gamma_cps));
    }
    page.line(1, "test_every", radiation.test_every ? duration_text(*radiation.test_every) : "never");
}

void dump_portal(const PortalSettings& portal, Page& page) {
    page.line(1, portal.name.text());
    page.word(2, "way", portal.way);
    page.line(2, "lanes", list(portal.lanes, [](const LaneName& lane) { return std::string_view{lane.text()}; }));
    if (portal.loop) {
        page.line(2, "loop", wiring({Role::arrival_loop, portal.loop->device, portal.loop->setup}));
    }
    if (!portal.radiation.empty()) {
        page.line(2, "radiation", portal.radiation.text());
    }
    if (!portal.readers.empty()) {
        page.line(2, "readers");
    }
    for (const auto& reader : portal.readers) {
        page.line(3, text_of(reader.role), reader.device.text());
    }
    page.line(2, "travel",
              "{ least: " + duration_text(portal.travel_least) + ", most: " + duration_text(portal.travel_most) + " }");
    page.time(2, "gap", portal.gap);
}

}  // namespace

std::string dump_effective(const GateSettings& settings) {
    Page page;
    dump_gate(settings, page);
    dump_uplinks(settings, page);
    dump_devices(settings, page);
    page.line(0, "lanes");
    for (const auto& lane : settings.lanes) {
        dump_lane(lane, page);
    }
    if (!settings.zones.empty()) {
        page.line(0, "zones");
    }
    for (const auto& zone : settings.zones) {
        dump_zone(zone, page);
    }
    if (settings.radiation != RadiationSettings{}) {
        dump_radiation(settings.radiation, page);
    }
    if (!settings.portals.empty()) {
        page.line(0, "portals");
    }
    for (const auto& portal : settings.portals) {
        dump_portal(portal, page);
    }
    return page.take();
}

}  // namespace portcullis::settings
