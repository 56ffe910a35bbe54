#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "runtime/clock.hpp"
#include "simulators/rig/child_process.hpp"
#include "simulators/rig/notify_socket.hpp"
#include "tests/bench/bench_lane.hpp"
#include "tests/fault/link/mqtt_peer.hpp"
#include "tests/support/mosquitto.hpp"

namespace portcullis::bench {

/// The last events of a run are acknowledged by the second, not by the hundred: they are no measure.
inline constexpr std::int64_t tail = 300;

/// The real daemon with lanes, a journal that is long before it starts, a broker, and the reference consumer.
class DrainGate {
public:
    struct Plan {
        std::filesystem::path daemon;
        std::filesystem::path profiles;
        std::filesystem::path folder;  ///< ours
        int receive_maximum = 1000;    ///< the broker's
        int lanes = 4;
        std::int64_t events = 0;                           ///< stored before the daemon starts
        std::map<std::string, std::string> environment{};  ///< of the daemon
        std::vector<std::string> launcher{};  ///< what starts the daemon, as `unshare --time`; empty: we do
    };
    DrainGate(boost::asio::io_context& context, const runtime::Clock& clock, Plan plan);

    /// Gives the gate orders, stops it, and lengthens its journal.
    void prepare();
    /// Rows of the journal from the first on.
    [[nodiscard]] const std::vector<std::string>& first_rows() const { return first_rows_; }
    void keep_first_rows(std::size_t rows) { kept_rows_ = rows; }

    void start_daemon();
    void stop_daemon();
    /// docs/central/consumer.py with an empty store, on this prefix.
    void start_consumer(const std::string& prefix);
    void stop_consumer();

    /// The consumer's newest acknowledgement; 0: none yet.
    [[nodiscard]] std::int64_t acknowledged() const { return acks_.empty() ? 0 : acks_.back().sequence; }
    /// From the consumer's first acknowledgement to the one that tells of the whole backlog but `tail`.
    [[nodiscard]] double events_per_second() const;
    [[nodiscard]] double seconds() const;
    [[nodiscard]] std::int64_t stored() const { return stored_; }
    /// A truck comes into a lane that is free; whether the arm opens for it is not waited for.
    void send_truck();
    /// Milliseconds from the reading to the arm, of one passage.
    [[nodiscard]] double one_passage();
    [[nodiscard]] double resident_kib() const;
    [[nodiscard]] double cpu_seconds() const;
    [[nodiscard]] testing::Mosquitto& broker() { return broker_; }
    [[nodiscard]] const std::string& prefix() const { return prefix_; }

    /// Turns the context until it is so; throws when that takes too long.
    void turn_until(const std::string& what, std::chrono::seconds patience, const std::function<bool()>& so);

private:
    struct Ack {
        std::int64_t sequence;
        Instant at;
    };
    [[nodiscard]] const Ack& end_of_backlog() const;
    void write_settings(const std::string& orders_key) const;
    void lengthen_journal();
    void listen(std::vector<std::string> filters);
    void arrived(const fault::MqttPeer::Message& message);
    void pass(std::chrono::milliseconds time);

    boost::asio::io_context& context_;
    const runtime::Clock& clock_;
    Plan plan_;
    std::string prefix_ = "portcullis/bench/g1";
    testing::Mosquitto broker_;
    boost::asio::steady_timer timer_;
    std::vector<std::unique_ptr<BenchLane>> lanes_;
    bool ready_ = false;
    bool gate_online_ = false;
    bool orders_applied_ = false;
    std::unique_ptr<rig::NotifySocket> notify_;
    std::optional<rig::ChildProcess> daemon_;
    std::optional<rig::ChildProcess> consumer_;
    std::vector<std::string> heard_filters_;
    boost::asio::steady_timer listen_again_;
    fault::MqttPeer listener_;
    std::vector<Ack> acks_;
    std::int64_t stored_ = 0;
    std::size_t kept_rows_ = 0;
    std::vector<std::string> first_rows_;
    std::mt19937 random_{1};
    int consumers_ = 0;
};

}  // namespace portcullis::bench
