// Of the desk: devices that are set aside, out of service or in test, and how fast the others are asked.
#include <algorithm>
#include <utility>
#include <variant>

#include "gate/device_desk.hpp"

namespace portcullis::gate {

void DeviceDesk::perform_by_hand(const DeviceName& device, const drivers::PointCommand& command,
                                 drivers::CommandDone done) {
    devices_.at(device)->perform(command, std::move(done));
}

drivers::DeviceView DeviceDesk::view(const DeviceName& device) const {
    auto view = devices_.at(device)->view();
    view.disabled = is_disabled(device);
    return view;
}

void DeviceDesk::pace(std::size_t lane, drivers::Pace pace) {
    if (std::exchange(paces_.at(lane), pace) == pace) {
        return;
    }
    for (const auto& [device, lanes] : lanes_of_) {
        if (lanes.contains(lane)) {
            const bool busy = std::any_of(lanes.begin(), lanes.end(),
                                          [this](auto each) { return paces_[each] == drivers::Pace::busy; });
            devices_.at(device)->pace(busy ? drivers::Pace::busy : drivers::Pace::idle);
        }
    }
}

void DeviceDesk::set_aside(const DeviceName& device, const std::string& cause) {
    const Observation away{device, {}, surroundings_.clock.now().instant, HealthChanged{DeviceState::offline, cause}};
    aside_.set(device, cause);
    hand_health(away);
}

void DeviceDesk::take_back(const DeviceName& device) {
    for (const auto& last : aside_.take_back(device)) {
        if (const auto* seen = std::get_if<InputSeen>(&last.what)) {
            watch_input(last, *seen);
            if (const auto places = inputs_.find(PointRef{last.device, last.point}); places != inputs_.end()) {
                hand_to_lanes(last, places->second);
            }
            hand_to_portals(last);
        } else {
            hand_health(last);
        }
    }
}

void DeviceDesk::disable(const DeviceName& device) {
    if (!disabled_.insert(device).second) {
        return;
    }
    set_aside(device, "out of service by hand");
    devices_.at(device)->disable();
    answer_for(device);
    aside_.forget(device);
}

void DeviceDesk::enable(const DeviceName& device) {
    if (disabled_.erase(device) == 0) {
        return;
    }
    take_back(device);
    devices_.at(device)->enable();
}

}  // namespace portcullis::gate
