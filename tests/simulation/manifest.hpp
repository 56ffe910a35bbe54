#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/event.hpp"
#include "core/facts.hpp"
#include "core/order.hpp"
#include "simulators/world/vehicle.hpp"
#include "supervision/compiled_ruleset.hpp"

namespace portcullis::simulation {

/// One vehicle of a day, with the orders that are known before it comes.
struct Arrival {
    world::Vehicle vehicle;
    std::vector<Order> orders;
};

/// A run that is given: who comes to each lane in order, by which ruleset it is judged, and what is measured.
struct Manifest {
    std::vector<std::vector<Arrival>> lanes;
    /// Known before the day begins.
    std::vector<Order> orders;
    const supervision::CompiledRuleset* ruleset = nullptr;
    /// Adds what weighbridge, portal and seal readers say.
    std::function<void(PassageFacts& facts, WallTime now)> measure;
    /// Every event that became durable.
    std::function<void(const Event& event, std::int64_t sequence)> told;
};

}  // namespace portcullis::simulation
