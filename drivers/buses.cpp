#include "drivers/buses.hpp"

#include <algorithm>
#include <stdexcept>

#include "drivers/transport/modbus_rtu_link.hpp"
#include "drivers/transport/modbus_tcp_link.hpp"
#include "drivers/transport/serial_port.hpp"
#include "drivers/transport/tcp_stream.hpp"

namespace portcullis::drivers {

std::unique_ptr<ModbusLink> make_link(const BusSettings& settings, const runtime::Clock& clock) {
    if (const auto* rtu = std::get_if<ModbusRtuSettings>(&settings)) {
        auto timing = rtu_timing(rtu->line);
        timing.local_echo = rtu->local_echo;
        return std::make_unique<ModbusRtuLink>(LinePort::Kind::local,
                                               serial_opener(rtu->path, rtu->line, rtu->direction), timing, clock);
    }
    if (const auto* behind = std::get_if<ModbusRtuOverTcpSettings>(&settings)) {
        return std::make_unique<ModbusRtuLink>(LinePort::Kind::terminal_server,
                                               terminal_server_opener(behind->endpoint), RtuTiming{}, clock);
    }
    return std::make_unique<ModbusTcpLink>(std::get<ModbusTcpSettings>(settings).endpoint, clock);
}

void Buses::add(const BusName& name, const BusSettings& settings) {
    if (kind_of(settings) == BusKind::modbus) {
        modbus_[name] = std::make_unique<ModbusBus>(name, make_link(settings, clock_), context_, clock_);
    } else if (const auto* serial = std::get_if<SerialSettings>(&settings)) {
        streams_[name] = std::make_unique<SerialPort>(serial->path, serial->line, context_, clock_);
    } else if (const auto* tcp = std::get_if<TcpStreamSettings>(&settings)) {
        streams_[name] = std::make_unique<TcpStream>(tcp->endpoint, context_, clock_);
    } else if (const auto* http = std::get_if<HttpSettings>(&settings)) {
        http_[name] = *http;
    } else if (const auto* listen = std::get_if<HttpListenSettings>(&settings)) {
        push_servers_[name] = std::make_unique<PushServer>(listen->endpoint, listen->credential, context_, clock_);
    }
}

void Buses::add_modbus(const BusName& name, std::unique_ptr<ModbusLink> link) {
    modbus_[name] = std::make_unique<ModbusBus>(name, std::move(link), context_, clock_);
}

WireTap* Buses::tap(const BusName& name) {
    if (const auto modbus = modbus_.find(name); modbus != modbus_.end()) {
        return &modbus->second->tap();
    }
    const auto stream = streams_.find(name);
    return stream == streams_.end() ? nullptr : &stream->second->tap();
}

ModbusBus& Buses::modbus(const BusName& name) {
    const auto found = modbus_.find(name);
    if (found == modbus_.end()) {
        throw std::invalid_argument("no Modbus bus " + name.text());
    }
    return *found->second;
}

ByteStream& Buses::stream(const BusName& name) {
    const auto found = streams_.find(name);
    if (found == streams_.end()) {
        throw std::invalid_argument("no serial or TCP bus " + name.text());
    }
    return *found->second;
}

const HttpSettings& Buses::http(const BusName& name) const {
    const auto found = http_.find(name);
    if (found == http_.end()) {
        throw std::invalid_argument("no HTTP bus " + name.text());
    }
    return found->second;
}

PushServer& Buses::push_server(const BusName& name) {
    const auto found = push_servers_.find(name);
    if (found == push_servers_.end()) {
        throw std::invalid_argument("no listening HTTP bus " + name.text());
    }
    return *found->second;
}

void Buses::begin_stop() {
    for (const auto& [name, bus] : modbus_) {
        bus->begin_stop();
    }
}

bool Buses::finish_stop(std::chrono::milliseconds limit) {
    const auto until = clock_.now().instant + limit;
    return std::all_of(modbus_.begin(), modbus_.end(), [&](const auto& bus) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - clock_.now().instant);
        return bus.second->finish_stop(std::max(left, std::chrono::milliseconds{0}));
    });
}

std::vector<const runtime::Worker*> Buses::workers() const {
    std::vector<const runtime::Worker*> workers;
    for (const auto& [name, bus] : modbus_) {
        workers.push_back(&bus->worker());
    }
    return workers;
}

}  // namespace portcullis::drivers
