#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "codec/event_writer.hpp"
#include "core/enum_text.hpp"
#include "runtime/clock.hpp"
#include "runtime/fault_line.hpp"
#include "runtime/log.hpp"
#include "runtime/worker.hpp"
#include "store/ballast.hpp"
#include "store/journal.hpp"
#include "uplink/uplink.hpp"

namespace portcullis::gate {

/// The ballast as the journal's worker found it: `off` = none is wanted, or the file system cannot keep one.
enum class BallastState : std::uint8_t { whole, given, off };

/// Room and health of the disk under the journal.
struct StorageLook {
    BallastState ballast = BallastState::off;
    std::optional<std::uint64_t> free_bytes;  ///< for new entries: on the file system and inside the file
    std::optional<std::uint64_t> used_bytes;  ///< by entries and all else in the journal
    std::optional<int> wear_permille;
    std::optional<std::chrono::microseconds> commit_p99;  ///< of the last 1,024 commits
};

/// What one step of an erasure did.
struct Erased {
    std::int64_t looked_through = 0;  ///< the last entry looked at; before the first one asked for: none was there
    std::int64_t first = 0;           ///< of those that lost personal values; 0 = none
    std::int64_t last = 0;
    std::int64_t events = 0;
    bool more = false;  ///< a next step may find more
};

/// Which entries an erasure looks at: a few at a time, so that a commit never waits long.
struct ErasureStep {
    std::int64_t from = 1;
    std::int64_t through = 0;
    WallTime before = WallTime::max();  ///< only entries with an older time; the first younger one ends it
    std::size_t most = 50;
};

/// What one step of a cut removed; `through` 0 = nothing was to be removed.
struct CutDone {
    std::int64_t through = 0;
    std::int64_t first_before = 1;  ///< the first kept entry until now
    Hash256 hash{};
    WallTime head_time;
};

/// The journal as the deciding thread sees it: every call goes to the journal's worker, every answer comes back to the
/// context. Work is done in the order asked for, so a read behind an append sees what it wrote.
class JournalAccess {
public:
    struct Surroundings {
        boost::asio::io_context& context;
        const runtime::Clock& clock;
        const runtime::Log& log;
        runtime::Worker& worker;
    };

    /// `writer` knows the form of events and outlives this. `fatal` is called when nothing may go on: the worker takes
    /// no more work, since it hangs; the outcome of a write is unknown; or the file is damaged, which the next start
    /// mends.
    JournalAccess(Surroundings surroundings, store::Journal& journal, store::Ballast ballast,
                  const codec::EventWriter& writer, std::function<void(const std::string&)> fatal);

    /// Called on the context when the ballast was given away for a commit, before that commit's outcome is told.
    void on_ballast_given(std::function<void()> told) { ballast_given_ = std::move(told); }

    void append(store::JournalBatch batch, std::function<void(store::StoreOutcome)> done);
    void read_rows(std::int64_t from, std::size_t most, uplink::UplinkPorts::Rows rows);
    /// The wall time of an entry; nothing = it is not there yet, or could not be read.
    void time_of(std::int64_t sequence, std::function<void(std::optional<WallTime>)> done);
    void acknowledge(const std::string& destination, std::int64_t sequence);
    void usage_of(std::vector<UsageKey> keys, std::function<void(std::optional<std::vector<Usage>>)> done);
    void history_of(HistoryQuestion question, std::function<void(std::optional<HistoryFound>)> done);
    /// Also brings a ballast back for which there is room again.
    void look_at_storage(std::function<void(StorageLook)> done);
    /// Nothing = it could not be done now.
    void erase(ErasureStep step, std::function<void(std::optional<Erased>)> done);
    /// Removes the entries up to the oldest head behind the cut, if that head is at most `through` and was made before
    /// `before`. Nothing = it could not be done now.
    void cut(std::int64_t through, WallTime before, std::function<void(std::optional<CutDone>)> done);
    /// Runs `work` on the worker; what it gives back runs on the context.
    void on_journal(std::function<std::function<void()>(store::Journal& journal)> work);
    /// Moves the log into the database when it is due and nobody waits for a commit.
    void checkpoint_if_due();

private:
    // On the worker.
    [[nodiscard]] store::StoreOutcome append_with_ballast(const store::JournalBatch& batch);
    [[nodiscard]] StorageLook look();
    [[nodiscard]] std::optional<Erased> erase_now(const ErasureStep& step);
    [[nodiscard]] std::optional<CutDone> cut_now(std::int64_t through, WallTime before);
    void keep_latency(std::chrono::nanoseconds latency);
    /// False, and what is to be told is told, when a write of old entries did not succeed.
    [[nodiscard]] bool wrote(store::StoreOutcome outcome);

    void post(std::function<void()> work);
    /// On the worker: what `read` gives goes to `done` on the context, or nothing when it failed.
    template <class Read, class Done>
    void answer(const Read& read, const Done& done);
    void could_not_read(const store::StoreFailure& failure);

    Surroundings surroundings_;
    store::Journal& journal_;
    store::Ballast ballast_;  // the worker's
    const codec::EventWriter& writer_;
    std::vector<std::chrono::nanoseconds> latencies_;  // the worker's: of the last commits, a ring
    std::size_t latency_at_ = 0;
    std::function<void()> ballast_given_;
    std::function<void(const std::string&)> fatal_;
    // A full disk is asked again every second for as long as it is full.
    runtime::FaultLine commit_fault_;
    runtime::FaultLine read_fault_;
    runtime::FaultLine ballast_fault_;
    runtime::FaultLine erase_fault_;
};

}  // namespace portcullis::gate

template <>
inline constexpr auto portcullis::enum_texts<portcullis::gate::BallastState> =
    std::to_array<portcullis::EnumText<portcullis::gate::BallastState>>({
        {portcullis::gate::BallastState::whole, "whole"},
        {portcullis::gate::BallastState::given, "given"},
        {portcullis::gate::BallastState::off, "off"},
    });
