#include "tests/support/mqtt_probe.hpp"

#include <mqtt/async_client.h>

#include <algorithm>
#include <mutex>
#include <stdexcept>

namespace portcullis::testing {
namespace {

constexpr std::chrono::seconds patience{10};

std::string paho_uri(const std::string& uri) {
    return "tcp://" + uri.substr(uri.find("://") + 3);
}

void wait_for(const mqtt::token_ptr& token) {
    if (!token->wait_for(patience)) {
        throw std::runtime_error("the broker does not answer the probe");
    }
}

}  // namespace

class MqttProbe::Client : public mqtt::callback {
public:
    Client(const std::string& uri, const std::string& client_id)
        : client_(paho_uri(uri), client_id, mqtt::create_options{MQTTVERSION_5}, nullptr) {
        client_.set_callback(*this);
        mqtt::connect_options options;
        options.set_mqtt_version(MQTTVERSION_5);
        options.set_clean_start(true);
        wait_for(client_.connect(options));
    }

    void message_arrived(mqtt::const_message_ptr message) override {
        ProbedMessage probed{message->get_topic(), message->get_payload(), message->is_retained(), {}};
        const auto& properties = message->get_properties();
        for (std::size_t i = 0; i < properties.count(mqtt::property::USER_PROPERTY); ++i) {
            const auto [name, value] = mqtt::get<mqtt::string_pair>(properties, mqtt::property::USER_PROPERTY, i);
            probed.user_properties[name] = value;
        }
        const std::lock_guard lock{mutex_};
        messages_.push_back(std::move(probed));
    }

    mutable std::mutex mutex_;
    std::vector<ProbedMessage> messages_;  // guarded by mutex_
    mqtt::async_client client_;            // goes first: its thread still brings messages
};

MqttProbe::MqttProbe(const std::string& uri, const std::string& client_id)
    : client_(std::make_unique<Client>(uri, client_id)) {}

MqttProbe::~MqttProbe() {
    try {
        if (client_->client_.is_connected()) {
            client_->client_.disconnect(0)->wait_for(patience);
        }
    } catch (const std::exception&) {
        // the broker is gone: nothing to say goodbye to
    }
}

void MqttProbe::subscribe(const std::string& filter) {
    wait_for(client_->client_.subscribe(filter, 1));
}

void MqttProbe::publish(const std::string& topic, const std::string& payload, bool retain) {
    wait_for(client_->client_.publish(topic, payload, 1, retain));
}

std::vector<ProbedMessage> MqttProbe::messages() const {
    const std::lock_guard lock{client_->mutex_};
    return client_->messages_;
}

std::vector<std::string> MqttProbe::payloads(const std::string& topic) const {
    const std::lock_guard lock{client_->mutex_};
    std::vector<std::string> found;
    for (const auto& message : client_->messages_) {
        if (message.topic == topic) {
            found.push_back(message.payload);
        }
    }
    return found;
}

std::size_t MqttProbe::count(const std::string& topic) const {
    const std::lock_guard lock{client_->mutex_};
    const auto& messages = client_->messages_;
    return static_cast<std::size_t>(
        std::count_if(messages.begin(), messages.end(), [&](const auto& message) { return message.topic == topic; }));
}

void MqttProbe::forget() {
    const std::lock_guard lock{client_->mutex_};
    client_->messages_.clear();
}

}  // namespace portcullis::testing
