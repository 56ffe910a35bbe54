#include "drivers/bus_address.hpp"

#include <variant>

namespace portcullis::drivers {

namespace {

BusAddress address(const ModbusTcpSettings& bus) {
    return {"modbus_tcp", bus.endpoint.text(), {}};
}
BusAddress address(const ModbusRtuSettings& bus) {
    return {"modbus_rtu", bus.path, bus.line.text()};
}
BusAddress address(const ModbusRtuOverTcpSettings& bus) {
    return {"modbus_rtu_over_tcp", bus.endpoint.text(), {}};
}
BusAddress address(const SerialSettings& bus) {
    return {"serial", bus.path, bus.line.text()};
}
BusAddress address(const TcpStreamSettings& bus) {
    return {"tcp", bus.endpoint.text(), {}};
}
BusAddress address(const HttpSettings& bus) {
    return {"http", bus.endpoint.text(), {}};
}
BusAddress address(const HttpListenSettings& bus) {
    return {"http_listen", bus.endpoint.text(), {}};
}

}  // namespace

BusAddress address_of(const BusSettings& bus) {
    return std::visit([](const auto& settings) { return address(settings); }, bus);
}

}  // namespace portcullis::drivers
