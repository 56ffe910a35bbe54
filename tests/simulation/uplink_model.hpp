#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "tests/simulation/findings.hpp"
#include "tests/simulation/random.hpp"
#include "uplink/delivery.hpp"

namespace portcullis::simulation {

/// One consumer behind a broker that loses, repeats and forgets, fed by the real cursor (design.md 7).
class UplinkModel {
public:
    explicit UplinkModel(Random random) : random_(random), stream_(StreamId{random_.bytes()}) {}

    /// A process starts with what the journal holds. `last` = its newest sequence.
    void start(std::int64_t last);
    void kill();
    void broker(bool up) { broker_up_ = up; }
    /// One exchange in both directions. `rows` = the digests of the journal's events.
    void exchange(const std::vector<std::uint64_t>& rows, Instant now);
    /// The consumer holds every row.
    [[nodiscard]] bool done(const std::vector<std::uint64_t>& rows) const;
    void finish(const std::vector<std::uint64_t>& rows, Findings& findings) const;

private:
    struct Message {
        std::int64_t sequence = 0;
        std::uint64_t digest = 0;
    };
    void connect();
    void publish(const std::vector<std::uint64_t>& rows, Instant now);
    void deliver();
    void acknowledge(const std::vector<std::uint64_t>& rows, Instant now);

    Random random_;
    StreamId stream_;
    std::optional<uplink::Delivery> delivery_;
    std::int64_t connection_ = 0;
    bool connected_ = false;
    bool broker_up_ = true;
    std::deque<Message> broker_;
    std::int64_t kept_acknowledged_ = 0;  ///< as the journal holds it
    // the consumer
    std::vector<std::uint64_t> held_;
    bool wants_replay_ = false;
    bool seen_again_ = false;
};

}  // namespace portcullis::simulation
