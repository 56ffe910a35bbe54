#include "drivers/buses.hpp"

#include <algorithm>
#include <stdexcept>

#include "drivers/transport/serial_port.hpp"
#include "drivers/transport/tcp_stream.hpp"

namespace portcullis::drivers {

void Buses::add(const BusName& name, const BusSettings& settings) {
    if (const auto* modbus = std::get_if<ModbusTcpSettings>(&settings)) {
        modbus_[name] = std::make_unique<ModbusBus>(name, modbus->endpoint, context_, clock_);
    } else if (const auto* serial = std::get_if<SerialSettings>(&settings)) {
        streams_[name] = std::make_unique<SerialPort>(serial->path, serial->line, context_, clock_);
    } else if (const auto* tcp = std::get_if<TcpStreamSettings>(&settings)) {
        streams_[name] = std::make_unique<TcpStream>(tcp->endpoint, context_, clock_);
    }
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
