#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace portcullis::bench {

/// The raw limit of Paho: publishes rows that lie in memory, with the uplink's window and its distance to the consumer,
/// and does nothing else. No journal, no settings, no lanes.
class RawPublisher {
public:
    struct Plan {
        std::string broker;  ///< `mqtt://host:port`
        std::string prefix;
        std::int64_t in_flight = 100;
        std::int64_t ahead = 1000;  ///< of the consumer's `ack`
    };
    explicit RawPublisher(Plan plan) : plan_(std::move(plan)) {}

    /// Events a second at the consumer, from its first acknowledgement to its last. Throws std::runtime_error when the
    /// consumer has not all of them within `patience_s`.
    [[nodiscard]] double publish(const std::vector<std::string>& rows, int patience_s);

private:
    class Client;
    Plan plan_;
};

}  // namespace portcullis::bench
