#include "gate/journal_keeper.hpp"

#include <algorithm>
#include <utility>

#include "core/hash256.hpp"
#include "core/time_text.hpp"

namespace portcullis::gate {

namespace {

using namespace std::chrono_literals;

/// After a start devices and destinations come first.
constexpr auto first_run_after = 1min;

}  // namespace

JournalKeeper::JournalKeeper(RetentionTerms terms, std::int64_t erased_through, Ports ports, Instant now)
    : terms_(terms),
      ports_(std::move(ports)),
      look_at_(now),
      run_at_(now + std::min<std::chrono::nanoseconds>(first_run_after, terms.personal)),
      erased_through_(erased_through),
      remembered_(erased_through) {}

void JournalKeeper::tick(Now now) {
    if (!looking_ && now.instant >= look_at_) {
        looking_ = true;
        ports_.look([this, now](const StorageLook& seen) { take_look(seen, now); });
    }
    if (work_ == Work::rest && now.instant >= run_at_ && now.clock_state == ClockState::synchronised) {
        work_ = Work::cut;
        cut_.reset();
        erased_ = {};
    }
    if (work_ != Work::rest && !stepping_ && ports_.idle()) {
        step(now);
    }
}

void JournalKeeper::ballast_given(Now now) {
    look_at_ = std::min(look_at_, now.instant + look_soon);
    ports_.reserve(false);
}

void JournalKeeper::take_look(const StorageLook& seen, Now now) {
    looking_ = false;
    look_at_ = now.instant + (seen.ballast == BallastState::given ? look_soon : look_every);
    ports_.reserve(seen.ballast != BallastState::given);
    if (auto event = watch_.take(seen, ports_.stored_by_all().waiting_for, now)) {
        ports_.record(std::move(*event));
    }
}

void JournalKeeper::step(Now now) {
    stepping_ = true;
    const auto through = ports_.stored_by_all().through;
    if (work_ == Work::cut) {
        ports_.cut(through, now.wall - terms_.entries,
                   [this, now](const std::optional<CutDone>& done) { cut_done(done, now); });
    } else {
        ports_.erase({.from = erased_through_ + 1, .through = through, .before = now.wall - terms_.personal},
                     [this, now](const std::optional<Erased>& done) { erased(done, now); });
    }
}

void JournalKeeper::cut_done(const std::optional<CutDone>& cut, Now now) {
    stepping_ = false;
    if (!cut) {
        rest(now);
        return;
    }
    if (cut->through > 0) {
        cut_from_ = cut_ ? cut_from_ : cut->first_before;
        cut_ = cut;
        ports_.first_changed(cut->through + 1);
        return;
    }
    if (cut_) {
        ports_.record({"journal.cut", "gate", now,
                       Object{{"through", cut_->through},
                              {"hash", hex_text(cut_->hash)},
                              {"events", cut_->through - cut_from_ + 1},
                              {"head_time", time_text(cut_->head_time)}},
                       std::nullopt});
    }
    work_ = Work::erase;
}

void JournalKeeper::erased(const std::optional<Erased>& erased, Now now) {
    stepping_ = false;
    if (!erased) {
        rest(now);
        return;
    }
    erased_through_ = std::max(erased_through_, erased->looked_through);
    if (erased->events > 0) {
        erased_.first = erased_.events == 0 ? erased->first : erased_.first;
        erased_.last = erased->last;
        erased_.events += erased->events;
    }
    if (!erased->more) {
        tell_erased(now);
        rest(now);
    }
}

void JournalKeeper::tell_erased(Now now) {
    if (erased_.events > 0) {
        ports_.record({"journal.erased", "gate", now,
                       Object{{"first", erased_.first},
                              {"last", erased_.last},
                              {"events", erased_.events},
                              {"cause", "retention"},
                              {"actor", "none"},
                              {"role", "none"},
                              {"channel", "automatic"},
                              {"auth_method", "none"},
                              {"command_id", "none"},
                              {"reason_code", "none"},
                              {"reason_text", "none"},
                              {"on_shift", "unknown"}},
                       std::nullopt});
    }
    if (erased_through_ != remembered_) {
        remembered_ = erased_through_;
        ports_.erased_through(erased_through_);
    }
}

void JournalKeeper::rest(Now now) {
    work_ = Work::rest;
    run_at_ = now.instant + std::min<std::chrono::nanoseconds>(run_every, terms_.personal);
}

}  // namespace portcullis::gate
