#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace portcullis::testing {

/// A message as a broker handed it out.
struct ProbedMessage {
    std::string topic;
    std::string payload;
    bool retained = false;
    std::map<std::string, std::string> user_properties;
};

/// A plain MQTT 5 client that keeps what it receives: the other end in tests of what speaks MQTT. Its calls wait and
/// throw what Paho throws; it never connects again by itself.
class MqttProbe {
public:
    /// `uri` as `mqtt://host:port`. Connects.
    MqttProbe(const std::string& uri, const std::string& client_id);
    ~MqttProbe();
    MqttProbe(const MqttProbe&) = delete;
    MqttProbe& operator=(const MqttProbe&) = delete;
    MqttProbe(MqttProbe&&) = delete;
    MqttProbe& operator=(MqttProbe&&) = delete;

    void subscribe(const std::string& filter);
    void publish(const std::string& topic, const std::string& payload, bool retain = false);

    /// All that came so far.
    [[nodiscard]] std::vector<ProbedMessage> messages() const;
    /// Payloads of one topic.
    [[nodiscard]] std::vector<std::string> payloads(const std::string& topic) const;
    [[nodiscard]] std::size_t count(const std::string& topic) const;
    void forget();

private:
    class Client;
    std::unique_ptr<Client> client_;
};

}  // namespace portcullis::testing
