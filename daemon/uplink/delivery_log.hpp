#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "core/time.hpp"
#include "uplink/delivery.hpp"

namespace portcullis::uplink {

/// What is still known of one event's way to one destination.
struct SendingsKnown {
    std::int64_t sendings = 0;       ///< that are kept
    std::optional<WallTime> sent;    ///< the newest
    std::optional<WallTime> took;    ///< the broker took one
    bool refused = false;            ///< the broker refused the newest
    std::optional<WallTime> stored;  ///< the consumer said that it has it
};

/// The newest sendings and acknowledgements of one destination with their times, for people who ask about one event.
/// Bounded; what it has forgotten the cursors still know, without a time.
class DeliveryLog {
public:
    static constexpr std::size_t sendings_most = 4096;
    static constexpr std::size_t acknowledgements_most = 512;
    /// The rate is of this time.
    static constexpr std::chrono::minutes rate_over{1};

    explicit DeliveryLog(Sequence acknowledged) : took_to_(acknowledged), acknowledged_(acknowledged) {}

    /// What was on its way in the connection before this one is not answered any more.
    void connected() { on_way_.clear(); }
    void sent(Sequence sequence, WallTime at);
    /// The broker answered the oldest sending without an answer: MQTT has it answer in order (MQTT 5, 4.6).
    void settled(bool took, WallTime at);
    void acknowledged(Sequence sequence, Now now);

    [[nodiscard]] SendingsKnown of(Sequence sequence) const;
    /// The newest event that the broker took.
    [[nodiscard]] Sequence took_to() const { return took_to_; }
    /// Events acknowledged a minute, of the last minute.
    [[nodiscard]] std::int64_t stored_a_minute(Instant now) const;

private:
    struct Sending {
        Sequence sequence = 0;
        WallTime at;
        std::optional<WallTime> took;
        bool refused = false;
    };
    struct Stored {
        Sequence before = 0;
        Sequence sequence = 0;
        Now at;
    };
    std::deque<Sending> sendings_;
    std::uint64_t first_number_ = 0;       ///< of sendings_.front()
    std::deque<std::uint64_t> on_way_;     ///< numbers of sendings without an answer; at most the window
    std::deque<Stored> acknowledgements_;  ///< ascending
    Sequence took_to_ = 0;
    Sequence acknowledged_ = 0;
};

}  // namespace portcullis::uplink
