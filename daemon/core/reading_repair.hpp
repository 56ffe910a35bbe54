#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/enum_text.hpp"
#include "core/observation.hpp"
#include "core/vocabulary.hpp"

namespace portcullis {

/// Why a reading with a defect was, or was not, taken for the one number that it may stand for.
enum class RepairCause : std::uint8_t {
    taken,
    policy,         ///< the ruleset does not let readings be repaired
    ambiguous,      ///< several valid numbers are one confusable character away
    order_unknown,  ///< no order names the candidate
    conflict        ///< another reading, valid or repaired, stands for another number
};
template <>
inline constexpr auto enum_texts<RepairCause> = std::to_array<EnumText<RepairCause>>({
    {RepairCause::taken, "taken"},
    {RepairCause::policy, "policy"},
    {RepairCause::ambiguous, "ambiguous"},
    {RepairCause::order_unknown, "order_unknown"},
    {RepairCause::conflict, "conflict"},
});

/// What became of one reading that is one confusable character away from a valid number (events.md,
/// reading.repaired).
struct ReadingRepair {
    ReadingKind kind = ReadingKind::container;
    std::string read;          ///< normalised
    std::string candidate;     ///< the first valid number that it may stand for
    std::size_t position = 0;  ///< of the exchanged character in `read`
    std::string table;         ///< the two characters that readers take for each other, as `O/0`
    std::int64_t candidates = 0;
    Tristate order_known = Tristate::no;
    RepairCause cause = RepairCause::policy;
    friend bool operator==(const ReadingRepair&, const ReadingRepair&) = default;
};

}  // namespace portcullis
