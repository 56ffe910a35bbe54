#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "supervision/compiled_ruleset.hpp"
#include "supervision/predicates.hpp"
#include "supervision/subject.hpp"

/// Whether rules match (docs/ruleset.md, rules).
namespace portcullis::supervision {

/// Whether the clock stands within a rule's validity, ends included; unknown only inside the clock's error band.
[[nodiscard]] Tristate in_force(const Rule& rule, const DecisionBasis& basis);

/// Whether it is for this movement; one that is not known may be any.
[[nodiscard]] Tristate is_for(const CompiledRule& rule, Movement movement);

/// What one declaration answers, each predicate asked once, however many rules ask it.
class Answers {
public:
    /// `subject` and `ruleset` outlive this.
    Answers(const CompiledRuleset& ruleset, const Subject& subject)
        : predicates_(ruleset.predicates()), subject_(&subject), known_(predicates_.size(), not_asked) {}

    [[nodiscard]] Tristate of(std::uint32_t predicate) {
        auto& known = known_[predicate];
        if (known == not_asked) {
            known = static_cast<std::uint8_t>(holds(predicates_[predicate], *subject_));
        }
        return static_cast<Tristate>(known);
    }
    [[nodiscard]] const Subject& subject() const { return *subject_; }

private:
    static constexpr std::uint8_t not_asked = 0xFF;

    std::span<const CompiledPredicate> predicates_;
    const Subject* subject_;
    std::vector<std::uint8_t> known_;
};

/// What the rule's condition says of one declaration. Allocates nothing.
[[nodiscard]] Tristate condition_holds(const CompiledRuleset& ruleset, const CompiledRule& rule, Answers& answers);

/// The first rule from the `from`th on that may say something of one of these boxes; the number of rules where none
/// does. Those between do not match for any of them, and leave no note. Allocates nothing.
[[nodiscard]] std::size_t next_possible(const CompiledRuleset& ruleset, std::size_t from,
                                        std::span<std::vector<Answers>> boxes);

/// Movement, condition over any of the box's declarations, and draw together; the rule is in force as `force` says.
[[nodiscard]] Tristate matches(const CompiledRuleset& ruleset, const CompiledRule& rule, Tristate force,
                               std::span<Answers> box);

}  // namespace portcullis::supervision
