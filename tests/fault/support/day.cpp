#include "tests/fault/support/day.hpp"

#include <algorithm>
#include <stdexcept>

#include "codec/event_schemas.hpp"
#include "tests/fault/support/memory_disk.hpp"
#include "tests/fault/support/proof.hpp"
#include "trust/hash.hpp"

namespace portcullis::fault {
namespace {

using namespace std::chrono_literals;
using store::StoreOutcome;

constexpr std::int64_t head_every = 10;
constexpr int tries_until_room = 3;
constexpr int tries_most = 6;

/// 1, 2, 3 … of one life: the same bytes in each run.
IdSource ids_of(std::uint8_t life) {
    return [life, next = std::uint32_t{0}]() mutable {
        std::array<std::uint8_t, 16> bytes{};
        bytes[0] = life;
        ++next;
        bytes[14] = static_cast<std::uint8_t>(next >> 8U);
        bytes[15] = static_cast<std::uint8_t>(next);
        return bytes;
    };
}

UsageKey place(int passage) {
    return {Authority{"ciq"}, OrderId{"R-" + std::to_string(passage)}, std::nullopt, ControlPoint{"g07"}};
}

}  // namespace

Day::Day(DayPlan plan)
    : plan_(std::move(plan)),
      catalogue_(codec::embedded_event_schemas()),
      events_(catalogue_, trust::hmac_sha256),
      key_(trust::SigningKey::from_seed(std::string(64, '7')).value()) {}

void Day::stop(const std::string& why) {
    stopped_ = true;
    why_ = why_.empty() ? why : why_;
}

bool Day::open() {
    auto journal = store::Journal::open({plan_.directory, plan_.file_system, {}}, ids_of(plan_.life));
    if (!journal) {
        why_ = journal.error().message;
        return false;
    }
    journal_ = std::move(journal).value();
    if (!plan_.file_system.empty()) {
        MemoryDisk::show_names(plan_.directory);
    }
    auto orders = store::OrderCache::open({plan_.directory, plan_.file_system, slice_of_orders, false, {}});
    if (!orders) {
        why_ = orders.error().message;
        return false;
    }
    orders_ = std::move(orders).value();
    const auto& start = journal_->start();
    const auto& last = journal_->last();
    writer_ = std::make_unique<gate::JournalWriter>(
        events_, gate::StreamPosition{"/portcullis/xmht/g07", start.stream, BootId{}, last.sequence, last.hash},
        ids_of(plan_.life));
    const auto head = journal_->newest_head(last.sequence);
    const auto signed_up_to = head && *head ? (*head)->sequence : 0;
    heads_ = std::make_unique<gate::HeadMaker>(key_, start.stream, gate::HeadTerms{head_every, 1h}, signed_up_to,
                                               now_.instant);
    desk_ = std::make_unique<gate::JournalDesk>(*writer_, ports());
    delivered_ = start.acknowledged.empty() ? 0 : start.acknowledged.front().sequence;
    for (const auto& position : orders_->state().positions) {
        batch_ = std::max(batch_, position.number);
    }
    return true;
}

gate::JournalDesk::Ports Day::ports() {
    return {[this](store::JournalBatch batch, std::function<void(StoreOutcome)> done) {
                asked_.emplace_back(std::move(batch), std::move(done));
            },
            [](std::optional<Instant>) {},
            [this] { return now_; },
            [](bool) {},
            [this](std::int64_t last) {
                while (!written_.empty() && written_.front().first <= last) {
                    plan_.tell({Told::durable, written_.front().first, written_.front().second});
                    written_.pop_front();
                }
            },
            [this](const std::string& why) { stop(why); },
            [this](std::int64_t sequence, const Hash256& hash, bool closing) -> std::optional<store::HeadRow> {
                if (!closing && !heads_->due(sequence, now_.instant)) {
                    return std::nullopt;
                }
                return heads_->make({sequence, hash, 0, batch_}, now_.wall);
            },
            [this](const store::HeadRow& head) { heads_->made(head.sequence, now_.instant); }};
}

Event Day::event(const std::string& type, Object data) {
    now_.instant += 50ms;
    now_.wall += 50ms;
    return {type, "lane/out-1", now_, std::move(data), std::nullopt};
}

void Day::submit(Event event, bool urgent, std::function<void()> committed) {
    gate::Submission submission;
    submission.events.push_back(std::move(event));
    submission.urgent = urgent;
    submission.committed = std::move(committed);
    desk_->submit(std::move(submission));
}

/// Does what the desk asks for, until it has nothing more; a full disk is asked again a few times.
void Day::settle() {
    int full = 0;
    desk_->wake();
    while (!stopped_ && (!asked_.empty() || !desk_->idle())) {
        if (asked_.empty()) {
            desk_->wake();
            continue;
        }
        auto [batch, done] = std::move(asked_.front());
        asked_.pop_front();
        for (const auto& row : batch.events) {
            if (written_.empty() || written_.back().first < row.sequence) {
                written_.emplace_back(row.sequence, row.hash);
            }
        }
        const auto outcome = journal_->append(batch);
        full += outcome == StoreOutcome::full ? 1 : 0;
        if (full == tries_until_room) {
            plan_.still_full();
        }
        if (full > tries_most) {
            stop("there is room, and the journal still says that there is none");
        }
        done(outcome);
    }
}

void Day::passage(int number) {
    const auto name = PassageId{ids_of(static_cast<std::uint8_t>(number + 100))()};
    const auto text = name.text();
    submit(event("passage.detected", {{"lane", "out-1"}, {"passage", text}}), false);
    submit(event("reading.taken",
                 {{"passage", text}, {"kind", "plate"}, {"raw", "闽D·12345"}, {"normalised", "闽D12345"}}),
           false);
    auto commanded = event("arm.commanded", {{"lane", "out-1"}, {"passage", text}, {"command", "up"}});
    gate::Submission permission;
    permission.lane = LaneName{"out-1"};
    permission.events = {event("verdict.issued", {{"passage", text}, {"outcome", "release"}}), commanded};
    permission.usage = {{place(number), name, UsageState::reserved}};
    permission.notes = {{"passage/" + text, Value{Object{{"state", "permitted"}, {"note", std::string(400, 'n')}}}}};
    permission.urgent = true;
    // The arm's place in the stream is fixed when it is submitted.
    auto sequence = std::make_shared<std::pair<std::int64_t, Hash256>>();
    const auto open = [this, sequence] { plan_.tell({Told::arm_up, sequence->first, sequence->second}); };
    permission.committed = plan_.hasty ? std::function<void()>{} : open;
    desk_->submit(std::move(permission));
    *sequence = {writer_->position().last, writer_->position().hash};
    if (plan_.hasty) {
        open();
    }
    settle();
    gate::Submission end;
    end.lane = LaneName{"out-1"};
    end.events = {event("order.used", {{"passage", text}}), event("passage.ended", {{"passage", text}})};
    end.usage = {{place(number), name, UsageState::used}};
    end.notes = {{"passage/" + text, std::nullopt}};
    desk_->submit(std::move(end));
    settle();
}

/// The uplink and its consumer: what is durable is read back, delivered, stored there, and acknowledged.
void Day::deliver() {
    const auto rows = journal_->read_from(delivered_ + 1, 100, std::size_t{1} << 20U);
    if (!rows) {
        stop(rows.error().message);
        return;
    }
    for (const auto& row : *rows) {
        plan_.tell({Told::delivered, row.sequence, row.hash});
    }
    if (!rows->empty()) {
        const auto outcome = journal_->acknowledge("supervision", rows->back().sequence);
        if (outcome == StoreOutcome::unknown) {
            stop(journal_->failure());
        } else if (outcome == StoreOutcome::committed) {
            delivered_ = rows->back().sequence;
        }
    }
}

void Day::apply_batch() {
    for (int tries = 1; tries <= tries_most && !stopped_; ++tries) {
        orders_->begin(orders_of_batch(batch_ + 1));
        Result<std::optional<store::BatchApplied>, store::StoreFailure> slice{std::optional<store::BatchApplied>{}};
        do {
            slice = orders_->apply_slice();
        } while (slice && !*slice);
        if (slice) {
            plan_.tell({Told::batch, ++batch_, {}});
            return;
        }
        if (slice.error().fault != store::StoreFault::full) {
            stop(slice.error().message);
        } else if (tries == tries_until_room) {
            plan_.still_full();
        }
    }
}

/// What becomes of old entries: the oldest are erased, then removed up to their head.
void Day::keep_old() {
    const auto first = journal_->cut().sequence + 1;
    const auto rows = journal_->read_from(first, 4, std::size_t{1} << 20U);
    std::vector<store::ErasedRow> erased;
    for (const auto& row : rows ? *rows : std::vector<store::EventRow>{}) {
        if (auto published = events_.erase(row.published)) {
            erased.push_back({row.sequence, std::move(published).value()});
        }
    }
    if (journal_->erase(erased) == StoreOutcome::unknown) {
        stop(journal_->failure());
        return;
    }
    const auto heads = journal_->heads_from(first, 1);
    if (heads && !heads->empty() && heads->front().sequence <= delivered_ &&
        heads->front().sequence < journal_->last().sequence &&
        journal_->cut_through(heads->front().sequence) == StoreOutcome::unknown) {
        stop(journal_->failure());
    }
}

DayEnd Day::run() {
    if (!open()) {
        return DayEnd::not_opened;
    }
    submit(event("stream.opened", {{"boot_counter", journal_->start().boot_counter}}), true);
    settle();
    for (int number = 1; number <= plan_.passages && !stopped_; ++number) {
        passage(number);
        if (!stopped_ && number % 2 == 0) {
            deliver();
        }
        if (!stopped_ && number % 3 == 1) {
            apply_batch();
        }
        if (!stopped_ && number % 4 == 0) {
            keep_old();
            static_cast<void>(orders_->tidy());
        }
        if (!stopped_ && number % 5 == 0) {
            plan_.before_checkpoint();
            if (journal_->checkpoint() == StoreOutcome::unknown) {
                stop(journal_->failure());
            }
            plan_.after_checkpoint();
        }
    }
    if (stopped_) {
        return DayEnd::stopped;
    }
    gate::Submission closing;
    closing.events.push_back(event("stream.closing", {{"reason", "signal"}}));
    closing.clean_stop = true;
    closing.urgent = true;
    desk_->submit(std::move(closing));
    settle();
    if (!stopped_) {
        deliver();
    }
    return stopped_ ? DayEnd::stopped : DayEnd::ordered;
}

}  // namespace portcullis::fault
