#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "codec/refusal.hpp"
#include "core/facts.hpp"
#include "core/result.hpp"

namespace portcullis::codec {

/// A passage as a decision saw it: all that a verdict rests on beside the ruleset (docs/central/facts.schema.json).
struct StatedPassage {
    PassageFacts facts;
    OrdersFound orders;
    DecisionBasis basis;
};

inline constexpr std::size_t most_facts_bytes = std::size_t{1024} * 1024;

[[nodiscard]] Result<StatedPassage, Refusal> read_facts(std::string_view text);

/// The same as canonical JSON: who reads it decides as who wrote it. What no verdict rests on (votes, readers,
/// officers' history of an order) is left out.
[[nodiscard]] std::string write_facts(const PassageFacts& facts, const OrdersFound& orders, const DecisionBasis& basis);

}  // namespace portcullis::codec
