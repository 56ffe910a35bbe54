#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/facts.hpp"
#include "core/measures.hpp"
#include "supervision/declared.hpp"

namespace portcullis::supervision {

/// The bit of one value of an enum.
template <class Enum>
constexpr std::uint64_t bit_of(Enum value) {
    return std::uint64_t{1} << static_cast<unsigned>(value);
}

/// Every state that a seal can really be in.
inline constexpr std::uint64_t any_seal = bit_of(SealState::intact) | bit_of(SealState::tampered) |
                                          bit_of(SealState::open) | bit_of(SealState::absent) |
                                          bit_of(SealState::differs);

/// What a rule is asked about: one box with one declaration, or a vehicle that is proved to carry none (`box` null).
struct Subject {
    const PassageFacts& facts;
    const DecisionBasis& basis;
    const IdentifiedContainer* box;
    const Declared& declared;
    const BoxMeasures* measures = nullptr;
    std::string_view number = {};  ///< of the box, as text
    Movement movement = Movement::unknown;
    std::optional<std::string_view> enterprise_class = {};
    std::uint64_t seals = any_seal;  ///< the states that the seal may be in, one bit each
    Tristate beyond_tolerance = Tristate::unknown;
    SamplingOutcome sampling = SamplingOutcome::unknown;
};

}  // namespace portcullis::supervision
