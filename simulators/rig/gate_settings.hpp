#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "simulators/rig/lane_rig.hpp"

namespace portcullis::rig {

inline constexpr auto terminal_name = "demo";

/// What a simulated gate's settings say beside its lanes.
struct GateFacts {
    std::string name;
    std::filesystem::path state;
    std::string broker;           ///< `mqtt://127.0.0.1:port`
    std::string orders_key;       ///< 64 hex digits; empty = the root of the file root.json
    std::string journal{};        ///< settings of the journal, as `{ ballast: 1 MiB }`; empty = the defaults
    std::string zones{};          ///< settings of zones, as `Z2: { zone_out: { lane: out-1 } }`; empty = none
    std::uint16_t yard_port = 0;  ///< of a reader of containers called `yard` that no lane has; 0 = none
};

/// The settings of a gate with these lanes, as a technician would write them: one I/O module, one plate camera and
/// the container readers of each lane, wired as `input_wires` and `OutputWires` say.
[[nodiscard]] std::string settings_text(const GateFacts& gate, const std::vector<std::unique_ptr<LaneRig>>& lanes);

/// The policy of simulated gates: the defaults of design.md 4.
[[nodiscard]] std::string policy_text();

}  // namespace portcullis::rig
