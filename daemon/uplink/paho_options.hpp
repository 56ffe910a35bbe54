#pragma once

#include <mqtt/async_client.h>

#include <string>

#include "uplink/mqtt_session.hpp"

/// Between our values and Paho's: for mqtt_session.cpp only.
namespace portcullis::uplink {

/// Verification on, host name checked, TLS 1.2 or later, keys of 112 bits of security or more. `on_error` is called on
/// Paho's threads with a line of OpenSSL's error queue.
[[nodiscard]] mqtt::ssl_options tls_options(const TlsFiles& files, mqtt::ssl_options::error_handler on_error);

/// `certificate verify failed` of OpenSSL's `0:error:0A000086:SSL routines:function:certificate verify failed:file:…`.
[[nodiscard]] std::string openssl_reason(const std::string& line);

/// What CONNACK says of the broker.
struct ConnackFacts {
    BrokerLimits limits;
    std::chrono::seconds keep_alive{0};  ///< 0: ours stands
    std::string unfit;                   ///< why no gate can work with this broker; empty: it can
};
[[nodiscard]] ConnackFacts connack_facts(const mqtt::properties& properties);

}  // namespace portcullis::uplink
