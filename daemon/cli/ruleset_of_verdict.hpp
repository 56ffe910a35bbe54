#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/explain/recorded_verdict.hpp"
#include "cli/journal_command.hpp"
#include "core/result.hpp"
#include "core/ruleset.hpp"

namespace portcullis::cli {

/// Where the ruleset of a recorded verdict is looked for.
struct RulesetPlaces {
    std::filesystem::path file;      ///< given by hand; empty: the gate's own copy
    std::filesystem::path settings;  ///< whose policy decides where there was no ruleset; empty: the one of that day
    std::vector<std::filesystem::path> profiles = {};  ///< folders to look for device profiles, after the settings' own
};

/// The ruleset that decided it, or why there is none.
[[nodiscard]] Result<Ruleset, std::string> ruleset_of(const RecordedVerdict& recorded, const JournalPlace& place,
                                                      const RulesetPlaces& places);

/// The ruleset that acts at this gate now, or why it cannot be had.
[[nodiscard]] Result<Ruleset, std::string> acting_ruleset(const JournalPlace& place, const RulesetPlaces& places);

}  // namespace portcullis::cli
