#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "gate/journal_writer.hpp"
#include "lane/lane_io.hpp"
#include "store/journal.hpp"

namespace portcullis::gate {

/// Something to make durable, and what to do then.
struct Submission {
    std::vector<Event> events;
    std::vector<lane::UsageChange> usage;
    std::vector<lane::MemoryChange> notes;
    LaneName lane;                               ///< whose notes
    std::vector<lane::MemoryChange> gate_notes;  ///< the gate's own
    std::vector<store::OrderPosition> order_positions;
    std::vector<store::DocumentRow> documents;
    std::optional<std::string> trust_floors;
    bool clean_stop = false;          ///< the last of an ordered stop
    bool urgent = false;              ///< something waits for it: an arm, or an answer
    std::function<void()> committed;  ///< may be empty
};

/// The way of everything that becomes durable. Events are numbered when they are submitted; whatever waits becomes one
/// transaction, one at a time (group commit). What is not urgent lingers a few milliseconds, so that a passage's
/// readings travel with its verdict and cost no sync of their own.
///
/// A full disk: the batch stays as it is and is tried again; lanes hear of it through `outage`, until it is written and
/// the ballast is whole. An unknown outcome:
/// `fatal`, because only a restart can tell. The queue is bounded: beyond `most_waiting` events `fatal` as well, since
/// nothing that was submitted may be forgotten.
class JournalDesk {
public:
    struct Ports {
        /// Hands a batch to the journal; `done` is called on the deciding thread.
        std::function<void(store::JournalBatch batch, std::function<void(store::StoreOutcome)> done)> append;
        /// Rings `wake()` at this instant; nothing = no more.
        std::function<void(std::optional<Instant>)> set_alarm;
        std::function<Now()> now;
        /// The journal cannot write (true), or can again (false).
        std::function<void(bool lost)> outage;
        /// Events up to this sequence are durable.
        std::function<void(std::int64_t last)> grew;
        std::function<void(const std::string& why)> fatal;
        /// A head of the entry that ends a transaction, when one is due there. May be empty: no heads.
        std::function<std::optional<store::HeadRow>(std::int64_t sequence, const Hash256& hash, bool closing)> head =
            {};
        /// That head is durable.
        std::function<void(const store::HeadRow&)> head_durable = {};
        /// An event has its place: what else its transaction is to hold goes into the batch.
        std::function<void(const Event&, std::int64_t sequence, store::JournalBatch& batch)> numbered = {};
    };

    static constexpr std::chrono::milliseconds linger{3};
    static constexpr std::chrono::seconds try_again{1};
    static constexpr std::size_t most_waiting = 50'000;
    static constexpr std::size_t most_in_batch = 1'000;

    JournalDesk(JournalWriter& writer, Ports ports) : writer_(writer), ports_(std::move(ports)) {}

    /// After a `clean_stop` nothing is taken any more: what happens then is for the next start to find.
    void submit(Submission submission);
    /// The alarm rang.
    void wake();
    /// Makes a head of the newest entry when one is due and nothing waits: for a gate where nothing happens any more.
    void seal();
    /// The ballast was given away (false), so that lanes stay out of service although the journal writes; or it is
    /// back.
    void set_reserve(bool whole);
    /// Nothing waits and nothing is on its way.
    [[nodiscard]] bool idle() const { return waiting_.empty() && on_way_.empty(); }
    /// Calls `done` once everything submitted so far is durable, without lingering.
    void when_idle(std::function<void()> done);

    [[nodiscard]] bool in_outage() const { return outage_since_.has_value(); }
    [[nodiscard]] std::size_t waiting_events() const { return waiting_events_; }
    /// A vehicle came while nothing could be written: counted in `journal.outage`.
    void count_detection() { ++detections_; }

private:
    struct Waiting {
        store::JournalBatch batch;
        std::function<void()> committed;
    };

    void take(Submission submission);
    void flush();
    void append(store::JournalBatch batch);
    void appended(store::StoreOutcome outcome);
    void begin_outage();
    void end_outage();
    void add_head(store::JournalBatch& batch, std::int64_t sequence, const Hash256& hash);

    JournalWriter& writer_;
    Ports ports_;
    std::deque<Waiting> waiting_;
    std::deque<Waiting> on_way_;
    std::size_t waiting_events_ = 0;
    bool urgent_ = false;
    bool closed_ = false;
    bool full_ = false;  ///< the last batch could not be written for want of room
    bool reserve_whole_ = true;
    std::optional<store::HeadRow> head_on_way_;
    std::optional<Instant> due_;
    std::optional<Now> outage_since_;
    std::int64_t detections_ = 0;
    std::vector<std::function<void()>> when_idle_;
};

}  // namespace portcullis::gate
