#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/verdict.hpp"
#include "supervision/box_orders.hpp"
#include "supervision/declared.hpp"
#include "supervision/subject.hpp"
#include "supervision/weight.hpp"

namespace portcullis::supervision {

/// The states that a seal may be in, one bit each: what its reader says, and whether the numbers read are those that
/// the newest zone result or the declaration names.
[[nodiscard]] std::uint64_t possible_seals(const BoxMeasures* box, const Declared& declared);

/// What was measured at a box of this passage, if anything.
[[nodiscard]] const BoxMeasures* measures_of(const PassageFacts& facts, const IdentifiedContainer* box);

/// Everything that the ruleset judges one box by (or a vehicle without boxes).
class BoxCase {
public:
    /// `found`: all that were found for the passage; they, and `facts`, outlive the case.
    BoxCase(const Ruleset& ruleset, BoxOrders orders, const PassageFacts& facts, const std::vector<FoundOrder>& found,
            const DecisionBasis& basis);

    [[nodiscard]] const BoxOrders& orders() const { return orders_; }
    [[nodiscard]] const BoxMeasures* measures() const { return measures_; }
    [[nodiscard]] const BoxVerdict& verdict() const { return verdict_; }
    [[nodiscard]] BoxVerdict take_verdict() && { return std::move(verdict_); }

    /// Where a zone result answers the draw, it is satisfied.
    void satisfy_sampling();
    void answered(std::string key);

    /// One for each declaration, at least one; they look into this case.
    [[nodiscard]] std::vector<Subject> subjects(const Ruleset& ruleset, const WeightJudgement& weight) const;

private:
    const PassageFacts& facts_;
    const DecisionBasis& basis_;
    BoxOrders orders_;
    const BoxMeasures* measures_;
    std::string number_;
    std::vector<Declared> declared_;
    BoxVerdict verdict_;
};

}  // namespace portcullis::supervision
