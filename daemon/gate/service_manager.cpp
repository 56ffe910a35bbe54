#include "gate/service_manager.hpp"

#include <systemd/sd-daemon.h>

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

void ServiceManager::stopping() {
    told_ = "stopping";
    ::sd_notify(0, ("STOPPING=1\nSTATUS=" + told_).c_str());
}

void ServiceManager::alive() const {
    ::sd_notify(0, "WATCHDOG=1");
}

}  // namespace portcullis::gate
