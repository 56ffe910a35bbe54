#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/hash256.hpp"
#include "core/history.hpp"
#include "core/ids.hpp"
#include "core/order.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "store/failure.hpp"
#include "store/right_of_way.hpp"

namespace portcullis::store {

/// One entry of the journal: numbered and chained by the caller, stored as it is sent.
struct EventRow {
    std::int64_t sequence = 0;
    Hash256 hash{};       ///< h(sequence)
    std::string type;     ///< `passage.detected`
    std::string subject;  ///< `lane/out-1`
    WallTime time;
    std::string published;  ///< canonical bytes
};

/// A lane's note that survives a restart, as canonical JSON; no body = forget.
struct NoteRow {
    LaneName lane;
    std::string key;
    std::optional<std::string> body;
};

/// Where an authority's chain of batches stands in this journal, and the gate's cursor with it.
struct OrderPosition {
    Authority authority;
    std::int64_t number = 0;  ///< of the newest batch applied
    Hash256 hash{};           ///< of its payload
    std::int64_t cursor = 0;  ///< the gate's `order_cursor` once it was applied
};

/// A destination's consumer has stored everything up to `sequence`. A lower one than the known one changes nothing.
struct DestinationCursor {
    std::string destination;
    std::int64_t sequence = 0;
};

/// What an entry of the same batch adds to the history.
struct HistoryRow {
    std::int64_t sequence = 0;
    HistoryChange change;
};

/// A head: an entry's hash, signed by the gate.
struct HeadRow {
    std::int64_t sequence = 0;
    WallTime time;
    std::string envelope;  ///< DSSE, as it is published
};

/// A signed document that is kept, as it was received. One a kind and name; the newest replaces it.
struct DocumentRow {
    std::string kind;  ///< `root`
    std::string name;  ///< of several of a kind; empty where there is one
    std::int64_t version = 0;
    Hash256 hash{};        ///< of its payload
    std::string envelope;  ///< none = forget it
};

/// Which document is meant.
struct DocumentKey {
    std::string kind;
    std::string name;
};

/// An entry without its personal values: their digests stand in the published bytes, and no salt. Its hash stays.
struct ErasedRow {
    std::int64_t sequence = 0;
    std::string published;
};

/// The newest entry that retention has removed, and h of it; sequence 0 and 32 zero bytes while none is.
struct StreamCut {
    std::int64_t sequence = 0;
    Hash256 hash{};
};

/// One transaction: all of it becomes durable, or nothing. Events continue the stream: `last().sequence + 1` and on.
struct JournalBatch {
    std::vector<EventRow> events;
    std::vector<Usage> usage;  ///< a place that changes; `free` gives it back
    std::vector<NoteRow> notes;
    std::vector<OrderPosition> order_positions;
    std::vector<DestinationCursor> acknowledged;
    std::vector<HeadRow> heads;  ///< of entries that are here, these events included
    std::vector<DocumentRow> documents;
    std::vector<HistoryRow> history;
    std::optional<std::string> trust_floors;  ///< which documents are never taken again; as the gate wrote it
    bool clean_stop = false;                  ///< the last batch of an ordered stop
};

/// A place that is not free, and the entry that took it.
struct UsageRow {
    Usage usage;
    std::int64_t sequence = 0;
};

/// The newest entry; sequence 0 and 32 zero bytes before the first.
struct StreamEnd {
    std::int64_t sequence = 0;
    Hash256 hash{};
    std::optional<WallTime> time;  ///< no wall time before it is to be believed
};

/// What a process finds when it starts.
struct JournalStart {
    StreamId stream;
    bool created = false;              ///< a new stream: no journal was there, or it was set aside
    std::int64_t boot_counter = 1;     ///< starts of this stream, this one included
    bool previous_stop_clean = false;  ///< false also for a new stream
    int schema = 0;
    std::optional<std::filesystem::path> set_aside;  ///< a damaged journal was moved there, never deleted
    std::string damage;                              ///< what was wrong with it, in words
    std::string previous_stream;                     ///< the stream that this one replaced; `none`, or `unknown`
    std::vector<NoteRow> notes;
    std::vector<Usage> reserved;  ///< reservations that the process before this one left open
    std::vector<DestinationCursor> acknowledged;
    std::vector<OrderPosition> order_positions;
    std::vector<DocumentRow> documents;  ///< those without a name
    std::optional<std::string> trust_floors;
    std::vector<OrderNamed> named;  ///< orders that say why a box was picked, and that a verdict has named
};

struct JournalSettings {
    std::filesystem::path directory;  ///< exists; holds `journal.db`, its `-wal`, `lock`, `stream` and `end`
    std::string file_system;          ///< a registered SQLite VFS; empty = the system's. Tests put faults in here
    AnnounceCheck announce;           ///< not called after an ordered stop: the file is not read whole then
    std::shared_ptr<RightOfWay> right_of_way = {};  ///< is taken for each transaction
};

/// The append-only record on disk (design.md 6; docs/journal.md has the format and every setting). Synchronous: the
/// gate runs it on one Worker, which owns its only connection.
class Journal {
public:
    /// Takes the state directory's lock, opens or creates the journal, checks it, migrates it, and counts this start.
    /// A damaged file is moved aside and a new stream begun with an id of `ids`, and so is one that ends before an
    /// entry that the file `end` knows: its numbers would be given twice. The stream's id is kept a second time in the
    /// file `stream`, so that a lost journal's can still be named.
    [[nodiscard]] static Result<std::unique_ptr<Journal>, StoreFailure> open(const JournalSettings& settings,
                                                                             const IdSource& ids);
    /// Opens the journal of a stopped daemon to look at it: takes the lock, counts no start, begins no stream, moves
    /// nothing aside, and every write fails. Refused while another process owns the directory, when there is no
    /// journal, and for one of another schema than this version's.
    [[nodiscard]] static Result<std::unique_ptr<Journal>, StoreFailure> open_for_reading(
        const std::filesystem::path& directory);
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    Journal(Journal&&) = delete;
    Journal& operator=(Journal&&) = delete;

