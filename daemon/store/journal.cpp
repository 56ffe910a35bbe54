#include "store/journal.hpp"

#include <stdexcept>
#include <utility>

#include "store/database.hpp"
#include "store/end_mark.hpp"
#include "store/journal_tables.hpp"
#include "store/missing_entries.hpp"
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
    /// `end`: absent for reading.
    Impl(StateLock state_lock, OpenedDatabase opened, std::optional<EndMark> end, std::shared_ptr<RightOfWay> way = {})
        : way_(std::move(way)),
          lock_(std::move(state_lock)),
          database_(std::move(opened.database)),
          end_(std::move(end)) {
        start_.set_aside = std::move(opened.set_aside);
        start_.damage = std::move(opened.damage);
    }

    /// `kept_stream`: what the file `stream` says.
    void begin_life(const IdSource& ids, const std::optional<StreamId>& kept_stream);

    /// Reads where the stream stands, and counts nothing.
    void look();

    [[nodiscard]] StoreOutcome append(const JournalBatch& batch);
    [[nodiscard]] StoreOutcome checkpoint();
    [[nodiscard]] StoreOutcome erase(const std::vector<ErasedRow>& rows);
    [[nodiscard]] StoreOutcome cut_through(std::int64_t head_sequence);
    /// Pages of this kind (`page_count`, `freelist_count`), in bytes.
    [[nodiscard]] std::uint64_t pages(const std::string& kind) {
        return static_cast<std::uint64_t>(database_->integer("PRAGMA " + kind)) *
               static_cast<std::uint64_t>(database_->integer("PRAGMA page_size"));
    }
    [[nodiscard]] bool checkpoint_due() const { return database_->log_frames() >= frames_due; }

    [[nodiscard]] const JournalStart& start() const { return start_; }
    [[nodiscard]] const StreamEnd& last() const { return last_; }
    [[nodiscard]] const StreamCut& cut() const { return cut_; }
    [[nodiscard]] const std::string& failure() const { return failure_; }

    /// For reading: nothing that it reads needs a transaction of more than one statement.
    [[nodiscard]] JournalTables& tables() { return tables_; }

private:
    /// One transaction of `work`.
    template <class Work>
    [[nodiscard]] StoreOutcome transact(const Work& work);
    void check_sequence(const JournalBatch& batch) const;
    void mark_end();
    /// What a failed transaction means: only a clean rollback for want of room is a no.
    [[nodiscard]] StoreOutcome outcome_of(const DatabaseError& error);

    std::shared_ptr<RightOfWay> way_;
    StateLock lock_;  // before the database: it outlives it
    std::unique_ptr<Database> database_;
    JournalTables tables_{*database_};
    std::optional<EndMark> end_;
    JournalStart start_;
    StreamEnd last_;
    StreamCut cut_;
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
    look();
}

