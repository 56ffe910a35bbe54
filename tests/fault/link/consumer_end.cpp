#include "tests/fault/link/consumer_end.hpp"

#include <boost/json/parse.hpp>
#include <chrono>
#include <utility>

namespace portcullis::fault {
namespace {

using namespace std::chrono_literals;
constexpr auto again_after = 3ms;

std::int64_t sequence_of(const std::string& bytes) {
    return std::stoll(std::string{boost::json::parse(bytes).at("sequence").as_string()});
}

}  // namespace

ConsumerEnd::ConsumerEnd(boost::asio::io_context& context, const runtime::Clock& clock,
                         const central::EventSchemas& schemas, Plan plan, Stored stored)
    : clock_(clock),
      plan_(std::move(plan)),
      stored_(std::move(stored)),
      born_(clock.now().instant),
      consumer_(schemas),
      peer_(context, "central-" + plan_.prefix,
            {.connected =
                 [this] {
                     consumer_.connected(false, now());
                     say();
                 },
             .message = [this](const MqttPeer::Message& message) { take(message); },
             .lost =
                 [this] {
                     again_.expires_after(again_after);
                     again_.async_wait([this](const boost::system::error_code& error) {
                         if (!error) {
                             connect();
                         }
                     });
                 }}),
      speak_(context),
      again_(context) {}

ConsumerEnd::~ConsumerEnd() {
    stop();
}

void ConsumerEnd::start() {
    wanted_ = true;
    connect();
}

void ConsumerEnd::stop() {
    wanted_ = false;
    again_.cancel();
    speak_.cancel();
    peer_.drop();
}

void ConsumerEnd::reconnect() {
    again_.cancel();
    connect();
}

void ConsumerEnd::connect() {
    if (wanted_) {
        peer_.connect(plan_.port, {plan_.prefix + "/status", plan_.prefix + "/event"}, plan_.keep_session);
    }
}

Instant ConsumerEnd::now() const {
    return born_ + (clock_.now().instant - born_) * plan_.speed;
}

void ConsumerEnd::take(const MqttPeer::Message& message) {
    if (message.topic.ends_with("/status")) {
        consumer_.status(message.payload, now());
    } else {
        ++received_;
        if (plan_.manners == Manners::says_nothing) {
            if (const auto sequence = sequence_of(message.payload); seen_.insert(sequence).second) {
                stored_(sequence, message.payload);
            }
        } else if (consumer_.event(message.payload, message.redelivery, now()) == central::Consumer::Taken::stored ||
                   plan_.manners == Manners::keeps_all) {
            stored_(sequence_of(message.payload), message.payload);
        }
    }
    say();
}

void ConsumerEnd::say() {
    if (plan_.manners == Manners::says_nothing) {
        return;
    }
    // Without a connection what is due stays due: it is asked for again when there is one.
    if (peer_.online()) {
        const auto due = consumer_.due(now());
        if (due.ack) {
            peer_.publish(plan_.prefix + "/ack", *due.ack);
        }
        if (due.replay) {
            peer_.publish(plan_.prefix + "/replay", *due.replay);
        }
        arm();
    }
}

void ConsumerEnd::arm() {
    const auto deadline = consumer_.deadline();
    if (!deadline) {
        speak_.cancel();
        return;
    }
    speak_.expires_after(std::max((*deadline - now()) / plan_.speed, std::chrono::nanoseconds{500us}));
    speak_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            say();
        }
    });
}

}  // namespace portcullis::fault
