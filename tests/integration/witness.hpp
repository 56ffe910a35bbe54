#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "simulators/rig/child_process.hpp"

namespace portcullis::testing {

/// An MQTT client of somebody else: mosquitto_sub prints what the gate publishes, and comes back by itself after the
/// broker was away.
class Witness {
public:
    Witness(std::filesystem::path folder, int broker_port, std::string prefix);

    /// Every event that it printed, in order.
    [[nodiscard]] std::vector<std::string> seen() const;
    /// Asks the gate (contracts.md 1, `replay`) for the stream from a sequence on.
    void ask_for_replay(const std::string& stream, std::int64_t from) const;

private:
    std::filesystem::path folder_;
    int broker_port_;
    std::string prefix_;
    rig::ChildProcess printer_;
};

}  // namespace portcullis::testing
