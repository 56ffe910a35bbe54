#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/alarm.hpp"
#include "runtime/clock.hpp"
#include "runtime/worker.hpp"
#include "simulators/central/broker_link.hpp"
#include "simulators/central/consumer.hpp"
#include "simulators/central/order_office.hpp"

namespace portcullis::central {

struct CentralSettings {
    std::string broker;  ///< `mqtt://host:port`
    std::string prefix;  ///< `portcullis/xmht/g07`
    std::string terminal;
    SigningKey key;
    std::filesystem::path schemas;  ///< `docs/events`
    /// Where events and batches are kept as JSON Lines, and found again after a restart; empty: in memory only.
    std::filesystem::path state;
    std::string client_id = "central";
    std::chrono::hours orders_live{7 * 24};
};

/// The supervision centre: sends signed orders, answers requests, consumes events by the rule of design.md 7 and
/// recomputes their chain. Runs on a thread of its own; every function may be called from any other thread, and waits
/// for that one (up to seconds while it tries to reach a broker).
class Central {
public:
    /// Takes over what `state` holds. Throws std::runtime_error when that cannot be read.
    Central(CentralSettings settings, const runtime::Clock& clock);
    ~Central();
    Central(const Central&) = delete;
    Central& operator=(const Central&) = delete;
    Central(Central&&) = delete;
    Central& operator=(Central&&) = delete;

    /// Connects, and again whenever the broker was lost.
    void start();
    /// An outage: neither consumes nor answers until `start`. Returns when it is off.
    void stop();
    /// The next batch of an authority, sent now or when central is back; gives its number.
    /// Throws std::invalid_argument when an order is no JSON object.
    std::int64_t publish_orders(const std::string& authority, const std::vector<std::string>& orders);
    /// From now on the gate of `other`, which must outlive the events of this one, hears of every order's place that is
    /// used here.
    void tell_usage_to(Central& other);

    /// A batch of an authority that came to the gate by another way: the next one follows it.
    void take_over_orders(const std::string& envelope);
    /// Where the next batch of an authority stands: its number, and the hash that it names.
    [[nodiscard]] std::pair<std::int64_t, std::string> next_place(const std::string& authority);
    /// Keeps an authority's batches up to this number no more: a gate that asks for one is offered a snapshot.
    void forget_orders(const std::string& authority, std::int64_t through);

    /// Another signed document, not retained. False without a broker.
    bool publish_document(const std::string& kind, const std::string& envelope);

    [[nodiscard]] CentralReport report();
    /// Stored events of the newest stream, from a sequence on, as they came.
    [[nodiscard]] std::vector<std::string> events(std::int64_t from = 1);
    /// Waits until a report satisfies `condition`; false after `patience`.
    using Condition = std::function<bool(const CentralReport&)>;
    bool wait_for(const Condition& condition, std::chrono::milliseconds patience);
    /// Called with each event as it is stored, on central's thread. Before `start`.
    void observe(std::function<void(const std::string& bytes)> observer) { observer_ = std::move(observer); }
    /// For a gate's `trust.orders_key`.
    [[nodiscard]] std::string orders_key() const { return settings_.key.public_key(); }

private:
    void take_over_state();
    void connect();
    void arrived(const BrokerLink::Message& message);
    void answer(const std::string& request);
    void answer_snapshot(const std::string& authority, const boost::json::object& request);
    void send_piece(const std::string& authority, std::size_t piece);
    void send_batch(const std::string& authority, const std::vector<std::string>& orders);
    void republish_usage(const std::string& event);
    void say_what_is_due();
    void send(const std::string& topic, const std::string& payload);
    void tell();
    void run_there(const std::function<void()>& task);

    CentralSettings settings_;
    const runtime::Clock& clock_;
    EventSchemas schemas_;
    Consumer consumer_;
    OrderOffice office_;
    std::ofstream events_file_;
    std::ofstream orders_file_;
    std::map<std::string, OrderOffice::Snapshot> snapshots_;  ///< the one that each authority's gate was offered last
    std::vector<std::string> unsent_;                         ///< batches made while there was no broker
    std::function<void(const std::string&)> observer_;
    std::vector<Central*> neighbours_;
    bool wanted_ = false;
    bool connected_ = false;

    struct Waiter {
        Condition condition;
        std::promise<void> met;
    };
    std::list<Waiter> waiters_;

    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    runtime::Alarm speak_;
    runtime::Alarm reconnect_;
    std::unique_ptr<BrokerLink> link_;
    runtime::Worker thread_;  ///< turns the context; its calls into Paho wait
};

}  // namespace portcullis::central
