#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
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
    /// How many deliveries publishing may run ahead of the consumer.
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
/// each with `published`, or with `skipped` where the destination's filter leaves it out; rows that came too late for a
/// cursor that has moved are answered with nothing and dropped.
///
/// Two marks: `acknowledged` is what the consumer said, and nothing else moves it; `passed` lies at or behind it, and
/// nothing up to there needs this destination's attention any more: acknowledged, left out by the filter, or gone.
class Delivery {
public:
    /// `acknowledged` and `last` as the journal holds them at start, 0 ≤ acknowledged ≤ last.
    Delivery(StreamId stream, Sequence acknowledged, Sequence last, DeliveryLimits limits = {});

    /// Before the first connection: all between acknowledged and `passed` is known to be left out by the filter.
    void resume_behind(Sequence passed);
    /// The journal begins at `first` now. Returns what is gone although this destination had not passed it; what is
    /// published next shows the hole.
    SequenceRange journal_cut(Sequence first);

    /// A new connection: publishing starts behind what the consumer acknowledged. Numbers of connections ascend.
    void connected(std::int64_t connection, std::int64_t receive_maximum);
    void disconnected();
    /// The journal holds events up to `last`.
    void journal_grew(Sequence last);

    /// Publications that the window still takes. `others_in_flight`: those without PUBACK that are no events; they
    /// share the broker's Receive Maximum.
    [[nodiscard]] Sequence room(std::int64_t others_in_flight = 0) const;
    /// What may be published now. A row of it that is skipped takes no room.
    [[nodiscard]] SequenceRange to_publish(std::int64_t others_in_flight = 0) const;
    /// The event goes out now; nothing when it is not the next one (any more) or there is no room: do not send it.
    [[nodiscard]] std::optional<Publication> published(Sequence sequence, Instant now,
                                                       std::int64_t others_in_flight = 0);
    /// The filter leaves the event out; false when it is not the next one (any more).
    bool skipped(Sequence sequence);
    /// Without a connection: rows to hold against the filter, up to the first that waits, so that a backlog is not
    /// made of what will never be sent.
    [[nodiscard]] SequenceRange to_look_ahead() const;
    /// The row that stands next is to be sent: nothing more to look at before a connection.
    void waits_at(Sequence sequence);
    /// A publication of `connection` ended, by PUBACK or by failure. PUBACK is not delivery: only room is gained.
    void settled(std::int64_t connection);

    [[nodiscard]] AckOutcome acknowledge(const Acknowledgement& ack, Instant now);
    [[nodiscard]] ReplayOutcome replay(StreamId stream, Sequence from, Instant now);

    /// Does what is due at `now`; to be called at `deadline()`.
    Repeat wake(Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

    [[nodiscard]] StreamId stream() const { return stream_; }
    [[nodiscard]] Sequence acknowledged() const { return acknowledged_; }
    [[nodiscard]] Sequence passed() const { return passed_; }
    [[nodiscard]] Sequence first() const { return first_; }
    [[nodiscard]] Sequence last() const { return last_; }
    [[nodiscard]] Sequence next() const { return next_; }
    /// The newest event that was ever sent.
    [[nodiscard]] Sequence highest_sent() const { return highest_sent_; }
    /// Events that may still need this destination.
    [[nodiscard]] Sequence backlog() const { return last_ - passed_; }
    [[nodiscard]] Sequence in_flight() const { return in_flight_; }
    /// Deliveries that the consumer has not acknowledged.
    [[nodiscard]] Sequence unacknowledged() const { return static_cast<Sequence>(outstanding_.size()); }
    [[nodiscard]] bool window_full() const { return unacknowledged() >= limits_.ack_window; }
    [[nodiscard]] bool is_connected() const { return connection_.has_value(); }

private:
    /// An event on its way, and the end of the run of skipped ones behind it.
    struct Sent {
        Sequence sequence = 0;
        Sequence through = 0;
    };

    void start_behind(Sequence consumer_last);
    void consumer_moved_to(Sequence sequence, Instant now);
    [[nodiscard]] Sequence forget_up_to(Sequence sequence);
    [[nodiscard]] bool replay_allowed(Instant now) const;

    StreamId stream_;
    DeliveryLimits limits_;
    std::optional<std::int64_t> connection_;
    Sequence window_ = 0;        ///< publications without PUBACK in this connection
    Sequence acknowledged_ = 0;  ///< never falls
    Sequence passed_ = 0;        ///< never falls, never below acknowledged_
    Sequence first_ = 1;         ///< of the journal
    Sequence lost_to_ = 0;       ///< up to here events went that this destination had not passed
    Sequence consumer_at_ =
        0;  ///< where the consumer stands: below acknowledged_ while it takes a replay of old events
    Sequence next_ = 1;
    Sequence previous_ = 0;  ///< delivered before what stands at next_
    Sequence last_ = 0;
    Sequence highest_sent_ = 0;
    Sequence in_flight_ = 0;
    std::deque<Sent> outstanding_;           ///< ascending; at most ack_window
    bool waits_ = false;                     ///< what stands at next_ is to be sent
    std::optional<Instant> standing_since_;  ///< unset while the consumer has nothing to acknowledge
    std::chrono::nanoseconds standing_pause_;
    std::optional<Instant> last_replay_;
    std::optional<Sequence> waiting_replay_;
};

}  // namespace portcullis::uplink
