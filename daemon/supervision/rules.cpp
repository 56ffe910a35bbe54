#include "supervision/rules.hpp"

#include <algorithm>

#include "supervision/kleene.hpp"
#include "supervision/predicates.hpp"
#include "supervision/sampling.hpp"

namespace portcullis::supervision {
namespace {

constexpr std::int64_t whole_ppm = 1'000'000;

/// Walks one condition. Parts that cannot change the result any more are not asked.
class Walk {
public:
    Walk(const CompiledRuleset& ruleset, Answers& answers) : nodes_(ruleset.nodes()), answers_(answers) {}

    // NOLINTNEXTLINE(misc-no-recursion): a document's depth is bounded where it is read
    [[nodiscard]] Tristate at(std::uint32_t place) const {
        const auto& node = nodes_[place];
        switch (node.join) {
            case Join::predicate:
                return node.predicate == not_there ? Tristate::unknown : answers_.of(node.predicate);
            case Join::negation:
                return negated(at(place + 1));
            case Join::all:
                return joined(place, Tristate::yes, Tristate::no, both);
            case Join::any:
                return joined(place, Tristate::no, Tristate::yes, either);
        }
        return Tristate::unknown;
    }

private:
    // NOLINTNEXTLINE(misc-no-recursion): as above
    [[nodiscard]] Tristate joined(std::uint32_t place, Tristate result, Tristate decides,
                                  Tristate (*join)(Tristate, Tristate)) const {
        const auto parts = nodes_[place].parts;
        auto next = place + 1;
        for (std::uint32_t part = 0; part < parts; ++part) {
            result = join(result, at(next));
            if (result == decides) {
                break;
            }
            next = nodes_[next].after;
        }
        return result;
    }

    std::span<const CompiledNode> nodes_;
    Answers& answers_;
};

}  // namespace

Tristate in_force(const Rule& rule, const DecisionBasis& basis) {
    const auto earliest = basis.now.wall - basis.clock_band;
    const auto latest = basis.now.wall + basis.clock_band;
    if ((rule.valid_from && latest < *rule.valid_from) || (rule.valid_to && earliest > *rule.valid_to)) {
        return Tristate::no;
    }
    const bool begun = !rule.valid_from || earliest >= *rule.valid_from;
    const bool not_over = !rule.valid_to || latest <= *rule.valid_to;
    return begun && not_over ? Tristate::yes : Tristate::unknown;
}

Tristate is_for(const CompiledRule& rule, Movement movement) {
    if (rule.movements == 0 || (rule.movements & bit_of(movement)) != 0) {
        return Tristate::yes;
    }
    return movement == Movement::unknown ? Tristate::unknown : Tristate::no;
}

namespace {

/// Parts that cannot change the result any more are not asked.
Tristate all_hold(std::span<const std::uint32_t> predicates, Answers& answers) {
    auto result = Tristate::yes;
    for (const auto predicate : predicates) {
        const auto one = answers.of(predicate);
        if (one == Tristate::no) {
            return one;
        }
        result = one == Tristate::unknown ? one : result;
    }
    return result;
}

}  // namespace

Tristate condition_holds(const CompiledRuleset& ruleset, const CompiledRule& rule, Answers& answers) {
    if (rule.conjuncts != 0) {
        return all_hold(ruleset.conjuncts().subspan(rule.first_conjunct, rule.conjuncts), answers);
    }
    return rule.nodes == 0 ? Tristate::yes : Walk{ruleset, answers}.at(rule.first_node);
}

std::size_t next_possible(const CompiledRuleset& ruleset, std::size_t from, std::span<std::vector<Answers>> boxes) {
    const auto glances = ruleset.glances();
    const auto conjuncts = ruleset.conjuncts();
    for (auto place = from; place < glances.size(); ++place) {
        const auto asked = conjuncts.subspan(glances[place].first_conjunct, glances[place].conjuncts);
        const auto excludes = [&](std::vector<Answers>& box) {
            const auto movement = box.front().subject().movement;
            if (movement != Movement::unknown && (glances[place].movements & bit_of(movement)) == 0) {
                return true;
            }
            return !asked.empty() && std::ranges::all_of(box, [&](Answers& declaration) {
                return all_hold(asked, declaration) == Tristate::no;
            });
        };
        if (!std::ranges::all_of(boxes, excludes)) {
            return place;
        }
    }
    return glances.size();
}

Tristate matches(const CompiledRuleset& ruleset, const CompiledRule& rule, Tristate force, std::span<Answers> box) {
    const auto applies = both(force, is_for(rule, box.front().subject().movement));
    if (applies == Tristate::no) {
        return Tristate::no;
    }
    auto condition = Tristate::no;
    for (auto& answers : box) {
        condition = either(condition, condition_holds(ruleset, rule, answers));
        if (condition == Tristate::yes) {
            break;
        }
    }
    if (condition == Tristate::no) {
        return Tristate::no;
    }
    const auto rate = rule.rule->rate_ppm;
    const bool whole = rule.rule->outcome != VerdictOutcome::inspect || rate >= whole_ppm;
    const auto drawn = whole ? Tristate::yes : drawn_at(box.front().subject().measures, rule.key, rate);
    return both(both(applies, condition), drawn);
}

}  // namespace portcullis::supervision