void Journal::Impl::look() {
    tables_.read_start(start_);
    last_ = tables_.read_end();
    cut_ = tables_.read_cut();
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

template <class Work>
StoreOutcome Journal::Impl::transact(const Work& work) {
    if (unknown_) {
        return StoreOutcome::unknown;
    }
    const RightOfWay::Taken taken{way_.get()};
    try {
        database_->execute("BEGIN IMMEDIATE");
        work();
        database_->execute("COMMIT");
    } catch (const DatabaseError& error) {
        return outcome_of(error);
    } catch (const std::logic_error&) {
        static_cast<void>(database_->roll_back());
        throw;
    }
    if (database_->log_frames() >= frames_most) {
        // What was committed is durable whatever comes of this; what is wrong shows with the next transaction.
        static_cast<void>(checkpoint());
    }
    return StoreOutcome::committed;
}

StoreOutcome Journal::Impl::append(const JournalBatch& batch) {
    check_sequence(batch);
    const auto outcome = transact([&] { tables_.write(batch); });
    if (outcome == StoreOutcome::committed && !batch.events.empty()) {
        const auto& newest = batch.events.back();
        last_ = {newest.sequence, newest.hash, newest.time};
        mark_end();
    }
    return outcome;
}

void Journal::Impl::mark_end() {
    try {
        end_->put({start_.stream, last_.sequence});
    } catch (const DatabaseError& error) {
        // Without room an older end stands there, which is no lie. Anything else is a disk that must not be trusted
        // further; what was committed is committed.
        if (!error.is_full()) {
            failure_ = error.what();
            unknown_ = true;
        }
    }
}

StoreOutcome Journal::Impl::erase(const std::vector<ErasedRow>& rows) {
    return transact([&] { tables_.erase(rows); });
}

StoreOutcome Journal::Impl::cut_through(std::int64_t head_sequence) {
    StreamCut cut;
    const auto outcome = transact([&] {
        const auto entry = tables_.read_from(head_sequence, 1, 1);
        const auto heads = tables_.heads_from(head_sequence, 1);
        if (head_sequence >= last_.sequence || entry.empty() || entry.front().sequence != head_sequence ||
            heads.empty() || heads.front().sequence != head_sequence) {
            throw std::logic_error{"journal: cannot be cut at " + std::to_string(head_sequence) +
                                   ": no older entry with a head"};
        }
        cut = {head_sequence, entry.front().hash};
        tables_.cut(cut.sequence, cut.hash);
    });
    if (outcome == StoreOutcome::committed) {
        cut_ = cut;
    }
    return outcome;
}

StoreOutcome Journal::Impl::checkpoint() {
    if (unknown_) {
        return StoreOutcome::unknown;
    }
    const RightOfWay::Taken taken{way_.get()};
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
    try {
        EndMark end{settings.directory / "end", settings.file_system};
        bool had_log = has_bytes(settings.directory / "journal.db-wal", settings.file_system);
        auto opened = open_database({settings.directory / "journal.db", settings.file_system, journal_application,
                                     journal_history(), stopped_clean, settings.announce, [&](Database& database) {
                                         // Once: what was moved aside is not missed in the new one.
                                         return missing_entries(database, end.found(), std::exchange(had_log, false));
                                     }});
        if (!opened) {
            return Failure{std::move(opened).error()};
        }
        auto impl = std::make_unique<Impl>(std::move(lock).value(), std::move(opened).value(), std::move(end),
                                           settings.right_of_way);
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

Result<std::unique_ptr<Journal>, StoreFailure> Journal::open_for_reading(const std::filesystem::path& directory) {
    const auto file = directory / "journal.db";
    if (std::error_code ignored; !std::filesystem::exists(file, ignored)) {
        return Failure{StoreFailure{StoreFault::input_output, file.string() + ": there is no journal"}};
    }
    auto lock = StateLock::take(directory);
    if (!lock) {
        return Failure{std::move(lock).error()};
    }
    try {
        OpenedDatabase opened;
        opened.database = std::make_unique<Database>(file, std::string{}, journal_application);
        opened.database->execute("PRAGMA query_only=1");
        if (!opened.database->is_ours()) {
            return Failure{StoreFailure{StoreFault::not_ours, file.string() + ": is no journal of a gate"}};
        }
        const auto known = static_cast<int>(journal_history().size());
        if (const int version = opened.database->version(); version != known) {
            return Failure{StoreFailure{version > known ? StoreFault::newer_schema : StoreFault::not_ours,
                                        file.string() + ": has schema " + std::to_string(version) +
                                            ", this version reads " + std::to_string(known) +
                                            (version > known ? "; use the newer portcullis"
                                                             : "; start portcullisd once, it brings it up to date")}};
        }
        auto impl = std::make_unique<Impl>(std::move(lock).value(), std::move(opened), std::nullopt);
        impl->look();
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

const StreamCut& Journal::cut() const {
    return impl_->cut();
}

StoreOutcome Journal::append(const JournalBatch& batch) {
    return impl_->append(batch);
}

Result<std::optional<EventRow>, StoreFailure> Journal::newest_of(const std::string& type) {
    return answer_of([&] { return impl_->tables().newest_of(type); });
}

Result<HistoryFound, StoreFailure> Journal::history_of(const HistoryQuestion& question) {
    return answer_of([&] { return impl_->tables().history().answer(question); });
}

StoreOutcome Journal::erase(const std::vector<ErasedRow>& rows) {
    return impl_->erase(rows);
}

StoreOutcome Journal::cut_through(std::int64_t head_sequence) {
    return impl_->cut_through(head_sequence);
}

const std::string& Journal::failure() const {
    return impl_->failure();
}

Result<std::vector<EventRow>, StoreFailure> Journal::read_from(std::int64_t sequence, std::size_t rows,
                                                               std::size_t bytes) {
    return answer_of([&] { return impl_->tables().read_from(sequence, rows, bytes); });
}

Result<std::vector<HeadRow>, StoreFailure> Journal::heads_from(std::int64_t sequence, std::size_t rows) {
    return answer_of([&] { return impl_->tables().heads_from(sequence, rows); });
}

Result<std::optional<HeadRow>, StoreFailure> Journal::newest_head(std::int64_t most_sequence, WallTime before) {
    return answer_of([&] { return impl_->tables().newest_head(most_sequence, before); });
}

Result<std::uint64_t, StoreFailure> Journal::used_bytes() {
    return answer_of([&] { return impl_->pages("page_count") - impl_->pages("freelist_count"); });
}

Result<std::uint64_t, StoreFailure> Journal::free_bytes_inside() {
    return answer_of([&] { return impl_->pages("freelist_count"); });
}

StoreOutcome Journal::acknowledge(const std::string& destination, std::int64_t sequence) {
    JournalBatch batch;
    batch.acknowledged.push_back({destination, sequence});
    return impl_->append(batch);
}

Result<std::vector<Usage>, StoreFailure> Journal::usage_of(const std::vector<UsageKey>& keys) {
    return answer_of([&] { return impl_->tables().usage_of(keys); });
}

Result<std::vector<OrderId>, StoreFailure> Journal::unused(const Authority& authority,
                                                           const std::vector<OrderId>& orders) {
    return answer_of([&] { return impl_->tables().unused(authority, orders); });
}

Result<std::vector<UsageRow>, StoreFailure> Journal::usage_behind(const std::optional<Usage>& mark, std::size_t most) {
    return answer_of([&] { return impl_->tables().usage_behind(mark, most); });
}

Result<std::vector<NoteRow>, StoreFailure> Journal::notes_of(const LaneName& lane) {
    return answer_of([&] { return impl_->tables().notes_of(lane); });
}

Result<std::optional<DocumentRow>, StoreFailure> Journal::document(const DocumentKey& key) {
    return answer_of([&] { return impl_->tables().document(key); });
}

Result<std::vector<DocumentRow>, StoreFailure> Journal::documents(const std::string& kind) {
    return answer_of([&] { return impl_->tables().documents(kind); });
}

bool Journal::checkpoint_due() const {
    return impl_->checkpoint_due();
}

StoreOutcome Journal::checkpoint() {
    return impl_->checkpoint();
}

}  // namespace portcullis::store
