#include "gate/service_manager.hpp"

#include <systemd/sd-daemon.h>

#include <chrono>
#include <utility>

namespace portcullis::gate {

void ServiceManager::ready(const std::string& status) {
    told_ = status;
    ::sd_notify(0, ("READY=1\nSTATUS=" + status).c_str());
}

void ServiceManager::status(const std::string& status) {
    if (std::exchange(told_, status) != status) {
        ::sd_notify(0, ("STATUS=" + status).c_str());
    }
}

void ServiceManager::checking(const std::string& file, std::uintmax_t bytes) const {
    using namespace std::chrono_literals;
    // The slowest flash card in the field reads 10 MB/s: ten bytes a microsecond.
    const std::chrono::microseconds most = 1min + std::chrono::microseconds{bytes / 10};
    ::sd_notify(0, ("EXTEND_TIMEOUT_USEC=" + std::to_string(most.count()) + "\nSTATUS=checking " + file).c_str());
}

void ServiceManager::stopping() {
    told_ = "stopping";
    ::sd_notify(0, ("STOPPING=1\nSTATUS=" + told_).c_str());
}

void ServiceManager::alive() const {
    ::sd_notify(0, "WATCHDOG=1");
}

}  // namespace portcullis::gate
