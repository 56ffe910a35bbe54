#pragma once

#include <cstdint>
#include <string>

namespace portcullis::gate {

/// What the daemon tells systemd; every call does nothing when no service manager listens.
class ServiceManager {
public:
    /// The gate has opened its journal and runs its lanes.
    void ready(const std::string& status);
    /// One line for `systemctl status`; sent when it is another than the last.
    void status(const std::string& status);
    /// A file of this size is about to be read whole before the gate is ready: the service manager is to wait for it.
    void checking(const std::string& file, std::uintmax_t bytes) const;
    void stopping();
    /// Alive: sent only while every worker has shown progress within its own deadline.
    void alive() const;

private:
    std::string told_;
};

}  // namespace portcullis::gate
