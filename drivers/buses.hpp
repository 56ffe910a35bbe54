#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <vector>

#include "core/ids.hpp"
#include "drivers/bus_settings.hpp"
#include "drivers/http/push_server.hpp"
#include "drivers/transport/byte_stream.hpp"
#include "drivers/transport/modbus_bus.hpp"

namespace portcullis::drivers {

/// The line or connection of a Modbus bus. Throws std::bad_variant_access for a bus of another kind.
[[nodiscard]] std::unique_ptr<ModbusLink> make_link(const BusSettings& settings, const runtime::Clock& clock);

/// Every bus of a gate, each made once. Outlives the devices.
class Buses {
public:
    Buses(boost::asio::io_context& context, const runtime::Clock& clock) : context_(context), clock_(clock) {}

    void add(const BusName& name, const BusSettings& settings);

    /// A stream of the caller's own: what a recording holds is played through it.
    void add_stream(const BusName& name, std::unique_ptr<ByteStream> stream) { streams_[name] = std::move(stream); }

    /// A Modbus line of the caller's own, likewise.
    void add_modbus(const BusName& name, std::unique_ptr<ModbusLink> link);

    /// What goes over a bus; nullptr for one without bytes of its own, or of no such name.
    [[nodiscard]] WireTap* tap(const BusName& name);

    /// Throw std::invalid_argument for a bus of another kind or none: settings are checked before.
    [[nodiscard]] ModbusBus& modbus(const BusName& name);
    [[nodiscard]] ByteStream& stream(const BusName& name);
    [[nodiscard]] const HttpSettings& http(const BusName& name) const;
    [[nodiscard]] PushServer& push_server(const BusName& name);

    /// After every device was stopped: lets each bus write the safe states that wait, and nothing else.
    void begin_stop();
    /// Waits for them all, at most so long altogether; false = one still hangs in an answer that does not come.
    [[nodiscard]] bool finish_stop(std::chrono::milliseconds limit);

    /// For the watchdog: one a Modbus bus.
    [[nodiscard]] std::vector<const runtime::Worker*> workers() const;

private:
    boost::asio::io_context& context_;
    const runtime::Clock& clock_;
    std::map<BusName, std::unique_ptr<ModbusBus>> modbus_;
    std::map<BusName, std::unique_ptr<ByteStream>> streams_;
    std::map<BusName, HttpSettings> http_;
    std::map<BusName, std::unique_ptr<PushServer>> push_servers_;
};

}  // namespace portcullis::drivers
