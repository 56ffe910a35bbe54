#include "gate/journal_access.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace portcullis::gate {

namespace {

/// At one attempt a second: once an hour.
constexpr std::uint64_t told_every = 3600;
/// What one read for the uplink may hold in memory.
constexpr std::size_t most_read_bytes = std::size_t{1} * 1024 * 1024;

}  // namespace

JournalAccess::JournalAccess(Surroundings surroundings, store::Journal& journal, store::Ballast ballast,
                             const codec::EventWriter& writer, std::function<void(const std::string&)> fatal)
    : surroundings_(surroundings),
      journal_(journal),
      ballast_(std::move(ballast)),
      writer_(writer),
      fatal_(std::move(fatal)),
      commit_fault_(surroundings.log, runtime::LogLevel::error, "the journal could not commit", told_every),
      read_fault_(surroundings.log, runtime::LogLevel::error, "the journal could not be read", told_every),
      ballast_fault_(surroundings.log, runtime::LogLevel::error, "the ballast cannot be kept", told_every),
      erase_fault_(surroundings.log, runtime::LogLevel::error, "old entries could not be erased or removed",
                   told_every) {}

void JournalAccess::append(store::JournalBatch batch, std::function<void(store::StoreOutcome)> done) {
    post([this, batch = std::move(batch), done = std::move(done)] {
        const auto outcome = append_with_ballast(batch);
        const auto why = outcome == store::StoreOutcome::committed ? std::string{} : journal_.failure();
        boost::asio::post(surroundings_.context, [this, outcome, why, done] {
            if (outcome == store::StoreOutcome::committed) {
                commit_fault_.over();
            } else {
                commit_fault_.failed(std::string{text_of(outcome)} + ": " + why);
            }
            done(outcome);
        });
    });
}

template <class Read, class Done>
void JournalAccess::answer(const Read& read, const Done& done) {
    auto result = read();
    boost::asio::post(surroundings_.context, [this, result = std::move(result), done]() mutable {
        if (result) {
            read_fault_.over();
            done(std::optional{std::move(result).value()});
        } else {
            could_not_read(result.error());
            done(std::nullopt);
        }
    });
}

void JournalAccess::could_not_read(const store::StoreFailure& failure) {
    read_fault_.failed(failure.message);
    if (failure.fault == store::StoreFault::corrupt) {
        fatal_("the journal is damaged; a restart sets it aside");
    }
}

void JournalAccess::read_rows(std::int64_t from, std::size_t most, uplink::UplinkPorts::Rows rows) {
    post([this, from, most, rows = std::move(rows)] {
        answer([&] { return journal_.read_from(from, most, most_read_bytes); },
               [rows](std::optional<std::vector<store::EventRow>> read) {
                   std::vector<uplink::StoredEvent> events;
                   if (read) {
                       for (auto& row : *read) {
                           events.push_back(
                               {row.sequence, std::move(row.published), std::move(row.type), std::move(row.subject)});
                       }
                   }
                   rows(std::move(events));
               });
    });
}

void JournalAccess::time_of(std::int64_t sequence, std::function<void(std::optional<WallTime>)> done) {
    post([this, sequence, done = std::move(done)] {
        answer([&] { return journal_.read_from(sequence, 1, 1); },
               [sequence, done](const std::optional<std::vector<store::EventRow>>& read) {
                   const bool there = read && !read->empty() && read->front().sequence == sequence;
                   done(there ? std::optional{read->front().time} : std::nullopt);
               });
    });
}

void JournalAccess::acknowledge(const std::string& destination, std::int64_t sequence) {
    post([this, destination, sequence] {
        // Not durable is no loss: central acknowledges again, and publishing starts a little earlier.
        if (journal_.acknowledge(destination, sequence) == store::StoreOutcome::unknown) {
            boost::asio::post(surroundings_.context, [this] { fatal_("the journal's outcome is unknown"); });
        }
    });
}

void JournalAccess::usage_of(std::vector<UsageKey> keys, std::function<void(std::optional<std::vector<Usage>>)> done) {
    post([this, keys = std::move(keys), done = std::move(done)] {
        answer([&] { return journal_.usage_of(keys); }, done);
    });
}

void JournalAccess::history_of(HistoryQuestion question, std::function<void(std::optional<HistoryFound>)> done) {
    post([this, question = std::move(question), done = std::move(done)] {
        answer([&] { return journal_.history_of(question); }, done);
    });
}

void JournalAccess::on_journal(std::function<std::function<void()>(store::Journal& journal)> work) {
    post([this, work = std::move(work)] { boost::asio::post(surroundings_.context, work(journal_)); });
}

void JournalAccess::checkpoint_if_due() {
    post([this] {
        if (journal_.checkpoint_due() && journal_.checkpoint() == store::StoreOutcome::unknown) {
            boost::asio::post(surroundings_.context, [this] { fatal_("the journal's outcome is unknown"); });
        }
    });
}

void JournalAccess::post(std::function<void()> work) {
    if (!surroundings_.worker.post(std::move(work))) {
        fatal_("the journal does not answer any more");
    }
}

}  // namespace portcullis::gate
