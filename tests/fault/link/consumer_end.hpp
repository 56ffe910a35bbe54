#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "runtime/clock.hpp"
#include "simulators/central/consumer.hpp"
#include "tests/fault/link/mqtt_peer.hpp"

namespace portcullis::fault {

/// Central at the other end of the link: the rule of design.md 7 (code of the central simulator, which shares none with
/// the uplink) on a connection that comes back at once. Its seconds pass `speed` times faster than ours.
class ConsumerEnd {
public:
    enum class Manners : std::uint8_t {
        follows_rule,  ///< acknowledges what it stored, asks replay at a hole
        says_nothing,  ///< stores what comes, and trusts that all of it does
        keeps_all      ///< follows the rule, and stores also what it has
    };
    struct Plan {
        std::uint16_t port = 0;
        std::string prefix;
        bool keep_session = false;
        int speed = 100;
        Manners manners = Manners::follows_rule;
    };
    /// Called with each event as it is stored.
    using Stored = std::function<void(std::int64_t sequence, const std::string& bytes)>;

    ConsumerEnd(boost::asio::io_context& context, const runtime::Clock& clock, const central::EventSchemas& schemas,
                Plan plan, Stored stored);
    ~ConsumerEnd();
    ConsumerEnd(const ConsumerEnd&) = delete;
    ConsumerEnd& operator=(const ConsumerEnd&) = delete;
    ConsumerEnd(ConsumerEnd&&) = delete;
    ConsumerEnd& operator=(ConsumerEnd&&) = delete;

    /// Comes back whenever its connection is lost.
    void start();
    /// Away until `start`, without a goodbye.
    void stop();
    /// Its connection fell, or has to: drops it and comes back.
    void reconnect();

    [[nodiscard]] central::CentralReport report() const { return consumer_.report(); }
    [[nodiscard]] bool online() const { return peer_.online(); }
    /// Events that came over the wire, known ones too.
    [[nodiscard]] std::int64_t received() const { return received_; }

private:
    [[nodiscard]] Instant now() const;
    void connect();
    void take(const MqttPeer::Message& message);
    void say();
    void arm();

    const runtime::Clock& clock_;
    Plan plan_;
    Stored stored_;
    Instant born_;
    central::Consumer consumer_;
    MqttPeer peer_;
    boost::asio::steady_timer speak_;
    boost::asio::steady_timer again_;
    std::set<std::int64_t> seen_;  ///< of one that says nothing
    bool wanted_ = false;
    std::int64_t received_ = 0;
};

}  // namespace portcullis::fault
