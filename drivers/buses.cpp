#include "drivers/buses.hpp"

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

void Buses::stop() {
    for (const auto& [name, bus] : modbus_) {
        bus->begin_stop();
    }
    for (const auto& [name, bus] : modbus_) {
        bus->finish_stop();
    }
}

std::vector<const runtime::Worker*> Buses::workers() const {
    std::vector<const runtime::Worker*> workers;
    for (const auto& [name, bus] : modbus_) {
        workers.push_back(&bus->worker());
    }
    return workers;
}

}  // namespace portcullis::drivers
