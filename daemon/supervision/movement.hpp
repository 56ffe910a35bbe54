#pragma once

#include <optional>

#include "core/facts.hpp"
#include "core/vocabulary.hpp"

/// What a movement implies, and what movement the lane's own facts imply.
namespace portcullis::supervision {

/// The way that a movement implies; nothing where either way fits (contracts.md 4) or the movement is unknown.
[[nodiscard]] std::optional<Way> way_of(Movement movement);

/// `empty_in` or `empty_out`: needs a proof of emptiness.
[[nodiscard]] bool is_empty_movement(Movement movement);

/// A movement that contradicts a box that is proved to be empty.
[[nodiscard]] bool is_laden_movement(Movement movement);

/// How many boxes a load is; nothing when it is unknown.
[[nodiscard]] std::optional<int> boxes_of(Load load);

/// No box on the vehicle, and somebody other than the silence of a reader says so.
[[nodiscard]] bool no_box_is_proved(const PassageFacts& facts);

/// The movement when no order names one. No box, proved: `no_box`. A box that is proved to be empty: `empty_in` or
/// `empty_out`. A box that is not proved to be empty counts as laden: `import_laden` out, `export_laden` in, which is
/// the stricter of the two on the way out and recorded on the way in. Way or load unknown: `unknown`.
[[nodiscard]] Movement inferred_movement(const PassageFacts& facts);

}  // namespace portcullis::supervision
