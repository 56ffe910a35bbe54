#include "drivers/bus_settings.hpp"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace portcullis::drivers {

namespace {

constexpr std::array<std::string_view, 7> transports{"modbus_tcp", "modbus_rtu", "modbus_rtu_over_tcp", "serial",
                                                     "tcp",        "http",       "http_listen"};

std::optional<Endpoint> read_endpoint(const ConfigNode& node, ConfigProblems& problems) {
    auto endpoint = parse_endpoint(node.text(problems));
    if (!endpoint) {
        node.report(problems, "no IP address with a port", "write it like 192.0.2.10:502; names are not looked up");
    }
    return endpoint;
}

/// `http://192.0.2.20` or `http://192.0.2.20:8080`.
std::optional<BusSettings> read_http(const ConfigNode& node, ConfigProblems& problems) {
    constexpr std::string_view scheme = "http://";
    const auto text = node.text(problems);
    if (text.starts_with("https://")) {
        node.report(problems, "HTTPS to cameras is not spoken",
                    "write http:// and let nobody else reach the camera's network; digest authentication keeps the "
                    "password off the line");
        return std::nullopt;
    }
    auto address = text.starts_with(scheme) ? text.substr(scheme.size()) : std::string{};
    auto endpoint = parse_endpoint(address);
    if (!endpoint && !address.empty()) {
        endpoint = parse_endpoint(address + ":80");
    }
    if (!endpoint) {
        node.report(
            problems, "no http:// with an IP address",
            "write it like http://192.0.2.20 or http://192.0.2.20:8080; names are not looked up, and the path is "
            "the device's `path`");
        return std::nullopt;
    }
    return HttpSettings{.endpoint = std::move(*endpoint), .credential = {}};
}

std::string read_port(const ConfigNode& node, ConfigProblems& problems) {
    auto path = node.text(problems);
    const bool numbered = path.starts_with("/dev/ttyUSB") || path.starts_with("/dev/ttyACM");
    if (numbered) {
        node.report(problems, "this name may be another device after a restart or replug",
                    "use its name under /dev/serial/by-id or /dev/serial/by-path");
    } else if (!path.starts_with('/')) {
        node.report(problems, "not the path of a serial port", "write it like /dev/serial/by-path/usb-0:1.2");
    }
    return path;
}

LineSettings read_line(const ConfigNode& bus, ConfigProblems& problems) {
    const auto* text = bus.require("line", problems);
    if (text == nullptr) {
        return {};
    }
    const auto line = parse_line_settings(text->text(problems));
    if (!line) {
        text->report(problems, "no line settings",
                     "write them like 9600 8N1: 1200 to 230400 baud, 7 or 8 bits, N, E or O, 1 or 2 stop bits");
    }
    return line.value_or(LineSettings{});
}

std::optional<BusSettings> read_serial(const ConfigNode& node, const ConfigNode& bus, ConfigProblems& problems) {
    auto path = read_port(node, problems);
    return SerialSettings{.path = std::move(path), .line = read_line(bus, problems)};
}

std::optional<BusSettings> read_rtu(const ConfigNode& node, const ConfigNode& bus, ConfigProblems& problems) {
    ModbusRtuSettings rtu;
    rtu.path = read_port(node, problems);
    rtu.line = read_line(bus, problems);
    if (rtu.line.data_bits != 8) {
        bus.find("line")->report(problems, "RTU frames need bytes of 8 bits", "write it like 19200 8E1 or 9600 8N1");
    }
    if (const auto* direction = bus.find("rs485")) {
        rtu.direction = direction->word<Rs485>(problems);
    }
    if (const auto* echo = bus.find("local_echo")) {
        rtu.local_echo = echo->flag(problems);
    }
    return rtu;
}

}  // namespace

BusKind kind_of(const BusSettings& bus) {
    if (std::holds_alternative<ModbusTcpSettings>(bus) || std::holds_alternative<ModbusRtuSettings>(bus) ||
        std::holds_alternative<ModbusRtuOverTcpSettings>(bus)) {
        return BusKind::modbus;
    }
    if (std::holds_alternative<HttpSettings>(bus)) {
        return BusKind::http;
    }
    return std::holds_alternative<HttpListenSettings>(bus) ? BusKind::http_listen : BusKind::stream;
}

std::optional<BusSettings> read_bus(const ConfigNode& node, ConfigProblems& problems) {
    std::vector<std::pair<std::string_view, const ConfigNode*>> given;
    std::string words;
    for (const std::string_view transport : transports) {
        words += (words.empty() ? "" : ", ") + std::string{transport};
        if (const auto* written = node.find(transport)) {
            given.emplace_back(transport, written);
        }
    }
    if (given.size() != 1) {
        node.report(problems, given.empty() ? "no transport" : "more than one transport", "a bus has one of " + words);
        return std::nullopt;
    }
    const auto& [transport, written] = given.front();
    if (transport == "serial") {
        return read_serial(*written, node, problems);
    }
    if (transport == "modbus_rtu") {
        return read_rtu(*written, node, problems);
    }
    if (transport == "http") {
        return read_http(*written, problems);
    }
    const auto endpoint = read_endpoint(*written, problems);
    if (!endpoint) {
        return std::nullopt;
    }
    if (transport == "modbus_rtu_over_tcp") {
        return ModbusRtuOverTcpSettings{*endpoint};
    }
    if (transport == "http_listen") {
        return HttpListenSettings{.endpoint = *endpoint, .credential = {}};
    }
    return transport == "modbus_tcp" ? BusSettings{ModbusTcpSettings{*endpoint}}
                                     : BusSettings{TcpStreamSettings{*endpoint}};
}

}  // namespace portcullis::drivers
