#pragma once

#include <optional>

#include "core/facts.hpp"
#include "core/lane_settings.hpp"
#include "core/observation.hpp"
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

/// What the lane's line scanner says, and since when.
struct ScannedLoad {
    LoadSeen seen;
    Instant since;
};

/// What stands on the vehicle at the stop line. By the lane's own word: the beams, the scanner, or the boxes that were
/// read, by any reader or by two each.
[[nodiscard]] LoadFact judge_load(LoadPolicy policy, const InputImage& inputs, const IdentityFusion& readings,
                                  const ScannedLoad& scanned = {});

/// The load is what is seen of it, and not what is read.
[[nodiscard]] constexpr bool is_seen(LoadPolicy policy) {
    return policy == LoadPolicy::beams || policy == LoadPolicy::line_scanner;
}

/// What is seen of the load has not changed for `hold`: the vehicle stands, and all of it was seen.
[[nodiscard]] bool load_stands(const LaneSettings& settings, const InputImage& inputs, const ScannedLoad& scanned,
                               Instant now);
/// When `load_stands` becomes true if nothing changes.
[[nodiscard]] Instant load_stands_at(const LaneSettings& settings, const InputImage& inputs,
                                     const ScannedLoad& scanned);

}  // namespace portcullis::lane
