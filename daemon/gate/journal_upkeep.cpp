// Of JournalAccess: what keeps the journal in health beside what is written to it. The parts that say so run on its
// worker.
#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "codec/digest.hpp"
#include "gate/journal_access.hpp"
#include "store/disk.hpp"

namespace portcullis::gate {

namespace {

constexpr std::size_t latencies_kept = 1024;
constexpr std::size_t most_read_bytes = std::size_t{256} * 1024;

}  // namespace

// ---- the ballast

store::StoreOutcome JournalAccess::append_with_ballast(const store::JournalBatch& batch) {
    const auto began = surroundings_.clock.now().instant;
    auto outcome = journal_.append(batch);
    if (outcome == store::StoreOutcome::full && ballast_.bytes() > 0 && ballast_.whole()) {
        const auto failed = ballast_.give();
        boost::asio::post(surroundings_.context, [this, why = failed ? failed->message : std::string{}] {
            if (!why.empty()) {
                ballast_fault_.failed(why);
            }
            if (ballast_given_) {
                ballast_given_();
            }
        });
        outcome = journal_.append(batch);
    }
    if (outcome == store::StoreOutcome::committed) {
        keep_latency(surroundings_.clock.now().instant - began);
    }
    return outcome;
}

void JournalAccess::keep_latency(std::chrono::nanoseconds latency) {
    if (latencies_.size() < latencies_kept) {
        latencies_.push_back(latency);
        return;
    }
    latencies_[latency_at_] = latency;
    latency_at_ = (latency_at_ + 1) % latencies_kept;
}

// ---- looking

void JournalAccess::look_at_storage(std::function<void(StorageLook)> done) {
    post([this, done = std::move(done)] {
        std::string why;
        if (const auto failed = ballast_.restore(); failed && failed->fault != store::StoreFault::full) {
            why = failed->message;
        }
        auto seen = look();
        if (!why.empty()) {
            seen.ballast = BallastState::off;  // not for want of room: no reason to stop a lane
        }
        boost::asio::post(surroundings_.context, [this, seen, why, done] {
            if (why.empty()) {
                ballast_fault_.over();
            } else {
                ballast_fault_.failed(why);
            }
            done(seen);
        });
    });
}

StorageLook JournalAccess::look() {
    StorageLook seen;
    if (ballast_.bytes() > 0) {
        seen.ballast = ballast_.whole() ? BallastState::whole : BallastState::given;
    }
    const auto inside = journal_.free_bytes_inside();
    if (const auto disk = store::look_at_disk(ballast_.directory()); disk && inside) {
        // What the ballast takes back is not for entries.
        const auto reserved = seen.ballast == BallastState::given ? ballast_.bytes() : 0;
        seen.free_bytes = disk->free_bytes - std::min(disk->free_bytes, reserved) + inside.value();
        seen.wear_permille = disk->wear_permille;
    }
    if (const auto used = journal_.used_bytes()) {
        seen.used_bytes = used.value();
    }
    if (!latencies_.empty()) {
        auto sorted = latencies_;
        const auto at = static_cast<std::ptrdiff_t>(sorted.size() * 99 / 100);
        std::ranges::nth_element(sorted, sorted.begin() + at);
        seen.commit_p99 = std::chrono::duration_cast<std::chrono::microseconds>(sorted[static_cast<std::size_t>(at)]);
    }
    return seen;
}

// ---- what becomes of old entries

void JournalAccess::erase(ErasureStep step, std::function<void(std::optional<Erased>)> done) {
    post([this, step, done = std::move(done)] {
        boost::asio::post(surroundings_.context, [done, erased = erase_now(step)] { done(erased); });
    });
}

std::optional<Erased> JournalAccess::erase_now(const ErasureStep& step) {
    const auto rows = journal_.read_from(step.from, step.most, most_read_bytes);
    if (!rows) {
        boost::asio::post(surroundings_.context, [this, failure = rows.error()] { could_not_read(failure); });
        return std::nullopt;
    }
    Erased erased;
    erased.looked_through = step.from - 1;
    erased.more = !rows->empty();
    std::vector<store::ErasedRow> changed;
    for (const auto& row : *rows) {
        if (row.sequence > step.through || row.time >= step.before) {
            erased.more = false;
            break;
        }
        erased.looked_through = row.sequence;
        auto published = writer_.erase(row.published);
        if (!published) {
            boost::asio::post(surroundings_.context,
                              [this, sequence = row.sequence, why = published.error().message()] {
                                  erase_fault_.failed("entry " + std::to_string(sequence) + ": " + why);
                              });
            continue;  // it is damaged: the chain's check tells of it, and the others need not wait
        }
        if (*published == row.published || !codec::holds_digest(*published)) {
            continue;  // erased before, or nobody is in it
        }
        changed.push_back({row.sequence, std::move(*published)});
    }
    if (!changed.empty()) {
        if (!wrote(journal_.erase(changed))) {
            return std::nullopt;
        }
        erased.first = changed.front().sequence;
        erased.last = changed.back().sequence;
        erased.events = static_cast<std::int64_t>(changed.size());
    }
    return erased;
}

void JournalAccess::cut(std::int64_t through, WallTime before, std::function<void(std::optional<CutDone>)> done) {
    post([this, through, before, done = std::move(done)] {
        boost::asio::post(surroundings_.context, [done, cut = cut_now(through, before)] { done(cut); });
    });
}

std::optional<CutDone> JournalAccess::cut_now(std::int64_t through, WallTime before) {
    CutDone cut;
    cut.first_before = journal_.cut().sequence + 1;
    const auto heads = journal_.heads_from(cut.first_before, 1);
    if (!heads) {
        boost::asio::post(surroundings_.context, [this, failure = heads.error()] { could_not_read(failure); });
        return std::nullopt;
    }
    if (heads->empty()) {
        return cut;
    }
    const auto& head = heads->front();
    if (head.sequence > through || head.time >= before || head.sequence >= journal_.last().sequence) {
        return cut;
    }
    if (!wrote(journal_.cut_through(head.sequence))) {
        return std::nullopt;
    }
    cut.through = head.sequence;
    cut.hash = journal_.cut().hash;
    cut.head_time = head.time;
    return cut;
}

bool JournalAccess::wrote(store::StoreOutcome outcome) {
    if (outcome == store::StoreOutcome::committed) {
        return true;
    }
    boost::asio::post(surroundings_.context, [this, outcome, why = journal_.failure()] {
        erase_fault_.failed(why);
        if (outcome == store::StoreOutcome::unknown) {
            fatal_("the journal's outcome is unknown");
        }
    });
    return false;
}

}  // namespace portcullis::gate
