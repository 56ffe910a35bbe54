#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "core/enum_text.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"

namespace portcullis::uplink {

/// Number of an event in its stream. The first is 1; 0 stands before it.
using Sequence = std::int64_t;

/// Sequences from `from` to `to`, both included; empty when `to` is below `from`.
struct SequenceRange {
    Sequence from = 1;
    Sequence to = 0;
    [[nodiscard]] bool empty() const { return to < from; }
    [[nodiscard]] Sequence size() const { return empty() ? 0 : to - from + 1; }
    friend bool operator==(const SequenceRange&, const SequenceRange&) = default;
};

/// The two bounds and the pauses of design.md 7.
struct DeliveryLimits {
    /// How far publishing may run ahead of the consumer.
    Sequence ack_window = 1000;
    /// Publications without PUBACK; the broker's Receive Maximum bounds it further, as Paho stalls beyond it.
    Sequence in_flight = 100;
    /// An acknowledgement that stands still this long while more was sent makes publishing start again …
    std::chrono::nanoseconds standing = std::chrono::seconds{30};
    /// … and each time without progress the pause doubles, up to this.
    std::chrono::nanoseconds standing_most = std::chrono::minutes{10};
    /// At most one replay is served in this time.
    std::chrono::nanoseconds replay_pause = std::chrono::seconds{5};
};

/// The consumer says that it stored everything up to `sequence`.
struct Acknowledgement {
    StreamId stream;
    Sequence sequence = 0;
    /// Whether its SHA-256 is that of the bytes that the journal holds (not of what was sent).
    bool bytes_match = false;
};

/// What became of an acknowledgement. The last three are refused and raised: a fork, a forgery, or a foreign stream.
enum class AckOutcome : std::uint8_t { advanced, already_known, beyond_last, other_bytes, other_stream };
}  // namespace portcullis::uplink
template <>
inline constexpr auto portcullis::enum_texts<portcullis::uplink::AckOutcome> =
    std::to_array<portcullis::EnumText<portcullis::uplink::AckOutcome>>({
        {portcullis::uplink::AckOutcome::advanced, "advanced"},
        {portcullis::uplink::AckOutcome::already_known, "already_known"},
        {portcullis::uplink::AckOutcome::beyond_last, "beyond_last"},
        {portcullis::uplink::AckOutcome::other_bytes, "other_bytes"},
        {portcullis::uplink::AckOutcome::other_stream, "other_stream"},
    });
namespace portcullis::uplink {

/// What became of a consumer's request to start again. `deferred` is served when `replay_pause` is over; the last two
/// are refused and raised.
enum class ReplayOutcome : std::uint8_t { served, deferred, nothing_to_repeat, beyond_last, other_stream };
}  // namespace portcullis::uplink
template <>
inline constexpr auto portcullis::enum_texts<portcullis::uplink::ReplayOutcome> =
    std::to_array<portcullis::EnumText<portcullis::uplink::ReplayOutcome>>({
        {portcullis::uplink::ReplayOutcome::served, "served"},
        {portcullis::uplink::ReplayOutcome::deferred, "deferred"},
        {portcullis::uplink::ReplayOutcome::nothing_to_repeat, "nothing_to_repeat"},
        {portcullis::uplink::ReplayOutcome::beyond_last, "beyond_last"},
        {portcullis::uplink::ReplayOutcome::other_stream, "other_stream"},
    });
namespace portcullis::uplink {

/// Why publishing went back to an event that had been sent.
enum class Repeat : std::uint8_t { none, standing_acknowledgement, replay };

/// How one event goes out: the user properties of contracts.md 1.
struct Publication {
    Sequence previous = 0;    ///< the sequence delivered before it to this destination, 0 at first
    bool redelivery = false;  ///< sent before by this process; a hint, consumers go by the sequence
    friend bool operator==(const Publication&, const Publication&) = default;
};

/// The cursor of one destination: which event is published next, how far ahead, and when to start again. It decides
/// and touches nothing: no broker, no clock, no journal. The owner asks `to_publish`, reads those rows, and reports
/// each with `published`; rows that came too late for a cursor that has moved are answered with nothing and dropped.
class Delivery {
public:
    /// `acknowledged` and `last` as the journal holds them at start, 0 ≤ acknowledged ≤ last.
    Delivery(StreamId stream, Sequence acknowledged, Sequence last, DeliveryLimits limits = {});

    /// A new connection: publishing starts at acknowledged + 1. Numbers of connections ascend.
    void connected(std::int64_t connection, std::int64_t receive_maximum);
    void disconnected();
    /// The journal holds events up to `last`.
    void journal_grew(Sequence last);

    /// Publications that the window still takes. `others_in_flight`: those without PUBACK that are no events; they
    /// share the broker's Receive Maximum.
    [[nodiscard]] Sequence room(std::int64_t others_in_flight = 0) const;
    /// What may be published now.
    [[nodiscard]] SequenceRange to_publish(std::int64_t others_in_flight = 0) const;
    /// The event goes out now; nothing when it is not the next one (any more) or there is no room: do not send it.
    [[nodiscard]] std::optional<Publication> published(Sequence sequence, Instant now,
                                                       std::int64_t others_in_flight = 0);
    /// A publication of `connection` ended, by PUBACK or by failure. PUBACK is not delivery: only room is gained.
    void settled(std::int64_t connection);

    [[nodiscard]] AckOutcome acknowledge(const Acknowledgement& ack, Instant now);
    [[nodiscard]] ReplayOutcome replay(StreamId stream, Sequence from, Instant now);

    /// Does what is due at `now`; to be called at `deadline()`.
    Repeat wake(Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

    [[nodiscard]] StreamId stream() const { return stream_; }
    [[nodiscard]] Sequence acknowledged() const { return acknowledged_; }
    [[nodiscard]] Sequence last() const { return last_; }
    [[nodiscard]] Sequence next() const { return next_; }
    [[nodiscard]] Sequence backlog() const { return last_ - acknowledged_; }
    [[nodiscard]] Sequence in_flight() const { return in_flight_; }
    [[nodiscard]] bool is_connected() const { return connection_.has_value(); }

private:
    void start_again_at(Sequence from);
    void consumer_moved_to(Sequence sequence, Instant now);
    [[nodiscard]] bool replay_allowed(Instant now) const;

    StreamId stream_;
    DeliveryLimits limits_;
    std::optional<std::int64_t> connection_;
    Sequence window_ = 0;        ///< publications without PUBACK in this connection
    Sequence acknowledged_ = 0;  ///< never falls
    Sequence consumer_at_ =
        0;  ///< where the consumer stands: below acknowledged_ while it takes a replay of old events
    Sequence next_ = 1;
    Sequence last_ = 0;
    Sequence highest_sent_ = 0;
    Sequence in_flight_ = 0;
    std::optional<Instant> standing_since_;  ///< unset while the consumer has nothing to acknowledge
    std::chrono::nanoseconds standing_pause_;
    std::optional<Instant> last_replay_;
    std::optional<Sequence> waiting_replay_;
};

}  // namespace portcullis::uplink
