#include "drivers/bus_settings.hpp"

namespace portcullis::drivers {

namespace {

std::optional<Endpoint> read_endpoint(const ConfigNode& node, ConfigProblems& problems) {
    auto endpoint = parse_endpoint(node.text(problems));
    if (!endpoint) {
        node.report(problems, "no IP address with a port", "write it like 192.0.2.10:502; names are not looked up");
    }
    return endpoint;
}

std::optional<BusSettings> read_serial(const ConfigNode& node, const ConfigNode& bus, ConfigProblems& problems) {
    SerialSettings serial{.path = node.text(problems), .line = {}};
    const bool numbered = serial.path.starts_with("/dev/ttyUSB") || serial.path.starts_with("/dev/ttyACM");
    if (numbered) {
        node.report(problems, "this name may be another device after a restart or replug",
                    "use its name under /dev/serial/by-id or /dev/serial/by-path");
    } else if (!serial.path.starts_with('/')) {
        node.report(problems, "not the path of a serial port", "write it like /dev/serial/by-path/usb-0:1.2");
    }
    if (const auto* text = bus.require("line", problems)) {
        if (const auto line = parse_line_settings(text->text(problems))) {
            serial.line = *line;
        } else {
            text->report(problems, "no line settings",
                         "write them like 9600 8N1: 1200 to 230400 baud, 7 or 8 bits, N, E or O, 1 or 2 stop bits");
        }
    }
    return serial;
}

}  // namespace

BusKind kind_of(const BusSettings& bus) {
    return std::holds_alternative<ModbusTcpSettings>(bus) ? BusKind::modbus : BusKind::stream;
}

std::optional<BusSettings> read_bus(const ConfigNode& node, ConfigProblems& problems) {
    const auto* modbus = node.find("modbus_tcp");
    const auto* serial = node.find("serial");
    const auto* tcp = node.find("tcp");
    const int given = (modbus != nullptr ? 1 : 0) + (serial != nullptr ? 1 : 0) + (tcp != nullptr ? 1 : 0);
    if (given != 1) {
        node.report(problems, given == 0 ? "no transport" : "more than one transport",
                    "a bus has one of modbus_tcp, serial, tcp");
        return std::nullopt;
    }
    if (serial != nullptr) {
        return read_serial(*serial, node, problems);
    }
    const auto endpoint = read_endpoint(modbus != nullptr ? *modbus : *tcp, problems);
    if (!endpoint) {
        return std::nullopt;
    }
    return modbus != nullptr ? BusSettings{ModbusTcpSettings{*endpoint}} : BusSettings{TcpStreamSettings{*endpoint}};
}

}  // namespace portcullis::drivers
