#pragma once

#include <cstdint>
#include <ostream>

#include "core/ruleset.hpp"
#include "tests/day/day_log.hpp"

namespace portcullis::simulation {

/// A day of two hundred mixed trucks over four lanes, judged by `ruleset`, in virtual time.
[[nodiscard]] DayResult run_day(std::uint64_t seed, const Ruleset& ruleset, Break broken = Break::nothing,
                                std::ostream* events = nullptr);

/// The ruleset of a YAML file (docs/ruleset.md). Throws std::runtime_error with every problem of it.
[[nodiscard]] Ruleset ruleset_of(const std::string& file);

}  // namespace portcullis::simulation
