// The only file that calls Paho (paho_options.cpp translates for it). Its hazards and what is done about each: no
// persistence (its files are not synced), no automatic reconnect (its waits use the wall clock), clean start at each
// connect (it drops or repeats what is in flight as the broker's session decides), one filter a SUBSCRIBE (more report
// failure as success), callbacks that only copy and post (they run under its global lock), all calls from one worker
// (they block for a name look-up).
#include "uplink/mqtt_session.hpp"

#include <mqtt/async_client.h>

#include <atomic>
#include <boost/asio/post.hpp>
#include <stdexcept>
#include <tuple>

#include "uplink/paho_options.hpp"
#include "uplink/token_context.hpp"

namespace portcullis::uplink {
namespace {

/// Inbound messages that may wait for the owner; what comes beyond is dropped and counted.
constexpr std::int64_t waiting_most = 256;

constexpr auto worker_busy = "the worker for Paho takes no more work";

std::vector<std::string> subscriptions_of(const MqttSettings& settings) {
    auto all = settings.subscriptions;
    if (!settings.wish.empty()) {
        all.insert(all.begin(), settings.wish);
    }
    return all;
}

}  // namespace

class MqttSession::Link final : public std::enable_shared_from_this<Link>, public mqtt::iaction_listener {
public:
    Link(MqttSettings settings, Handlers handlers, boost::asio::io_context& context, runtime::Worker& worker)
        : settings_(std::move(settings)),
          handlers_(std::move(handlers)),
          context_(context),
          worker_(worker),
          subscriptions_(subscriptions_of(settings_)),
          keep_alive_(settings_.keep_alive),
          // Each connect names its server; this one is never used.
          client_(std::make_unique<mqtt::async_client>("tcp://127.0.0.1:1883", settings_.client_id, create_options(),
                                                       nullptr)) {
        // Once, before the first connect, and never `set_callback`: that one also asks for Paho's `connected`, which
        // completes the connect token a second time on a thread of its own, while or before CONNACK does (a process
        // that connected thousands of times died of it), and takes Paho's locks in the other order (paho.mqtt.cpp#356).
        client_->set_connection_lost_handler([this](const std::string& cause) { connection_lost(cause); });
        client_->set_message_callback([this](const mqtt::const_message_ptr& message) { message_arrived(message); });
        client_->set_disconnected_handler([this](const mqtt::properties&, mqtt::ReasonCode reason) {
            if (reason == mqtt::SESSION_TAKEN_OVER && accepted_ == attempt_) {
                tell([connection = attempt_.load()](const Handlers& called) { called.taken_over(connection); });
                return;
            }
            const char* text = MQTTReasonCode_toString(static_cast<MQTTReasonCodes>(reason));
            tell_lost(attempt_, std::string{"the broker ended the connection: "} + (text != nullptr ? text : "?"));
        });
    }

    void connect(std::int64_t connection, std::string server, MqttMessage will) {
        if (!worker_.post([self = shared_from_this(), connection, server = std::move(server), will = std::move(will)] {
                self->start(connection, server, will);
            })) {
            tell_lost(connection, worker_busy);
        }
    }
    void publish(std::int64_t connection, Publishing what, MqttMessage message) {
        if (!worker_.post([self = shared_from_this(), connection, what, message = std::move(message)] {
                self->send(connection, what, message);
            })) {
            tell_settled(connection, what, worker_busy);
        }
    }
    void disconnect(Goodbye goodbye = Goodbye::said) {
        const auto self = weak_from_this().lock();
        if (self && !worker_.post([self, goodbye] { self->finish(goodbye); })) {
            tell_closed();
        }
    }
    /// On the owner: no handler is called any more. Paho's client goes down where all calls into Paho run.
    void detach() {
        detached_ = true;
        // Refused by a worker that is stopping: then the client goes down with the last task that knows it.
        std::ignore = worker_.post([self = shared_from_this()] { self->client_.reset(); });
    }

private:
    // On the worker.

    void start(std::int64_t connection, const std::string& server, const MqttMessage& will) {
        attempt_ = connection;
        next_subscription_ = 0;
        server_ = server;
        mqtt::connect_options options;
        options.set_servers(mqtt::string_collection::create({server}));
        if (server.starts_with("ssl://")) {
            options.set_ssl(tls_options(settings_.tls.value_or(TlsFiles{})));
        }
        options.set_mqtt_version(MQTTVERSION_5);
        options.set_clean_start(true);
        options.set_keep_alive_interval(keep_alive_.load());
        options.set_connect_timeout(settings_.connect_timeout);
        if (!settings_.user.empty()) {
            options.set_user_name(settings_.user);
            options.set_password(settings_.password);
        }
        options.set_will(mqtt::will_options{*paho_message(will)});
        mqtt::properties properties;
        properties.add(mqtt::property{mqtt::property::MAXIMUM_PACKET_SIZE,
                                      static_cast<std::int32_t>(2 * settings_.largest_inbound)});
        options.set_properties(properties);
        try {
            client_->connect(options, context_of(connection, Purpose::connect), *this);
        } catch (const std::exception& error) {
            tell_lost(connection, error.what());
        }
    }

