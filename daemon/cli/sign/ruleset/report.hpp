#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/sign/ruleset/sketch.hpp"
#include "codec/refusal.hpp"
#include "core/config_node.hpp"

/// What a document's reader has against it, told at the places of the YAML that it was made of.
namespace portcullis::sign {

inline constexpr std::size_t most_refusals = 100;

/// Reports at the place in the file that a place of the document came from. Where something is wrong already, that
/// explains it.
void report_at(const Sketch& sketch, const std::string& pointer, std::string what, std::string help,
               ConfigProblems& problems);
void report_refusals(const Sketch& sketch, const std::vector<codec::Refusal>& refusals, ConfigProblems& problems);

}  // namespace portcullis::sign
