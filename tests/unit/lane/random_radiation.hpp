#pragma once

#include "core/radiation.hpp"
#include "tests/simulation/random.hpp"

namespace portcullis::lane {

/// Anything that a radiation monitor can say.
inline RadiationSeen random_radiation(simulation::Random& random) {
    OccupancyEnded ended;
    switch (random.below(5)) {
        case 0:
            return {RadiationWatch{random.chance(500), "any"}};
        case 1:
            return {RadiationAlarm{random.chance(700), random.chance(300)}};
        case 2:
            ended.state = random.of(enum_texts<OccupancyState>).value;
            return {ended};
        default:
            return {OccupancyBegan{}};
    }
}

}  // namespace portcullis::lane
