#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace portcullis::fault {

/// A bare MQTT 5 client of our own on the caller's context: what stands at the other end of a broken link must break
/// and come back at once, and must not share a library with the gate's uplink. QoS 1, and a keep-alive of its own that
/// notices a dead link within two seconds.
class MqttPeer {
public:
    struct Message {
        std::string topic;
        std::string payload;
        bool redelivery = false;  ///< user property `redelivery` is `1`
    };
    struct Handlers {
        std::function<void()> connected;  ///< every subscription is granted
        std::function<void(Message)> message;
        std::function<void()> lost;
    };

    MqttPeer(boost::asio::io_context& context, std::string client_id, Handlers handlers);
    ~MqttPeer();
    MqttPeer(const MqttPeer&) = delete;
    MqttPeer& operator=(const MqttPeer&) = delete;
    MqttPeer(MqttPeer&&) = delete;
    MqttPeer& operator=(MqttPeer&&) = delete;

    /// A new connection to a port of the loopback; an older one is dropped. `keep_session`: the broker keeps it for an
    /// hour and queues for it, as central's would; otherwise it forgets it.
    void connect(std::uint16_t port, std::vector<std::string> subscriptions, bool keep_session = false);
    /// QoS 1, not retained. Nothing happens without a connection.
    void publish(const std::string& topic, std::string_view payload);
    /// Without a goodbye.
    void drop();
    [[nodiscard]] bool online() const;

private:
    class Connection;
    boost::asio::io_context& context_;
    std::string client_id_;
    std::shared_ptr<Handlers> handlers_;
    std::shared_ptr<Connection> connection_;
};

}  // namespace portcullis::fault
