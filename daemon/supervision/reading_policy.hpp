#pragma once

#include <vector>

#include "core/facts.hpp"
#include "core/reading_repair.hpp"
#include "core/ruleset.hpp"

/// What the ruleset lets readings be worth, before a passage is judged by them.
namespace portcullis::supervision {

/// An identity as the policy has it, and what became of each reading that could be repaired.
struct ReadingsWeighed {
    PassageIdentity identity;
    std::vector<ReadingRepair> repairs;
    bool changed = false;  ///< `identity` is another than the facts': what was looked up for it is to be looked up anew

    [[nodiscard]] bool repaired() const;
};

/// A number that fewer readers gave than the policy wants, or one alone with a confidence below the policy's, is read
/// and not believed: it stands among the invalid ones, whose targeting still counts. While a box or the tractor has no
/// number, a reading with a defect is taken for the one valid number that is one confusable character away (never digit
/// for digit), if the policy lets it, exactly one results, no other reading speaks for another, and `found` has an
/// order that names it.
[[nodiscard]] ReadingsWeighed weigh_readings(const ReadingPolicy& policy, const PassageFacts& facts,
                                             const OrdersFound& found);

}  // namespace portcullis::supervision
