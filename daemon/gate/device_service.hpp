#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "gate/control_desk.hpp"
#include "gate/device_desk.hpp"
#include "gate/journal_desk.hpp"
#include "lane/lane_io.hpp"

namespace portcullis::gate {

/// Takes devices out of service by hand, and back: recorded first, kept over a restart of the daemon.
class DeviceService {
public:
    struct Ports {
        std::function<void(Submission)> submit;
        std::function<Now()> now;
    };

    DeviceService(DeviceDesk& desk, Ports ports) : desk_(desk), ports_(std::move(ports)) {}

    /// The questions `device_disable` and `device_enable`: `name`, `actor`, and `reason_text` where there is one.
    void add_to(ControlDesk& desk);
    /// After the devices have started: what was out of service when the daemon ended stays so. `notes`: the gate's own.
    void restore(const std::vector<lane::Memory>& notes);

private:
    void answer(const Value& question, bool disable, const ControlDesk::Reply& reply);

    DeviceDesk& desk_;
    Ports ports_;
};

}  // namespace portcullis::gate
