#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace portcullis::gate {

/// What the daemon tells systemd; every call does nothing when no service manager listens.
class ServiceManager {
public:
    /// The gate has opened its journal and runs its lanes.
    void ready(const std::string& status) const;
    void status(const std::string& status) const;
    void stopping() const;
    /// Alive: sent only while every worker has shown progress within its own deadline.
    void alive() const;
    /// The interval within which alive() must come, from WATCHDOG_USEC; nothing when no watchdog is set.
    [[nodiscard]] std::optional<std::chrono::microseconds> watchdog_interval() const;
};

}  // namespace portcullis::gate
