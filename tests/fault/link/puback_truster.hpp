#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <string>

#include "tests/fault/link/gate_end.hpp"
#include "tests/fault/link/mqtt_peer.hpp"

namespace portcullis::fault {

/// The negative control of every test of a link: acknowledges in central's name what the broker took, as a gate would
/// that calls PUBACK delivery.
class PubackTruster {
public:
    PubackTruster(boost::asio::io_context& context, std::uint16_t broker_port, std::string prefix, const GateEnd& gate);
    /// To be called now and then.
    void tick();
    /// The broker was away.
    void connect_again();

private:
    std::string prefix_;
    std::uint16_t broker_port_;
    const GateEnd& gate_;
    MqttPeer peer_;
};

}  // namespace portcullis::fault