    [[nodiscard]] const JournalStart& start() const;
    [[nodiscard]] const StreamEnd& last() const;
    /// Where the kept entries begin: behind this one.
    [[nodiscard]] const StreamCut& cut() const;

    /// One transaction, synced before it returns. After `unknown` every further append is `unknown` as well. Throws
    /// std::logic_error, and writes nothing, when the events do not continue the stream.
    [[nodiscard]] StoreOutcome append(const JournalBatch& batch);
    /// What the last append or checkpoint that was not `committed` met.
    [[nodiscard]] const std::string& failure() const;

    /// Entries from `sequence` on: at most `rows`, and not more than `bytes` of published text unless one entry alone
    /// is larger. Empty behind the end.
    [[nodiscard]] Result<std::vector<EventRow>, StoreFailure> read_from(std::int64_t sequence, std::size_t rows,
                                                                        std::size_t bytes);
    /// Heads of entries from `sequence` on, at most `rows`.
    [[nodiscard]] Result<std::vector<HeadRow>, StoreFailure> heads_from(std::int64_t sequence, std::size_t rows);
    /// The newest head that signs an entry up to `most_sequence` and was made before `before`.
    [[nodiscard]] Result<std::optional<HeadRow>, StoreFailure> newest_head(std::int64_t most_sequence,
                                                                           WallTime before = WallTime::max());
    /// The newest entry of a type.
    [[nodiscard]] Result<std::optional<EventRow>, StoreFailure> newest_of(const std::string& type);
    /// Puts erased forms in place of entries. The caller has made them: the store knows no event's form.
    [[nodiscard]] StoreOutcome erase(const std::vector<ErasedRow>& rows);
    /// Removes the entries up to that of a kept head, which must not be the newest entry: what stays is checkable from
    /// that head. One transaction: choose heads that lie near each other.
    [[nodiscard]] StoreOutcome cut_through(std::int64_t head_sequence);
    /// Bytes that entries and all else take up in the file, free pages not counted.
    [[nodiscard]] Result<std::uint64_t, StoreFailure> used_bytes();
    /// Bytes of the file that are free for new entries.
    [[nodiscard]] Result<std::uint64_t, StoreFailure> free_bytes_inside();
    /// The consumer of `destination` has stored everything up to `sequence`.
    [[nodiscard]] StoreOutcome acknowledge(const std::string& destination, std::int64_t sequence);
    /// Places of these orders that are not free, at the control points that the keys name.
    [[nodiscard]] Result<std::vector<Usage>, StoreFailure> usage_of(const std::vector<UsageKey>& keys);
    /// Which of an authority's orders have no place that is not free, at any control point.
    [[nodiscard]] Result<std::vector<OrderId>, StoreFailure> unused(const Authority& authority,
                                                                    const std::vector<OrderId>& orders);
    /// All places that are not free, a page behind `mark`; the first page behind nothing.
    [[nodiscard]] Result<std::vector<UsageRow>, StoreFailure> usage_behind(const std::optional<Usage>& mark,
                                                                           std::size_t most);
    [[nodiscard]] Result<std::vector<NoteRow>, StoreFailure> notes_of(const LaneName& lane);
    [[nodiscard]] Result<std::optional<DocumentRow>, StoreFailure> document(const DocumentKey& key);
    /// All of a kind that are kept, by name.
    [[nodiscard]] Result<std::vector<DocumentRow>, StoreFailure> documents(const std::string& kind);
    [[nodiscard]] Result<HistoryFound, StoreFailure> history_of(const HistoryQuestion& question);

    /// The log has grown so far that `checkpoint` should run when nobody waits for a commit. An append does it itself
    /// when that is put off for too long.
    [[nodiscard]] bool checkpoint_due() const;
    /// Moves the log into the database. `unknown` as for an append; `full` leaves all in the log, where it is safe.
    [[nodiscard]] StoreOutcome checkpoint();

private:
    class Impl;
    explicit Journal(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace portcullis::store
