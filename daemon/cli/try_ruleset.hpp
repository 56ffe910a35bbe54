#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

#include "cli/journal_command.hpp"

namespace portcullis::cli {

struct TryRulesetOptions {
    std::filesystem::path ruleset;  ///< the candidate: its payload, or the signed document
    std::string since;              ///< a wall time, as full_time() makes it
    bool json = false;
};

/// Decides recorded passages again by a candidate ruleset and prints which verdicts would have been others. 0 when all
/// that are recorded with their facts were tried, whatever came out.
[[nodiscard]] int try_ruleset(const JournalPlace& place, const TryRulesetOptions& options, std::ostream& out,
                              std::ostream& errors);

}  // namespace portcullis::cli
