#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/rule.hpp"
#include "core/vocabulary.hpp"
#include "supervision/compiled_ruleset.hpp"
#include "supervision/subject.hpp"

/// The predicate table: everything that a rule can ask.
namespace portcullis::supervision {

/// What a predicate is about. One about a box is `no` for a vehicle that is proved to carry none.
enum class About : std::uint8_t { passage, box };

/// A new predicate is one function and one row, one line of docs/glossary.md and one table test.
struct PredicateRow {
    PredicateKind kind;
    About about;
    /// Of texts that are words of an enum: the bit of each.
    std::uint64_t (*words)(const std::vector<std::string>& texts);
    Tristate (*test)(const CompiledPredicate& predicate, const Subject& subject);
    /// The value that it saw, for people.
    std::string (*seen)(const CompiledPredicate& predicate, const Subject& subject);
};

[[nodiscard]] const PredicateRow& predicate_row(PredicateKind kind);

/// Three-valued; allocates nothing.
[[nodiscard]] Tristate holds(const CompiledPredicate& predicate, const Subject& subject);

}  // namespace portcullis::supervision
