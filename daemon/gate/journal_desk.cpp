#include "gate/journal_desk.hpp"

#include <iterator>
#include <utility>

#include "core/time_text.hpp"

namespace portcullis::gate {

namespace {

template <class T>
void append_all(std::vector<T>& to, const std::vector<T>& from) {
    to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

void JournalDesk::submit(Submission submission) {
    if (closed_) {
        return;
    }
    closed_ = submission.clean_stop;
    take(std::move(submission));
}

void JournalDesk::take(Submission submission) {
    Waiting waiting;
    for (const auto& event : submission.events) {
        waiting.batch.events.push_back(writer_.number(event));
        if (ports_.numbered) {
            ports_.numbered(event, waiting.batch.events.back().sequence, waiting.batch);
        }
    }
    for (const auto& change : submission.usage) {
        waiting.batch.usage.push_back({change.key, change.to, change.passage, change.place});
    }
    const auto add_notes = [&](const LaneName& lane, const std::vector<lane::MemoryChange>& notes) {
        for (const auto& note : notes) {
            waiting.batch.notes.push_back(
                {lane, note.key, note.body ? std::optional{writer_.note(*note.body)} : std::nullopt});
        }
    };
    add_notes(submission.lane, submission.notes);
    add_notes(LaneName{}, submission.gate_notes);
    waiting.batch.order_positions = std::move(submission.order_positions);
    waiting.batch.documents = std::move(submission.documents);
    waiting.batch.trust_floors = std::move(submission.trust_floors);
    waiting.batch.clean_stop = submission.clean_stop;
    waiting.committed = std::move(submission.committed);
    waiting_events_ += waiting.batch.events.size();
    waiting_.push_back(std::move(waiting));
    if (waiting_events_ > most_waiting) {
        ports_.fatal("the journal could not write for so long that " + std::to_string(waiting_events_) +
                     " events wait; stopping, so that none is forgotten silently");
        return;
    }
    urgent_ = urgent_ || submission.urgent;
    if (full_) {
        return;  // the alarm tries again
    }
    if (urgent_) {
        flush();
    } else if (!due_) {
        due_ = ports_.now().instant + linger;
        ports_.set_alarm(due_);
    }
}

void JournalDesk::wake() {
    due_.reset();
    flush();
}

void JournalDesk::when_idle(std::function<void()> done) {
    if (idle()) {
        done();
        return;
    }
    when_idle_.push_back(std::move(done));
    flush();
}

void JournalDesk::flush() {
    if (!on_way_.empty() || waiting_.empty()) {
        return;
    }
    due_.reset();
    ports_.set_alarm(std::nullopt);
    urgent_ = false;
    store::JournalBatch batch;
    while (!waiting_.empty() && batch.events.size() < most_in_batch) {
        const auto& next = waiting_.front().batch;
        append_all(batch.events, next.events);
        append_all(batch.usage, next.usage);
        append_all(batch.notes, next.notes);
        append_all(batch.order_positions, next.order_positions);
        append_all(batch.documents, next.documents);
        append_all(batch.history, next.history);
        if (next.trust_floors) {
            batch.trust_floors = next.trust_floors;
        }
        batch.clean_stop = batch.clean_stop || next.clean_stop;
        on_way_.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    if (!batch.events.empty()) {
        const auto& newest = batch.events.back();
        add_head(batch, newest.sequence, newest.hash);
    }
    append(std::move(batch));
}

void JournalDesk::add_head(store::JournalBatch& batch, std::int64_t sequence, const Hash256& hash) {
    head_on_way_ = ports_.head ? ports_.head(sequence, hash, batch.clean_stop) : std::nullopt;
    if (head_on_way_) {
        batch.heads.push_back(*head_on_way_);
    }
}

void JournalDesk::seal() {
    const auto& newest = writer_.position();
    if (!idle() || closed_ || newest.last == 0) {
        return;
    }
    store::JournalBatch batch;
    add_head(batch, newest.last, newest.hash);
    if (head_on_way_) {
        on_way_.emplace_back();
        append(std::move(batch));
    }
}

void JournalDesk::set_reserve(bool whole) {
    reserve_whole_ = whole;
    if (!whole) {
        begin_outage();
    } else if (!full_) {
        end_outage();
    }
}

void JournalDesk::append(store::JournalBatch batch) {
    ports_.append(std::move(batch), [this](store::StoreOutcome outcome) { appended(outcome); });
}

void JournalDesk::appended(store::StoreOutcome outcome) {
    switch (outcome) {
        case store::StoreOutcome::unknown:
            ports_.fatal("a commit of the journal failed and its outcome is unknown; a restart reads what is there");
            return;
        case store::StoreOutcome::full:
            full_ = true;
            head_on_way_.reset();
            begin_outage();
            std::move(waiting_.begin(), waiting_.end(), std::back_inserter(on_way_));
            waiting_ = std::exchange(on_way_, {});
            due_ = ports_.now().instant + try_again;
            ports_.set_alarm(due_);
            return;
        case store::StoreOutcome::committed:
            full_ = false;
            break;
    }
    if (head_on_way_) {
        ports_.head_durable(*std::exchange(head_on_way_, std::nullopt));
    }
    std::int64_t last = 0;
    for (const auto& done : std::exchange(on_way_, {})) {
        waiting_events_ -= done.batch.events.size();
        last = done.batch.events.empty() ? last : done.batch.events.back().sequence;
        if (done.committed) {
            done.committed();
        }
    }
    if (last > 0) {
        ports_.grew(last);
    }
    if (reserve_whole_) {
        end_outage();
    }
    flush();
    if (idle()) {
        for (const auto& done : std::exchange(when_idle_, {})) {
            done();
        }
    }
}

void JournalDesk::begin_outage() {
    if (!outage_since_) {
        outage_since_ = ports_.now();
        detections_ = 0;
        ports_.outage(true);
    }
}

void JournalDesk::end_outage() {
    if (!outage_since_) {
        return;
    }
    const auto since = *std::exchange(outage_since_, std::nullopt);
    const auto now = ports_.now();
    Event event{"journal.outage", "gate", now, Object{}, std::nullopt};
    event.data = Object{
        {"from", time_text(since.wall)}, {"to", time_text(now.wall)}, {"cause", "full"}, {"detections", detections_}};
    Submission submission;
    submission.events.push_back(std::move(event));
    submission.urgent = true;
    take(std::move(submission));
    ports_.outage(false);
}

}  // namespace portcullis::gate
