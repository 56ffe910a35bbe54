#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/journal/signed_head.hpp"
#include "codec/event_writer.hpp"
#include "core/hash256.hpp"
#include "core/ids.hpp"
#include "trust/signature.hpp"

namespace portcullis::cli {

/// The first thing that does not hold.
struct Defect {
    std::int64_t sequence = 0;  ///< of the entry where it shows; 0 = of the whole
    std::string reason;

    [[nodiscard]] std::string text() const {
        return (sequence == 0 ? std::string{"the journal"} : "entry " + std::to_string(sequence)) + ": " + reason;
    }
};

/// Where a chain begins that is to be checked.
struct ChainStart {
    StreamId stream;
    std::int64_t first = 1;
    Hash256 previous{};                        ///< h(first − 1)
    std::optional<trust::PublicKey> head_key;  ///< that whoever hands the chain over names
};

/// What the checker brings along. With `keys` no other key counts; without, the one that the chain's holder names and
/// those of `stream.opened` do, which proves that nothing was changed since, but not whose journal it is.
struct Trusted {
    std::vector<trust::PublicKey> keys;
    std::vector<SignedHead> heads;  ///< kept elsewhere: they show truncation and rewriting
    bool heads_given = false;
};

/// What was checked, and what nothing vouches for.
struct ChainSummary {
    StreamId stream;
    std::string source;  ///< of the last entry
    std::int64_t first = 0;
    std::int64_t last = 0;
    Hash256 hash{};  ///< h(last)
    std::int64_t erased = 0;
    std::int64_t unexplained_erasures = 0;  ///< that no `journal.erased` behind them names
    std::int64_t heads = 0;                 ///< in the chain, each verified
    std::int64_t outside_heads = 0;         ///< of `Trusted`, each verified and met
    std::int64_t outside_before = 0;        ///< of those, they sign entries that are not here any more
    std::int64_t signed_to = 0;  ///< the last entry that a head signs; what follows is held by the chain only
};

/// Checks a chain entry by entry: form, place, hash, heads. Pure: it reads nothing and knows no file.
class ChainVerifier {
public:
    /// `writer` must outlive this.
    ChainVerifier(const codec::EventWriter& writer, ChainStart start, Trusted trusted);

    /// The next entry, and its h(n) as the holder has it.
    [[nodiscard]] std::optional<Defect> event(std::string_view published, const Hash256& hash);
    /// The head of the entry before; before the first entry, that of `first − 1`, without which nothing begins later
    /// than at 1.
    [[nodiscard]] std::optional<Defect> head(std::string_view envelope);
    /// There is nothing more.
    [[nodiscard]] std::optional<Defect> finish();

    [[nodiscard]] const ChainSummary& summary() const { return summary_; }

private:
    [[nodiscard]] std::int64_t at() const { return summary_.last; }
    [[nodiscard]] std::optional<Defect> outside_heads_here();
    void learn(const Event& event, std::int64_t sequence, bool erased);

    const codec::EventWriter& writer_;
    ChainStart start_;
    Trusted trusted_;
    std::vector<trust::PublicKey> keys_;
    std::size_t next_outside_ = 0;
    bool head_seen_ = false;  ///< of the entry before
    std::vector<std::int64_t> unexplained_;
    ChainSummary summary_;
};

}  // namespace portcullis::cli