    void subscribe_next(std::int64_t connection) {
        if (connection != attempt_ || !client_) {
            return;
        }
        try {
            client_->subscribe(subscriptions_.at(next_subscription_), 1, context_of(connection, Purpose::subscribe),
                               *this);
        } catch (const std::exception& error) {
            tell_lost(connection, error.what());
        }
    }

    void send(std::int64_t connection, Publishing what, const MqttMessage& message) {
        if (connection != attempt_) {
            tell_settled(connection, what, "the connection is over");
            return;
        }
        try {
            client_->publish(paho_message(message), context_of(connection, purpose_of(what)), *this);
        } catch (const std::exception& error) {
            tell_settled(connection, what, error.what());
        }
    }

    void tell_refused(std::int64_t connection, const std::string& why, bool by_broker) {
        if (connection != attempt_) {
            return;
        }
        auto cause = "cannot connect to " + server_ + ": " + why;
        if (!by_broker && server_.starts_with("ssl://")) {
            cause += "; no broker there, or TLS failed: openssl s_client says which";
        }
        tell_lost(connection, cause);
    }

    void finish(Goodbye goodbye) {
        if (!client_) {
            return;  // asked for on one of Paho's threads when the owner had just gone
        }
        try {
            if (goodbye == Goodbye::said) {
                client_->disconnect(0, context_of(attempt_, Purpose::disconnect), *this);
                return;
            }
            mqtt::disconnect_options options;
            options.set_reason_code(mqtt::DISCONNECT_WITH_WILL_MESSAGE);
            client_->disconnect(options);
        } catch (const std::exception&) {
            tell_closed();  // not connected: nothing to end
        }
    }

    // On Paho's threads: copy and post, nothing else. A failed allocation ends the process (noexcept), which the
    // journal survives; only a message's size is another's choice, so that one is caught and counted.

    void on_success(const mqtt::token& token) noexcept override {
        const auto connection = connection_in(token.get_user_context());
        switch (purpose_in(token.get_user_context())) {
            case Purpose::connect:
                accepted(connection, connack_facts(token.get_connect_response().get_properties()));
                break;
            case Purpose::subscribe:
                subscribed(connection);
                break;
            case Purpose::disconnect:
                tell_closed();
                break;
            case Purpose::event:
                tell_settled(connection, Publishing::event, {});
                break;
            case Purpose::control:
                tell_settled(connection, Publishing::control, {});
                break;
            case Purpose::state:
                tell_settled(connection, Publishing::state, {});
                break;
            case Purpose::picture:
                tell_settled(connection, Publishing::picture, {});
                break;
        }
    }

    void on_failure(const mqtt::token& token) noexcept override {
        const auto connection = connection_in(token.get_user_context());
        switch (purpose_in(token.get_user_context())) {
            case Purpose::connect:
                refused(connection, token);
                break;
            case Purpose::subscribe:
                not_subscribed(connection, token);
                break;
            case Purpose::disconnect:
                tell_closed();
                break;
            case Purpose::event:
                tell_settled(connection, Publishing::event, cause_of(token));
                break;
            case Purpose::control:
                tell_settled(connection, Publishing::control, cause_of(token));
                break;
            case Purpose::state:
                tell_settled(connection, Publishing::state, cause_of(token));
                break;
            case Purpose::picture:
                tell_settled(connection, Publishing::picture, cause_of(token));
                break;
        }
    }

    void connection_lost(const std::string& cause) noexcept {
        tell_lost(attempt_, cause.empty() ? "the connection broke" : "the connection broke: " + cause);
    }

    void message_arrived(const mqtt::const_message_ptr& message) noexcept {
        auto self = weak_from_this().lock();
        if (!self || waiting_ >= waiting_most) {
            ++dropped_;
            return;
        }
        try {
            MqttInbound inbound;
            inbound.topic = message->get_topic();
            inbound.retained = message->is_retained();
            inbound.too_large = message->get_payload().size() > settings_.largest_inbound;
            if (!inbound.too_large) {
                inbound.payload = message->get_payload();
            }
            ++waiting_;
            boost::asio::post(context_, [self = std::move(self), inbound = std::move(inbound)]() mutable {
                --self->waiting_;
                inbound.dropped = self->dropped_.exchange(0);  // now: what was dropped behind it shows as well
                if (!self->detached_) {
                    self->handlers_.arrived(std::move(inbound));
                }
            });
        } catch (const std::exception&) {
            ++dropped_;
        }
    }

