#pragma once

#include <string>

namespace portcullis::gate {

/// What the daemon tells systemd; every call does nothing when no service manager listens.
class ServiceManager {
public:
    /// The gate has opened its journal and runs its lanes.
    void ready(const std::string& status);
    /// One line for `systemctl status`; sent when it is another than the last.
    void status(const std::string& status);
    void stopping();
    /// Alive: sent only while every worker has shown progress within its own deadline.
    void alive() const;

private:
    std::string told_;
};

}  // namespace portcullis::gate
