#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/event.hpp"
#include "core/time.hpp"
#include "gate/journal_access.hpp"
#include "gate/storage_watch.hpp"

namespace portcullis::gate {

/// How long what is kept.
struct RetentionTerms {
    std::chrono::milliseconds entries;   ///< acknowledged ones
    std::chrono::milliseconds personal;  ///< what names a person in them
};

/// Which required destination has stored least, and up to where.
struct StoredByAll {
    std::int64_t through = 0;
    std::string waiting_for = "none";
};

/// Keeps the journal in bounds: looks at its room, removes entries and erases personal values that are old enough and
/// stored by every required destination, one step at a time and only when nothing waits for a commit. Ages are of the
/// wall clock: while that is not synchronised, nothing is removed or erased.
class JournalKeeper {
public:
    struct Ports {
        std::function<void(std::function<void(StorageLook)>)> look;
        std::function<void(ErasureStep, std::function<void(std::optional<Erased>)>)> erase;
        std::function<void(std::int64_t through, WallTime before, std::function<void(std::optional<CutDone>)>)> cut;
        std::function<StoredByAll()> stored_by_all;
        /// Nothing waits for a commit.
        std::function<bool()> idle;
        std::function<void(Event)> record;
        /// Entries up to here hold no old personal value any more: to be remembered over a restart.
        std::function<void(std::int64_t through)> erased_through;
        /// The ballast is whole, or not.
        std::function<void(bool)> reserve;
        /// The first kept entry.
        std::function<void(std::int64_t first)> first_changed;
    };

    static constexpr std::chrono::seconds look_every{10};
    static constexpr std::chrono::seconds look_soon{1};  ///< while the ballast is given away
    static constexpr std::chrono::hours run_every{1};

    /// `erased_through` as it was remembered.
    JournalKeeper(RetentionTerms terms, std::int64_t erased_through, Ports ports, Instant now);

    /// To be called a few times a second; each call starts at most one step.
    void tick(Now now);
    /// The ballast was given away: it is looked at soon.
    void ballast_given(Now now);
    [[nodiscard]] const StorageView& storage() const { return watch_.view(); }

private:
    enum class Work : std::uint8_t { rest, cut, erase };

    void take_look(const StorageLook& seen, Now now);
    void step(Now now);
    void cut_done(const std::optional<CutDone>& cut, Now now);
    void erased(const std::optional<Erased>& erased, Now now);
    void tell_erased(Now now);
    void rest(Now now);

    RetentionTerms terms_;
    Ports ports_;
    StorageWatch watch_;
    Instant look_at_;
    Instant run_at_;
    bool looking_ = false;
    bool stepping_ = false;
    Work work_ = Work::rest;
    std::int64_t erased_through_;
    std::int64_t remembered_;     ///< of `erased_through_`
    std::optional<CutDone> cut_;  ///< of this run, all its steps
    std::int64_t cut_from_ = 0;
    Erased erased_;  ///< of this run
};

}  // namespace portcullis::gate
