#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/worker.hpp"
#include "uplink/tls_files.hpp"

namespace portcullis::uplink {

/// How to speak to a destination's brokers. One client object lives as long as the session (Paho leaks and hangs when
/// clients come and go).
struct MqttSettings {
    std::optional<TlsFiles> tls;  ///< of every `ssl://` server
    std::string client_id;
    std::string user;  ///< empty: none
    std::string password;
    std::vector<std::string> subscriptions;  ///< made at each connect, QoS 1
    /// One more, made before these, that a broker may refuse; empty: none.
    std::string wish;
    std::chrono::seconds keep_alive{20};
    std::chrono::seconds connect_timeout{10};
    /// A larger message is handed over without its payload; one more than twice as large is kept back by the broker.
    std::size_t largest_inbound = std::size_t{4} * 1024 * 1024;
};

/// How a session leaves: its owner's goodbye is with the broker, or it is stuck on the way and the broker is to publish
/// the will, which says the same (MQTT 5, reason code 4).
enum class Goodbye : std::uint8_t { said, by_will };

struct MqttMessage {
    std::string topic;
    std::string payload;
    int qos = 1;
    bool retain = false;
    std::vector<std::pair<std::string, std::string>> user_properties;
};

struct MqttInbound {
    std::string topic;
    std::string payload;
    bool retained = false;
    bool too_large = false;    ///< the payload was dropped
    std::int64_t dropped = 0;  ///< messages dropped since the one before because too many waited
};

/// What a publication is, so that its owner can count windows apart.
enum class Publishing : std::uint8_t { event, control, state, picture };

/// What the Worker for Paho must take at once for each session: a window of events, controls and live state.
inline constexpr std::size_t worker_capacity = 256;

/// What a broker takes, as its CONNACK says.
struct BrokerLimits {
    std::int64_t receive_maximum = 65'535;  ///< MQTT 5, 3.2.2.3.3: absent means this
    std::int64_t maximum_packet = 0;        ///< bytes; 0: no limit
    std::string wish_refused;               ///< why there is no subscription to `MqttSettings::wish`; empty: there is
};

/// One MQTT 5 session. All calls into Paho run on `worker` (they can block for a name look-up); all handlers run on
/// `context`. Both outlive the session, the worker what the session leaves to it, and the context the worker. Every
/// connect is a clean start with session expiry 0: the outbox cursor is the truth, so that whatever Paho or the broker
/// still hold of an older connection would only be sent twice. No persistence, no reconnect of Paho's own: the owner
/// calls `connect` again, with a higher number each time.
class MqttSession {
public:
    struct Handlers {
        /// Connected, every subscription granted but perhaps the wish.
        std::function<void(std::int64_t connection, BrokerLimits limits)> connected;
        /// This connection, or the attempt to make it, has failed. May come more than once.
        std::function<void(std::int64_t connection, const std::string& cause)> lost;
        /// The broker has given this connection, which it had accepted, to another client with our identity.
        std::function<void(std::int64_t connection)> taken_over;
        /// A publication has ended: taken by the broker, or not (then `cause`).
        std::function<void(std::int64_t connection, Publishing what, const std::string& cause)> settled;
        std::function<void(MqttInbound message)> arrived;
        /// `disconnect` is done.
        std::function<void()> closed;
    };

    /// Throws std::runtime_error when Paho refuses the settings.
    MqttSession(MqttSettings settings, Handlers handlers, boost::asio::io_context& context, runtime::Worker& worker);
    /// Handlers are not called after this; Paho's client is taken down on the worker.
    ~MqttSession();
    MqttSession(const MqttSession&) = delete;
    MqttSession& operator=(const MqttSession&) = delete;
    MqttSession(MqttSession&&) = delete;
    MqttSession& operator=(MqttSession&&) = delete;

    /// Starts attempt `connection` to `server`, `tcp://host:port` or `ssl://host:port`; no other may be alive. `will`:
    /// what the broker says when the link breaks. The files of TLS are read now.
    void connect(std::int64_t connection, std::string server, MqttMessage will);
    /// Sends in `connection`; a message for an older one is settled as failed.
    void publish(std::int64_t connection, Publishing what, MqttMessage message);
    /// Ends the connection or the attempt at once; then `closed` is called. (Given a time-out, Paho 1.3.12 looks only
    /// every three seconds whether it is through.)
    void disconnect(Goodbye goodbye = Goodbye::said);

private:
    class Link;
    std::shared_ptr<Link> link_;
};

}  // namespace portcullis::uplink
