#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace portcullis::central {

/// Central's MQTT 5 session: the one file of this folder that calls Paho. Its calls wait; they are made on a thread of
/// central's own. The broker keeps the session for an hour, as a real centre's would be kept over an outage.
class BrokerLink {
public:
    struct Message {
        std::string topic;
        std::string payload;
        bool redelivery = false;  ///< user property `redelivery` is `1`
    };
    /// Called on Paho's threads: they may only hand over.
    struct Handlers {
        std::function<void(Message)> message;
        std::function<void()> lost;
    };

    /// `broker` as `mqtt://host:port`.
    BrokerLink(const std::string& broker, const std::string& client_id, Handlers handlers);
    ~BrokerLink();
    BrokerLink(const BrokerLink&) = delete;
    BrokerLink& operator=(const BrokerLink&) = delete;
    BrokerLink(BrokerLink&&) = delete;
    BrokerLink& operator=(BrokerLink&&) = delete;

    /// Connects and subscribes; returns whether the broker kept the session. Throws std::runtime_error.
    bool connect(const std::vector<std::string>& subscriptions);
    /// QoS 1, not retained. Throws std::runtime_error when there is no connection.
    void publish(const std::string& topic, const std::string& payload);
    void disconnect();

private:
    class Client;
    std::unique_ptr<Client> client_;
};

}  // namespace portcullis::central
