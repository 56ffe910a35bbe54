#include "store/journal.hpp"

#include <stdexcept>
#include <utility>

#include "store/database.hpp"
#include "store/journal_tables.hpp"
#include "store/open_database.hpp"
#include "store/state_directory.hpp"

namespace portcullis::store {
namespace {

/// "PcJn": the first four bytes of `Portcullis Journal`, as PRAGMA application_id.
constexpr std::int32_t journal_application = 0x50634a6e;

/// Frames of 4 KiB in the log: from the first on a checkpoint is due, at the second an append does it itself.
constexpr int frames_due = 1000;
constexpr int frames_most = 10'000;

}  // namespace

class Journal::Impl {
public:
    Impl(StateLock state_lock, OpenedDatabase opened)
        : lock_(std::move(state_lock)), database_(std::move(opened.database)) {
        start_.set_aside = std::move(opened.set_aside);
    }

    /// `kept_stream`: what the file `stream` says.
    void begin_life(const IdSource& ids, const std::optional<StreamId>& kept_stream);

    [[nodiscard]] StoreOutcome append(const JournalBatch& batch);
    [[nodiscard]] StoreOutcome checkpoint();
    [[nodiscard]] bool checkpoint_due() const { return database_->log_frames() >= frames_due; }

    [[nodiscard]] const JournalStart& start() const { return start_; }
    [[nodiscard]] const StreamEnd& last() const { return last_; }
    [[nodiscard]] const std::string& failure() const { return failure_; }

    /// For reading: nothing that it reads needs a transaction of more than one statement.
    [[nodiscard]] JournalTables& tables() { return tables_; }

private:
    void check_sequence(const JournalBatch& batch) const;
    /// What a failed transaction means: only a clean rollback for want of room is a no.
    [[nodiscard]] StoreOutcome outcome_of(const DatabaseError& error);

