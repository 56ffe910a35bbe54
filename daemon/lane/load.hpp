#pragma once

#include <optional>

#include "core/facts.hpp"
#include "core/lane_settings.hpp"
#include "core/time.hpp"
#include "core/vocabulary.hpp"
#include "lane/identity.hpp"
#include "lane/inputs.hpp"

namespace portcullis::lane {

/// The load of a vehicle as a fact with its source (design.md 1, load).
struct LoadFact {
    Load load = Load::unknown;
    std::optional<int> boxes;
    LoadSource source = LoadSource::none;
    Fullness fullness = Fullness::unknown;
    LoadPosition position = LoadPosition::not_applicable;  ///< of a single 20 ft box
    friend bool operator==(const LoadFact&, const LoadFact&) = default;
};

/// What stands on the vehicle at the stop line. By the lane's own word: the beams, or the boxes that were read.
[[nodiscard]] LoadFact judge_load(LoadPolicy policy, const InputImage& inputs, const IdentityFusion& readings);

/// The load beams have not changed for `hold`: the vehicle stands, and the profile is the whole one.
[[nodiscard]] bool load_stands(const LaneSettings& settings, const InputImage& inputs, Instant now);
/// When `load_stands` becomes true if nothing changes.
[[nodiscard]] Instant load_stands_at(const LaneSettings& settings, const InputImage& inputs);

}  // namespace portcullis::lane