    // Of a connection that is over Paho still tells, and a SUBSCRIBE that was left in its queue goes out on the next
    // one: counted there, it would stand for a topic that nobody subscribed.

    void subscribed(std::int64_t connection) {
        if (connection == attempt_) {
            ++next_subscription_;
            go_on(connection);
        }
    }
    void not_subscribed(std::int64_t connection, const mqtt::token& token) {
        if (connection != attempt_) {
            return;
        }
        if (subscriptions_.at(next_subscription_) == settings_.wish && token.get_reason_code() != 0) {
            limits_.wish_refused = cause_of(token);
            ++next_subscription_;
            go_on(connection);
            return;
        }
        tell_lost(connection, "subscription refused: " + cause_of(token));
        disconnect();
    }

    void accepted(std::int64_t connection, const ConnackFacts& facts) {
        if (connection != attempt_) {
            return;
        }
        accepted_ = connection;
        limits_ = facts.limits;
        auto unfit = facts.unfit;
        // Paho 1.3.12 does not take the broker's word for it, so that the broker would cut a quiet link each time.
        if (unfit.empty() && facts.keep_alive.count() > 0 && facts.keep_alive < keep_alive_.load()) {
            keep_alive_ = facts.keep_alive;
            unfit = "the broker wants a keep alive of " + std::to_string(facts.keep_alive.count()) +
                    " s: connecting again with that";
        }
        if (unfit.empty()) {
            go_on(connection);
            return;
        }
        tell_lost(connection, unfit);
        disconnect();
    }

    /// The worker knows which server it was.
    void refused(std::int64_t connection, const mqtt::token& token) {
        const auto self = weak_from_this().lock();
        if (self && !worker_.post([self, connection, why = cause_of(token), by_broker = token.get_return_code() >= 0] {
                self->tell_refused(connection, why, by_broker);
            })) {
            tell_lost(connection, worker_busy);
        }
    }

    /// After CONNACK and after each SUBACK.
    void go_on(std::int64_t connection) {
        if (next_subscription_ < subscriptions_.size()) {
            const auto self = weak_from_this().lock();
            if (self && !worker_.post([self, connection] { self->subscribe_next(connection); })) {
                tell_lost(connection, worker_busy);
            }
            return;
        }
        tell([connection, limits = limits_](const Handlers& handlers) { handlers.connected(connection, limits); });
    }

    // On any thread. Without an owner the client is going down in our destructor, and Paho still tells what becomes of
    // its attempts: nobody listens.

    template <class Say>
    void tell(Say say) {
        if (auto self = weak_from_this().lock()) {
            boost::asio::post(context_, [self = std::move(self), say = std::move(say)] {
                if (!self->detached_) {
                    say(self->handlers_);
                }
            });
        }
    }
    void tell_lost(std::int64_t connection, std::string cause) {
        tell([connection, cause = std::move(cause)](const Handlers& handlers) { handlers.lost(connection, cause); });
    }
    void tell_settled(std::int64_t connection, Publishing what, std::string cause) {
        tell([connection, what, cause = std::move(cause)](const Handlers& handlers) {
            handlers.settled(connection, what, cause);
        });
    }
    void tell_closed() {
        tell([](const Handlers& handlers) { handlers.closed(); });
    }

    const MqttSettings settings_;
    const Handlers handlers_;
    boost::asio::io_context& context_;
    runtime::Worker& worker_;
    const std::vector<std::string> subscriptions_;
    bool detached_ = false;  ///< on the owner only
    std::atomic<std::int64_t> attempt_ = 0;
    std::atomic<std::int64_t> accepted_ = 0;        ///< the connection whose CONNACK was seen
    std::atomic<std::chrono::seconds> keep_alive_;  ///< ours, or less where a broker asked for it
    BrokerLimits limits_;                           ///< written by CONNACK, read after the SUBACKs that follow it
    std::string server_;                            ///< of this attempt; on the worker only
    std::atomic<std::size_t> next_subscription_ = 0;
    std::atomic<std::int64_t> waiting_ = 0;
    std::atomic<std::int64_t> dropped_ = 0;
    std::unique_ptr<mqtt::async_client> client_;
};

MqttSession::MqttSession(MqttSettings settings, Handlers handlers, boost::asio::io_context& context,
                         runtime::Worker& worker)
    : link_(std::make_shared<Link>(std::move(settings), std::move(handlers), context, worker)) {}

MqttSession::~MqttSession() {
    link_->detach();
}

void MqttSession::connect(std::int64_t connection, std::string server, MqttMessage will) {
    link_->connect(connection, std::move(server), std::move(will));
}

void MqttSession::publish(std::int64_t connection, Publishing what, MqttMessage message) {
    link_->publish(connection, what, std::move(message));
}

void MqttSession::disconnect(Goodbye goodbye) {
    link_->disconnect(goodbye);
}

}  // namespace portcullis::uplink
