#include "simulators/central/broker_link.hpp"

#include <mqtt/async_client.h>

#include <chrono>
#include <stdexcept>

namespace portcullis::central {
namespace {

constexpr std::chrono::seconds patience{10};
constexpr std::int32_t session_kept_s = 3600;

std::string paho_uri(const std::string& broker) {
    constexpr std::string_view scheme = "mqtt://";
    if (!broker.starts_with(scheme)) {
        throw std::invalid_argument("\"" + broker + "\" is no broker: write mqtt://host:port");
    }
    return "tcp://" + broker.substr(scheme.size());
}

template <class Token>
void wait_for(const Token& token, const char* what) {
    if (!token->wait_for(patience)) {
        throw std::runtime_error(std::string{"the broker does not answer "} + what);
    }
}

}  // namespace

class BrokerLink::Client {
public:
    Client(const std::string& broker, const std::string& client_id, Handlers handlers)
        : paho(paho_uri(broker), client_id, mqtt::create_options{MQTTVERSION_5}, nullptr),
          handlers_(std::move(handlers)) {
        // Not `set_callback`: it also asks for `connected`, which completes the connect token before CONNACK's answer
        // is in it.
        paho.set_connection_lost_handler([this](const std::string&) { handlers_.lost(); });
        paho.set_message_callback([this](const mqtt::const_message_ptr& message) { message_arrived(message); });
    }

    void message_arrived(const mqtt::const_message_ptr& message) noexcept {
        Message received{message->get_topic(), message->get_payload(), false};
        const auto& properties = message->get_properties();
        for (std::size_t i = 0; i < properties.count(mqtt::property::USER_PROPERTY); ++i) {
            const auto [name, value] = mqtt::get<mqtt::string_pair>(properties, mqtt::property::USER_PROPERTY, i);
            received.redelivery = received.redelivery || (name == "redelivery" && value == "1");
        }
        handlers_.message(std::move(received));
    }

    mqtt::async_client paho;

private:
    Handlers handlers_;
};

BrokerLink::BrokerLink(const std::string& broker, const std::string& client_id, Handlers handlers)
    : client_(std::make_unique<Client>(broker, client_id, std::move(handlers))) {}

BrokerLink::~BrokerLink() {
    disconnect();
}

bool BrokerLink::connect(const std::vector<std::string>& subscriptions) {
    mqtt::connect_options options;
    options.set_mqtt_version(MQTTVERSION_5);
    options.set_clean_start(false);
    options.set_keep_alive_interval(std::chrono::seconds{20});
    options.set_connect_timeout(std::chrono::seconds{5});
    mqtt::properties properties;
    properties.add(mqtt::property{mqtt::property::SESSION_EXPIRY_INTERVAL, session_kept_s});
    options.set_properties(properties);
    const auto token = client_->paho.connect(options);
    wait_for(token, "CONNECT");
    const bool kept = token->get_connect_response().is_session_present();
    for (const auto& filter : subscriptions) {
        wait_for(client_->paho.subscribe(filter, 1), "SUBSCRIBE");
    }
    return kept;
}

void BrokerLink::publish(const std::string& topic, const std::string& payload) {
    client_->paho.publish(topic, payload, 1, false);
}

void BrokerLink::disconnect() {
    try {
        if (client_->paho.is_connected()) {
            client_->paho.disconnect(0)->wait_for(patience);
        }
    } catch (const std::exception&) {
        // not connected any more: that is what was wanted
    }
}

}  // namespace portcullis::central
