#pragma once

#include "cli/sign/ruleset/draft.hpp"

/// The parts of a ruleset's YAML, each written into the document's draft.
namespace portcullis::sign {

/// The member `when`: a group with several members is `all` of them; `attribute` and `date` name what they look at.
void write_condition(const ConfigNode& when, Draft& draft);
void write_rules(const ConfigNode& root, Draft& draft);
void write_cases(const ConfigNode& root, Draft& draft);

}  // namespace portcullis::sign
