#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/documents.hpp"

namespace portcullis::trust {

/// The newest of a document that was taken; nothing below it is taken again.
struct Floor {
    DocumentMark mark;
    /// Set when a root replaced the keys of this kind and the version fell to 0: what was issued before is not taken,
    /// so that keys which come back later do not bring their old documents back.
    std::optional<WallTime> not_before;
    friend bool operator==(const Floor&, const Floor&) = default;
};

/// What a gate must never forget: which documents it took, what its timestamp named, and a time that is surely past.
struct Floors {
    std::int64_t serial = 0;  ///< of two copies the one with the higher serial is the newer; 0 = nothing taken yet
    /// From signed documents only: a clock that runs ahead raises nothing.
    std::optional<WallTime> time;
    std::map<DocumentName, Floor> taken;
    std::map<DocumentName, DocumentMark> named;
    friend bool operator==(const Floors&, const Floors&) = default;
};

/// How a document stands to the floors.
enum class Standing : std::uint8_t {
    newer,           ///< may be taken
    repeated,        ///< the one that was taken last, to the byte: nothing to do
    older,           ///< below what was taken
    other_hash,      ///< the version that was taken, or that the timestamp names, with other bytes
    below_named,     ///< the timestamp names a newer one
    before_rotation  ///< issued before its keys were replaced
};

[[nodiscard]] Standing standing_of(const Floors& floors, const DocumentName& name, const DocumentMark& mark,
                                   WallTime issued);

/// For one that was taken before: nothing is against it but that a newer one is known.
[[nodiscard]] bool only_outdone(const Floors& floors, const DocumentName& name, const DocumentMark& mark,
                                WallTime issued);

/// The clock may be set back; what signed documents prove stays past.
[[nodiscard]] WallTime time_of(const Floors& floors, WallTime wall);

[[nodiscard]] Floors with_taken(Floors floors, const DocumentName& name, const DocumentMark& mark);

/// The floors once `now` (whose payload hashes to `hash`) has taken the place of `before`, which is nothing for a
/// gate's first root. Kinds whose keys it replaces begin anew; with the timestamp's keys also what timestamps said, the
/// time included: a thief may have signed one of a far future.
[[nodiscard]] Floors with_root(Floors floors, const RootDocument* before, const RootDocument& now, const Hash256& hash);

/// What in a timestamp contradicts what is known: it names less than the one before it, or other bytes.
[[nodiscard]] std::optional<std::string> contradiction(const Floors& floors, const TimestampDocument& timestamp);

[[nodiscard]] Floors with_timestamp(Floors floors, const TimestampDocument& timestamp, const Hash256& hash);

/// `ruleset`, or `orders of ciq`.
[[nodiscard]] std::string text_of(const DocumentName& name);

}  // namespace portcullis::trust
