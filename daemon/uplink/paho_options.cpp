#include "uplink/paho_options.hpp"

#include <algorithm>

namespace portcullis::uplink {

mqtt::ssl_options tls_options(const TlsFiles& files) {
    mqtt::ssl_options options;
    if (!files.ca.empty()) {
        options.set_trust_store(files.ca);  // Paho then leaves the system's authorities out
    }
    if (!files.certificate.empty()) {
        options.set_key_store(files.certificate);
        options.set_private_key(files.key);
    }
    // Each of these is needed: Paho sets the security level to 1, where a key of 1024 bits will do, and by itself does
    // not look at the host name. Level 2 of OpenSSL 3 has no TLS before 1.2.
    options.set_enabled_cipher_suites("DEFAULT:@SECLEVEL=2");
    options.set_enable_server_cert_auth(true);
    options.set_verify(true);
    return options;
}

ConnackFacts connack_facts(const mqtt::properties& properties) {
    ConnackFacts facts;
    if (properties.contains(mqtt::property::RECEIVE_MAXIMUM)) {
        facts.limits.receive_maximum = mqtt::get<std::uint16_t>(properties, mqtt::property::RECEIVE_MAXIMUM);
    }
    if (properties.contains(mqtt::property::MAXIMUM_PACKET_SIZE)) {
        facts.limits.maximum_packet = mqtt::get<std::uint32_t>(properties, mqtt::property::MAXIMUM_PACKET_SIZE);
    }
    if (properties.contains(mqtt::property::SERVER_KEEP_ALIVE)) {
        facts.keep_alive =
            std::chrono::seconds{mqtt::get<std::uint16_t>(properties, mqtt::property::SERVER_KEEP_ALIVE)};
    }
    if (facts.limits.receive_maximum == 0) {
        facts.unfit = "the broker's Receive Maximum is 0, which MQTT forbids";
    } else if (properties.contains(mqtt::property::MAXIMUM_QOS)) {
        facts.unfit = mqtt::get<std::uint8_t>(properties, mqtt::property::MAXIMUM_QOS) == 0
                          ? "the broker takes QoS 0 only, and an event needs QoS 1: set its maximum QoS to 1 or 2"
                          : "";
    }
    if (facts.unfit.empty() && properties.contains(mqtt::property::RETAIN_AVAILABLE) &&
        mqtt::get<std::uint8_t>(properties, mqtt::property::RETAIN_AVAILABLE) == 0) {
        facts.unfit = "the broker keeps no retained messages, and the gate's status is one: allow them";
    }
    return facts;
}

std::string cause_of(const mqtt::token& token) {
    // The answer of a broker of MQTT 5 stands in the one or the other; all that is below 0x80 is no refusal.
    const int answer = std::max<int>(token.get_reason_code(), token.get_return_code());
    if (answer >= static_cast<int>(mqtt::ReasonCode::UNSPECIFIED_ERROR)) {
        const char* text = MQTTReasonCode_toString(static_cast<MQTTReasonCodes>(answer));
        return text != nullptr ? text : "reason code " + std::to_string(answer);
    }
    const char* text = MQTTAsync_strerror(token.get_return_code());
    return text != nullptr ? text : "no answer";
}

mqtt::message_ptr paho_message(const MqttMessage& message) {
    mqtt::properties properties;
    for (const auto& [name, value] : message.user_properties) {
        properties.add(mqtt::property{mqtt::property::USER_PROPERTY, name, value});
    }
    return mqtt::message::create(message.topic, mqtt::binary_ref{message.payload}, message.qos, message.retain,
                                 properties);
}

mqtt::create_options create_options() {
    mqtt::create_options options{MQTTVERSION_5};
    // Paho refuses a publication when so many wait for its thread; of its own it takes 100, which a full window and a
    // few states exceed while that thread is busy: a hole in the stream until central asks for it.
    options.set_max_buffered_messages(static_cast<int>(2 * worker_capacity));
    return options;
}

}  // namespace portcullis::uplink
