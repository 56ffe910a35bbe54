#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "simulators/central/crypto.hpp"

/// The signed documents of a simulated port whose gate believes a root. One key has every role: it is a play.
namespace portcullis::rig {

/// In an envelope, as are the others.
[[nodiscard]] std::string port_root(const central::SigningKey& key, WallTime now);
/// A ruleset that asks `ciq` for laden imports and `terminal` for empties, and admits the rest.
struct PortRuleset {
    std::int64_t version = 1;
    std::string holds_plate;  ///< a rule holds this tractor; empty = no rule
    std::chrono::milliseconds life = std::chrono::hours{30 * 24};
    std::string suspects_to;  ///< a zone: whom the radiation monitor suspects is inspected there; empty = no rule
    bool weighs = false;      ///< what weighs otherwise than declared is inspected, what nobody weighed is held
};
[[nodiscard]] std::string port_ruleset(const central::SigningKey& key, const PortRuleset& ruleset, WallTime now);

/// A pass list with one visitor, for this day and one passage.
[[nodiscard]] std::string port_passes(const central::SigningKey& key, const std::string& plate, WallTime now);

/// A vehicle list with one vehicle, weighed as it comes.
[[nodiscard]] std::string port_vehicles(const central::SigningKey& key, const std::string& plate, std::int64_t tare_kg,
                                        WallTime now);

/// What an inspection of a box concluded.
struct Concluded {
    std::string container;
    std::string zone;
    std::string result;  ///< `pass`, `treat`, `fail`
    std::vector<std::string> answers;
    std::vector<std::string> new_seals;
};
[[nodiscard]] std::string port_zone_result(const central::SigningKey& key, const Concluded& concluded, WallTime now);

}  // namespace portcullis::rig