    StateLock lock_;  // before the database: it outlives it
    std::unique_ptr<Database> database_;
    JournalTables tables_{*database_};
    JournalStart start_;
    StreamEnd last_;
    std::string failure_;
    bool unknown_ = false;
};

// ---- start

void Journal::Impl::begin_life(const IdSource& ids, const std::optional<StreamId>& kept_stream) {
    database_->execute("BEGIN IMMEDIATE");
    start_.created = !tables_.meta("stream_id");
    if (start_.created) {
        tables_.set_meta("stream_id", StreamId{ids()}.text());
        tables_.set_meta("previous_stream",
                         kept_stream ? kept_stream->text() : (start_.set_aside ? "unknown" : "none"));
    }
    start_.previous_stream = tables_.meta("previous_stream").value_or("unknown");
    start_.boot_counter = tables_.boot_counter() + 1;
    start_.previous_stop_clean = tables_.meta("clean_stop") == "yes";
    tables_.set_meta("boot_counter", std::to_string(start_.boot_counter));
    tables_.set_meta("clean_stop", "no");
    database_->execute("COMMIT");
    tables_.read_start(start_);
    last_ = tables_.read_end();
}

// ---- writing

void Journal::Impl::check_sequence(const JournalBatch& batch) const {
    auto expected = last_.sequence;
    for (const auto& event : batch.events) {
        if (event.sequence != ++expected) {
            throw std::logic_error{"journal: event " + std::to_string(event.sequence) + " given where " +
                                   std::to_string(expected) + " is next"};
        }
    }
}

StoreOutcome Journal::Impl::append(const JournalBatch& batch) {
    if (unknown_) {
        return StoreOutcome::unknown;
    }
    check_sequence(batch);
    try {
        database_->execute("BEGIN IMMEDIATE");
        tables_.write(batch);
        database_->execute("COMMIT");
    } catch (const DatabaseError& error) {
        return outcome_of(error);
    }
    if (!batch.events.empty()) {
        const auto& newest = batch.events.back();
        last_ = {newest.sequence, newest.hash, newest.time};
    }
    if (database_->log_frames() >= frames_most) {
        // The batch is durable whatever comes of this; what is wrong shows with the next append.
        static_cast<void>(checkpoint());
    }
    return StoreOutcome::committed;
}

StoreOutcome Journal::Impl::checkpoint() {
    if (unknown_) {
        return StoreOutcome::unknown;
    }
    try {
        database_->checkpoint();
        return StoreOutcome::committed;
    } catch (const DatabaseError& error) {
        return outcome_of(error);
    }
}

StoreOutcome Journal::Impl::outcome_of(const DatabaseError& error) {
    failure_ = error.what();
    const bool rolled_back = database_->roll_back();
    if (error.is_full() && rolled_back) {
        return StoreOutcome::full;
    }
    unknown_ = true;
    return StoreOutcome::unknown;
}

// ---- Journal

namespace {

/// A journal without tables is new, or was cut off in its first moments.
bool stopped_clean(Database& database) {
    return database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'meta'") == 1 &&
           database.text("SELECT value FROM meta WHERE name = 'clean_stop'") == "yes";
}

/// A read's answer, or what was wrong.
template <class Read>
auto answer_of(const Read& read) -> Result<decltype(read()), StoreFailure> {
    try {
        return read();
    } catch (const DatabaseError& error) {
        return Failure{failure_of(error)};
    }
}

}  // namespace

Journal::Journal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Journal::~Journal() = default;

Result<std::unique_ptr<Journal>, StoreFailure> Journal::open(const JournalSettings& settings, const IdSource& ids) {
    auto lock = StateLock::take(settings.directory);
    if (!lock) {
        return Failure{std::move(lock).error()};
    }
    auto opened = open_database({settings.directory / "journal.db", settings.file_system, journal_application,
                                 journal_history(), stopped_clean, settings.announce});
    if (!opened) {
        return Failure{std::move(opened).error()};
    }
    try {
        auto impl = std::make_unique<Impl>(std::move(lock).value(), std::move(opened).value());
        const auto stream_file = settings.directory / "stream";
        const auto kept = StreamId::parse(read_small_file(stream_file));
        impl->begin_life(ids, kept);
        if (kept != impl->start().stream) {
            if (auto failure = write_small_file(stream_file, impl->start().stream.text())) {
                return Failure{std::move(*failure)};
            }
        }
        return std::unique_ptr<Journal>{new Journal{std::move(impl)}};
    } catch (const DatabaseError& error) {
        return Failure{failure_of(error)};
    }
}

const JournalStart& Journal::start() const {
    return impl_->start();
}

const StreamEnd& Journal::last() const {
    return impl_->last();
}

StoreOutcome Journal::append(const JournalBatch& batch) {
    return impl_->append(batch);
}

const std::string& Journal::failure() const {
    return impl_->failure();
}

Result<std::vector<EventRow>, StoreFailure> Journal::read_from(std::int64_t sequence, std::size_t rows,
                                                               std::size_t bytes) {
    return answer_of([&] { return impl_->tables().read_from(sequence, rows, bytes); });
}

StoreOutcome Journal::acknowledge(const std::string& destination, std::int64_t sequence) {
    JournalBatch batch;
    batch.acknowledged.push_back({destination, sequence});
    return impl_->append(batch);
}

Result<std::vector<Usage>, StoreFailure> Journal::usage_of(const std::vector<UsageKey>& keys) {
    return answer_of([&] { return impl_->tables().usage_of(keys); });
}

Result<std::vector<NoteRow>, StoreFailure> Journal::notes_of(const LaneName& lane) {
    return answer_of([&] { return impl_->tables().notes_of(lane); });
}

bool Journal::checkpoint_due() const {
    return impl_->checkpoint_due();
}

StoreOutcome Journal::checkpoint() {
    return impl_->checkpoint();
}

}  // namespace portcullis::store
