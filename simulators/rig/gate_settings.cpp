#include "simulators/rig/gate_settings.hpp"

#include <algorithm>
#include <sstream>
#include <string_view>

namespace portcullis::rig {

namespace {

/// A simulated terminal shares its machine with compilers: an answer may take longer than a real module's.
constexpr auto patience = "timeout: 1 s, stale_after: 3 s";

std::string device_of(const std::string& role, const std::string& lane) {
    return role + "-" + lane;
}

std::string_view scale_profile(story::ScaleKind kind) {
    switch (kind) {
        case story::ScaleKind::sics:
            return "mt-sics";
        case story::ScaleKind::yaohua:
            return "yaohua-xk3190";
        case story::ScaleKind::registers:
            return "tuna-id551pn";
        case story::ScaleKind::toledo:
        case story::ScaleKind::none:
            break;
    }
    return "toledo-continuous";
}

void write_buses(std::ostream& out, const LaneRig& lane) {
    const auto& name = lane.name();
    out << "  " << device_of("io", name) << ": { modbus_tcp: 127.0.0.1:" << lane.io_port() << " }\n"
        << "  " << device_of("plate_front", name) << ": { serial: " << lane.plate_reader().path()
        << ", line: 9600 8N1 }\n";
    if (const auto* rear = lane.rear_plate_reader()) {
        out << "  " << device_of("plate_rear", name) << ": { serial: " << rear->path() << ", line: 9600 8N1 }\n";
    }
    if (const auto* seals = lane.seal_reader()) {
        out << "  " << device_of("seal_rear", name) << ": { serial: " << seals->path() << ", line: 9600 8N1 }\n";
    }
    if (const auto* tags = lane.tag_station()) {
        out << "  " << device_of("tag_reader", name) << ": { serial: " << tags->line().path()
            << ", line: 115200 8N1 }\n";
    }
    if (const auto* camera = lane.camera()) {
        out << "  " << device_of("camera_front", name) << ": { http: \"http://127.0.0.1:" << camera->port()
            << "\", credentials: camera }\n";
    }
    if (const auto* scale = lane.scale()) {
        out << "  " << device_of("weighbridge", name) << ": { ";
        if (scale->port() != 0) {
            out << "modbus_tcp: 127.0.0.1:" << scale->port() << " }\n";
        } else {
            out << "serial: " << scale->path() << ", line: 9600 8N1 }\n";
        }
    }
    if (const auto* monitor = lane.monitor()) {
        const bool lines = lane.kind().radiation == story::MonitorKind::lines;
        out << "  " << device_of("radiation", name) << ": { " << (lines ? "tcp" : "modbus_tcp")
            << ": 127.0.0.1:" << monitor->port() << " }\n";
    }
    if (const auto* sign = lane.sign()) {
        out << "  " << device_of("sign", name) << ": { serial: " << sign->port().path() << ", line: 9600 8N1 }\n";
    }
    for (const auto& [role, reader] : lane.container_readers()) {
        out << "  " << device_of(role, name) << ": { modbus_tcp: 127.0.0.1:" << reader->port() << " }\n";
    }
}

void write_devices(std::ostream& out, const LaneRig& lane) {
    const auto& name = lane.name();
    const auto io = device_of("io", name);
    const auto plate = device_of("plate_front", name);
    out << "  " << io << ": { profile: advantech-adam-6050, bus: " << io << ", unit: 1, poll: 20 ms, " << patience
        << " }\n"
        << "  " << plate << ": { profile: plate-line-gbk, bus: " << plate << " }\n";
    if (lane.rear_plate_reader() != nullptr) {
        const auto rear = device_of("plate_rear", name);
        out << "  " << rear << ": { profile: plate-line-gbk, bus: " << rear << " }\n";
    }
    if (lane.seal_reader() != nullptr) {
        const auto seals = device_of("seal_rear", name);
        out << "  " << seals << ": { profile: seal-state-line, bus: " << seals << " }\n";
    }
    if (lane.tag_station() != nullptr) {
        const auto tags = device_of("tag_reader", name);
        out << "  " << tags << ": { profile: uhf-a0, bus: " << tags << " }\n";
    }
    if (lane.camera() != nullptr) {
        const auto camera = device_of("camera_front", name);
        out << "  " << camera << ": { profile: camera-snapshot, bus: " << camera
            << ", path: " << simulators::HttpCameraServer::path << " }\n";
    }
    if (lane.scale() != nullptr) {
        const auto scale = device_of("weighbridge", name);
        out << "  " << scale << ": { profile: " << scale_profile(lane.kind().scale) << ", bus: " << scale
            << ", verified_until: 2099-12-31"
            << (lane.kind().scale == story::ScaleKind::registers ? std::string{", unit: 1, "} + patience : "")
            << " }\n";
    }
    if (lane.monitor() != nullptr) {
        const auto monitor = device_of("radiation", name);
        const bool lines = lane.kind().radiation == story::MonitorKind::lines;
        out << "  " << monitor << ": { profile: " << (lines ? "tsa-portal-lines" : "aspect-portal")
            << ", bus: " << monitor << (lines ? std::string{} : std::string{", unit: 1, poll: 200 ms, "} + patience)
            << " }\n";
    }
    if (lane.sign() != nullptr) {
        const auto sign = device_of("sign", name);
        out << "  " << sign << ": { profile: sign-line-gbk, bus: " << sign << " }\n";
    }
    for (const auto& [role, reader] : lane.container_readers()) {
        const auto device = device_of(role, name);
        out << "  " << device << ": { profile: container-registers, bus: " << device << ", unit: 1, poll: 100 ms, "
            << patience << " }\n";
    }
}

bool is_wired(Role role, const story::LaneKind& kind) {
    const bool beam = role == Role::load_beam_fore || role == Role::load_beam_mid || role == Role::load_beam_aft;
    return (!beam || kind.load == LoadPolicy::beams) && (role != Role::empty_seen || kind.empty_seen);
}

void write_roles(std::ostream& out, const LaneRig& lane) {
    const auto io = device_of("io", lane.name());
    out << "    roles:\n";
    for (const auto& wire : input_wires()) {
        if (is_wired(wire.role, lane.kind())) {
            const auto point = io + ".di" + std::to_string(wire.index);
            out << "      " << text_of(wire.role) << ": "
                << (wire.open_means_occupied ? point : "{ point: " + point + ", wire_open_means: clear }") << "\n";
        }
    }
    out << "      arm_up: { point: " << io << ".do" << OutputWires::arm_up << ", pulse: 500 ms }\n"
        << "      arm_down_request: { point: " << io << ".do" << OutputWires::arm_down_request << ", pulse: 500 ms }\n"
        << "      light_go: " << io << ".do" << OutputWires::light_go << "\n"
        << "      light_lane: " << io << ".do" << OutputWires::light_lane << "\n"
        << "      plate_front: " << device_of("plate_front", lane.name()) << "\n";
    if (lane.rear_plate_reader() != nullptr) {
        out << "      plate_rear: " << device_of("plate_rear", lane.name()) << "\n";
    }
    if (lane.seal_reader() != nullptr) {
        out << "      seal_rear: " << device_of("seal_rear", lane.name()) << "\n";
    }
    if (lane.tag_station() != nullptr) {
        out << "      tag_reader: " << device_of("tag_reader", lane.name()) << "\n";
    }
    if (lane.camera() != nullptr) {
        out << "      camera_front: " << device_of("camera_front", lane.name()) << "\n";
    }
    if (lane.scale() != nullptr) {
        out << "      weighbridge: { device: " << device_of("weighbridge", lane.name())
            << ", holds_whole_vehicle: true }\n";
    }
    if (lane.monitor() != nullptr && !lane.kind().portal) {
        out << "      radiation: " << device_of("radiation", lane.name()) << "\n";
    }
    if (lane.sign() != nullptr) {
        out << "      sign: " << device_of("sign", lane.name()) << "\n";
    }
    for (const auto& [role, reader] : lane.container_readers()) {
        out << "      " << role << ": " << device_of(role, lane.name()) << "\n";
    }
}

void write_lane(std::ostream& out, const LaneRig& lane) {
    const auto& kind = lane.kind();
    out << "  " << lane.name() << ":\n"
        << "    way: " << text_of(kind.way) << "\n"
        << "    arm: { control: pulse, close: daemon_request, on_power_loss: stays, on_power_return: stays, "
           "up_within: 6 s, down_within: 6 s }\n"
        << "    on_inspect: " << text_of(kind.on_inspect) << "\n"
        << "    on_hold: turn_back\n"
        << "    load: " << text_of(kind.load) << "\n"
        << "    requires: [plate" << (kind.load == LoadPolicy::beams ? "" : ", container")
        << (kind.needs_radiation ? ", radiation" : "") << "]\n"
        << "    identify_within: 3 s\n";
    write_roles(out, lane);
}

/// Nobody brings a test object to a simulated monitor.
void write_radiation(std::ostream& out, const std::vector<std::unique_ptr<LaneRig>>& lanes) {
    if (std::any_of(lanes.begin(), lanes.end(), [](const auto& lane) { return lane->monitor() != nullptr; })) {
        out << "radiation: { high_gamma_cps: 20000, test_every: never }\n";
    }
    const auto at_portal = [](const auto& lane) { return lane->monitor() != nullptr && lane->kind().portal; };
    if (std::any_of(lanes.begin(), lanes.end(), at_portal)) {
        out << "portals:\n";
    }
    for (const auto& lane : lanes) {
        if (at_portal(lane)) {
            out << "  " << device_of("arch", lane->name()) << ": { way: " << text_of(lane->kind().way) << ", lanes: ["
                << lane->name() << "], radiation: " << device_of("radiation", lane->name())
                << ", travel: { least: 1 s, most: 60 s }, gap: 500 ms }\n";
        }
    }
}

bool has_camera(const std::vector<std::unique_ptr<LaneRig>>& lanes) {
    return std::any_of(lanes.begin(), lanes.end(), [](const auto& lane) { return lane->camera() != nullptr; });
}

}  // namespace

std::string settings_text(const GateFacts& gate, const std::vector<std::unique_ptr<LaneRig>>& lanes) {
    std::ostringstream out;
    out << "gate: { terminal: " << terminal_name << ", name: " << gate.name
        << ", time_zone: Asia/Shanghai, languages: [zh-CN, en], test_bench: true }\n"
        << "state: " << gate.state.string() << "\n"
        << "control_socket: " << (gate.state / "control").string() << "\n"
        << "uplink:\n"
        << "  - { name: supervision, broker: \"" << gate.broker << "\", required: true"
        << (has_camera(lanes) ? ", evidence: true" : "") << " }\n"
        << (gate.orders_key.empty() ? "trust: { root: root.json }\n"
                                    : "policy: policy.yaml\ntrust: { orders_key: " + gate.orders_key + " }\n");
    if (!gate.journal.empty()) {
        out << "journal: " << gate.journal << "\n";
    }
    if (std::any_of(lanes.begin(), lanes.end(), [](const auto& lane) { return lane->sign() != nullptr; })) {
        out << "signs: signs.yaml\n";
    }
    out << "buses:\n";
    for (const auto& lane : lanes) {
        write_buses(out, *lane);
    }
    if (gate.yard_port != 0) {
        out << "  yard: { modbus_tcp: 127.0.0.1:" << gate.yard_port << " }\n";
    }
    out << "devices:\n";
    for (const auto& lane : lanes) {
        write_devices(out, *lane);
    }
    if (gate.yard_port != 0) {
        out << "  yard: { profile: container-registers, bus: yard, unit: 1, poll: 100 ms, " << patience << " }\n";
    }
    out << "lanes:\n";
    for (const auto& lane : lanes) {
        write_lane(out, *lane);
    }
    write_radiation(out, lanes);
    if (!gate.zones.empty()) {
        out << "zones:\n  " << gate.zones << "\n";
    }
    return out.str();
}

std::string policy_text() {
    return "rows:\n"
           "  - { way: out, movement: import_laden, consents: [ciq], without_order: hold }\n"
           "  - { way: in, movement: export_laden, without_order: release }\n"
           "  - { movement: empty_in, consents: [terminal], without_order: hold }\n"
           "  - { movement: empty_out, consents: [terminal], without_order: hold }\n"
           "  - { movement: no_box, without_order: release }\n";
}

}  // namespace portcullis::rig
