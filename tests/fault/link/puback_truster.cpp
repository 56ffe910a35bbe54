#include "tests/fault/link/puback_truster.hpp"

#include <utility>

namespace portcullis::fault {

PubackTruster::PubackTruster(boost::asio::io_context& context, std::uint16_t broker_port, std::string prefix,
                             const GateEnd& gate)
    : prefix_(std::move(prefix)),
      broker_port_(broker_port),
      gate_(gate),
      peer_(context, "truster-" + prefix_, {[] {}, [](const MqttPeer::Message&) {}, [] {}}) {
    connect_again();
}

void PubackTruster::connect_again() {
    peer_.connect(broker_port_, {});
}

void PubackTruster::tick() {
    const auto view = gate_.view();
    if (peer_.online() && view.online && view.sent > view.acknowledged && view.broker_took >= view.sent) {
        peer_.publish(prefix_ + "/ack", R"({"stream":")" + gate_.stream() + R"(","sequence":)" +
                                            std::to_string(view.sent) + R"(,"sha256":")" + gate_.digest(view.sent) +
                                            "\"}");
    }
}

}  // namespace portcullis::fault
