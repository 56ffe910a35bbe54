#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/hash256.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "store/journal.hpp"
#include "trust/signature.hpp"

namespace portcullis::gate {

/// How often a head is made.
struct HeadTerms {
    std::int64_t every = 500;                                   ///< entries
    std::chrono::nanoseconds within = std::chrono::minutes{5};  ///< the longest time without one while entries come
};

/// What a head says beside the entry that it signs.
struct HeadFacts {
    std::int64_t sequence = 0;
    Hash256 hash{};
    std::int64_t ruleset_version = 0;
    std::int64_t order_cursor = 0;
};

/// Signs heads of the journal (design.md 6; docs/journal.md): what stands before a head that someone else holds cannot
/// be rewritten or cut off unseen.
class HeadMaker {
public:
    /// `newest`: the sequence that the newest head of the journal signs, 0 without one.
    HeadMaker(const trust::SigningKey& key, StreamId stream, HeadTerms terms, std::int64_t newest, Instant now)
        : key_(key), stream_(stream), terms_(terms), newest_(newest), since_(now) {}

    /// Whether an entry that is about to be durable needs a head.
    [[nodiscard]] bool due(std::int64_t sequence, Instant now) const;
    [[nodiscard]] store::HeadRow make(const HeadFacts& facts, WallTime time) const;
    /// The head is durable.
    void made(std::int64_t sequence, Instant now);
    /// The newest durable one signs this entry.
    [[nodiscard]] std::int64_t newest() const { return newest_; }

private:
    const trust::SigningKey& key_;
    StreamId stream_;
    HeadTerms terms_;
    std::int64_t newest_;
    Instant since_;
};

/// The `payloadType` kind of a head.
inline constexpr std::string_view head_kind = "head";

}  // namespace portcullis::gate
