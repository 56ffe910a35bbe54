#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "simulators/rig/child_process.hpp"

namespace portcullis::rig {

/// A mosquitto of our own on loopback. What it holds is in memory: after `stop` it has forgotten everything, as a
/// broker without persistence does.
class Broker {
public:
    /// Its files are below `folder`. Starts it and waits until it listens; throws std::runtime_error when it does not.
    explicit Broker(std::filesystem::path folder);

    void stop();
    /// On the same port as before.
    void start();

    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] std::string uri() const { return "mqtt://127.0.0.1:" + std::to_string(port_); }

private:
    [[nodiscard]] bool listens() const;

    std::filesystem::path folder_;
    int port_ = 0;
    std::optional<ChildProcess> process_;
};

}  // namespace portcullis::rig
