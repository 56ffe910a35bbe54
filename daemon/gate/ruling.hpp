#pragma once

#include <cstdint>
#include <memory>

#include "core/facts.hpp"
#include "supervision/compiled_ruleset.hpp"

namespace portcullis::gate {

/// What one passage is judged by, now.
struct Ruling {
    std::shared_ptr<const supervision::CompiledRuleset> ruleset;
    std::shared_ptr<const supervision::CompiledRuleset> shadow;  ///< the one that waits for its time; may be empty
    DocumentState state = DocumentState::unknown;
    std::int64_t age_s = 0;  ///< since central last said that it is the newest
};

}  // namespace portcullis::gate
