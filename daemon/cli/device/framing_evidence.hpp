#pragma once

#include <vector>

#include "cli/device/framing_guess.hpp"

namespace portcullis::cli {

/// How well a framing explains what was heard: what it finds, and the bits that it foretells of that, less what it
/// costs to have chosen it and what it leaves over.
[[nodiscard]] FramingCandidate weigh_framing(const std::vector<HeardPiece>& heard,
                                             const drivers::FramingSettings& framing);

}  // namespace portcullis::cli
