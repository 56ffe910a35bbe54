#pragma once

#include <string>
#include <vector>

#include "cli/device/framing_guess.hpp"
#include "cli/device/recording.hpp"

namespace portcullis::cli {

/// A profile to begin with: this framing, and what a technician must fill in marked with `FILL IN`.
[[nodiscard]] std::string profile_skeleton(const FramingCandidate& candidate);

/// `framing:` and `check:` as a profile writes them.
[[nodiscard]] std::string framing_yaml(const drivers::FramingSettings& framing);

/// What `guess_framing` looks at of a recording: not what the driver sent.
[[nodiscard]] std::vector<HeardPiece> heard_in(const std::vector<RecordedPiece>& pieces);

}  // namespace portcullis::cli
