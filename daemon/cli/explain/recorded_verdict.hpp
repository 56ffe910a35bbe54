#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "codec/facts.hpp"
#include "core/value.hpp"
#include "core/verdict.hpp"

namespace portcullis::cli {

/// What a `verdict.issued` event says of how it came about.
struct RecordedVerdict {
    std::int64_t sequence = 0;
    std::int64_t ruleset_version = 0;
    std::string time;
    std::string passage;
    std::string facts;  ///< empty: none, erased, or too long to be kept
    Value data;         ///< the event's
};

/// Nothing where the event is another one.
[[nodiscard]] std::optional<RecordedVerdict> recorded_verdict(std::int64_t sequence, const Value& event);

/// Why its facts cannot be decided again, or nothing.
[[nodiscard]] std::optional<std::string> without_facts(const RecordedVerdict& recorded);

/// Which members of the recorded verdict the one that was decided again does not have: `reasons`, `zone`, …
[[nodiscard]] std::vector<std::string> differences(const RecordedVerdict& recorded, const Verdict& again);

}  // namespace portcullis::cli
