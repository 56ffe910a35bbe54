#include "tests/bench/raw_publisher.hpp"

#include <mqtt/async_client.h>

#include <boost/json/parse.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stdexcept>

#include "tests/bench/drain_gate.hpp"

namespace portcullis::bench {

namespace {

using Steady = std::chrono::steady_clock;

mqtt::message_ptr message_of(const std::string& topic, const std::string& row, std::int64_t previous) {
    mqtt::properties properties;
    properties.add(mqtt::property{mqtt::property::USER_PROPERTY, "previous", std::to_string(previous)});
    properties.add(mqtt::property{mqtt::property::USER_PROPERTY, "redelivery", "0"});
    return mqtt::message::create(topic, mqtt::binary_ref{row}, 1, false, properties);
}

}  // namespace

class RawPublisher::Client : public mqtt::iaction_listener {
public:
    explicit Client(const Plan& plan)
        : plan_(plan),
          paho_("tcp://" + plan.broker.substr(plan.broker.find("://") + 3), "raw", mqtt::create_options{MQTTVERSION_5},
                nullptr) {
        paho_.set_message_callback([this](const mqtt::const_message_ptr& message) { acknowledged(*message); });
        mqtt::connect_options options;
        options.set_mqtt_version(MQTTVERSION_5);
        options.set_clean_start(true);
        paho_.connect(options)->wait();
        paho_.subscribe(plan.prefix + "/ack", 1)->wait();
    }

    double publish(const std::vector<std::string>& rows, int patience_s) {
        const auto topic = plan_.prefix + "/event";
        const auto last = static_cast<std::int64_t>(rows.size());
        counted_from_ = last - tail;
        const auto give_up = Steady::now() + std::chrono::seconds{patience_s};
        for (std::int64_t next = 1; next <= last; ++next) {
            auto message = message_of(topic, rows[static_cast<std::size_t>(next - 1)], next - 1);
            {
                std::unique_lock lock{mutex_};
                must(changed_.wait_until(lock, give_up, [&] {
                    return in_flight_ < plan_.in_flight && next <= acknowledged_ + plan_.ahead;
                }));
                ++in_flight_;
            }
            paho_.publish(std::move(message), nullptr, *this);
        }
        std::unique_lock lock{mutex_};
        must(changed_.wait_until(lock, give_up, [&] { return acknowledged_ >= last; }));
        return static_cast<double>(*counted_ - *first_) / std::chrono::duration<double>(ended_ - began_).count();
    }

private:
    static void must(bool in_time) {
        if (!in_time) {
            throw std::runtime_error{"the raw publisher's consumer does not acknowledge"};
        }
    }
    void acknowledged(const mqtt::message& message) {
        const auto sequence = boost::json::parse(message.get_payload_str()).at("sequence").to_number<std::int64_t>();
        const std::lock_guard lock{mutex_};
        if (!first_) {
            first_ = sequence;
            began_ = Steady::now();
        }
        acknowledged_ = sequence;
        if (!counted_ && sequence >= counted_from_) {
            counted_ = sequence;
            ended_ = Steady::now();
        }
        changed_.notify_one();
    }
    void settled() {
        const std::lock_guard lock{mutex_};
        --in_flight_;
        changed_.notify_one();
    }
    void on_success(const mqtt::token&) override { settled(); }
    void on_failure(const mqtt::token&) override { settled(); }

    const Plan& plan_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::int64_t in_flight_ = 0;  // guarded by mutex_, as all below
    std::int64_t acknowledged_ = 0;
    std::optional<std::int64_t> first_;
    std::int64_t counted_from_ = 0;  // before the first publication
    std::optional<std::int64_t> counted_;
    Steady::time_point began_;
    Steady::time_point ended_;
    mqtt::async_client paho_;
};

double RawPublisher::publish(const std::vector<std::string>& rows, int patience_s) {
    Client client{plan_};
    return client.publish(rows, patience_s);
}

}  // namespace portcullis::bench
