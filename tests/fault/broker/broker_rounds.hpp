#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/fault/link/consumer_end.hpp"
#include "tests/fault/link/cutting_proxy.hpp"
#include "tests/fault/link/gate_end.hpp"
#include "tests/fault/link/puback_truster.hpp"
#include "tests/fault/link/stream_count.hpp"
#include "tests/support/mosquitto.hpp"

namespace portcullis::fault {

struct BrokerCount {
    std::int64_t rounds = 0;
    std::int64_t written = 0;
    std::int64_t lost = 0;        ///< never at the consumer
    std::int64_t disordered = 0;  ///< stored twice, out of order, or with other bytes
    std::int64_t dropped = 0;     ///< publications that the broker took and gave to nobody
    std::int64_t refused = 0;     ///< publications that the broker refused
    std::int64_t ahead_most = 0;  ///< events sent beyond the consumer's acknowledgement
};

/// One broker with its faults, a gate and a consumer; a fresh one each round.
class BrokerRounds {
public:
    explicit BrokerRounds(const runtime::Clock& clock) : clock_(clock) {}

    /// Each kind of fault once.
    void run_all();
    /// The negative control: the same death of a broker, and a gate that trusts PUBACK. How many events are lost.
    [[nodiscard]] std::int64_t lost_trusting_puback();
    [[nodiscard]] const BrokerCount& count() const { return count_; }

private:
    struct Scene;
    void killed_after_puback();
    void killed_while_the_consumer_hangs();
    void killed_again_and_again();
    void queue_of_ten();
    void refuses_events();
    void refuses_large_events();
    void consumer_long_away();

    [[nodiscard]] std::unique_ptr<Scene> scene(const std::string& settings, bool keep_session = false,
                                               bool trusts = false);
    void end(Scene& scene, const std::string& what);
    [[nodiscard]] int some(int least, int most) { return std::uniform_int_distribution{least, most}(random_); }

    const runtime::Clock& clock_;
    central::EventSchemas schemas_{"docs/events"};
    std::mt19937 random_{1};
    int scenes_ = 0;
    BrokerCount count_;
};

}  // namespace portcullis::fault
