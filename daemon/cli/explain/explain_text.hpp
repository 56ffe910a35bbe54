#pragma once

#include <iosfwd>
#include <vector>

#include "core/verdict.hpp"
#include "supervision/explain.hpp"

/// A verdict for people, who doubt it.
namespace portcullis::cli {

void print_verdict(const Verdict& verdict, std::ostream& out);

/// Each rule over each box; what is surely not so in a line, all else with each predicate.
void print_passes(const std::vector<supervision::PassExplained>& passes, std::ostream& out);
void print_rules(const std::vector<supervision::RuleExplained>& rules, std::ostream& out);

}  // namespace portcullis::cli
