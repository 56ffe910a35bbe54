#pragma once

#include <mqtt/async_client.h>

#include <chrono>
#include <string>

#include "uplink/mqtt_session.hpp"

/// Between our values and Paho's: for mqtt_session.cpp only.
namespace portcullis::uplink {

/// Verification on, host name checked, TLS 1.2 or later, keys of 112 bits of security or more. Without a handler of TLS
/// errors: Paho C++ 1.2 hands Paho the address of a copy of it that is gone when it is called (paho.mqtt.cpp#325).
[[nodiscard]] mqtt::ssl_options tls_options(const TlsFiles& files);

/// Of a client's life.
[[nodiscard]] mqtt::create_options create_options();

/// What CONNACK says of the broker.
struct ConnackFacts {
    BrokerLimits limits;
    std::chrono::seconds keep_alive{0};  ///< 0: ours stands
    std::string unfit;                   ///< why no gate can work with this broker; empty: it can
};
[[nodiscard]] ConnackFacts connack_facts(const mqtt::properties& properties);

/// Why a token failed.
[[nodiscard]] std::string cause_of(const mqtt::token& token);
[[nodiscard]] mqtt::message_ptr paho_message(const MqttMessage& message);

}  // namespace portcullis::uplink
