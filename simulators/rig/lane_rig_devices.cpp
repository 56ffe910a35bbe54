// What a lane's devices see, beside its readers.
#include "simulators/rig/lane_rig.hpp"

namespace portcullis::rig {

namespace {

/// An indicator shows so often.
constexpr double weigh_again_s = 0.1;

simulators::Radiates radiates_of(story::Radiation radiation) {
    switch (radiation) {
        case story::Radiation::suspect:
            return simulators::Radiates::suspect;
        case story::Radiation::high:
            return simulators::Radiates::high;
        case story::Radiation::neutron:
            return simulators::Radiates::neutron;
        case story::Radiation::no:
            break;
    }
    return simulators::Radiates::no;
}

}  // namespace

/// Who is in the beam, and what he carries.
void LaneRig::measure() {
    if (!monitor_) {
        return;
    }
    if (by_hand_) {
        monitor_->step(lived_s_, in_beam_.has_value(), in_beam_.value_or(simulators::Radiates::no));
        return;
    }
    const auto* vehicle = world_.in_radiation_beam();
    auto radiates = simulators::Radiates::no;
    for (const auto& driver : drivers_) {
        if (vehicle != nullptr && driver.vehicle == vehicle->id) {
            radiates = radiates_of(driver.truck.radiation);
        }
    }
    monitor_->step(lived_s_, vehicle != nullptr, radiates);
}

/// What stands before the camera: who is between its post and the arm.
void LaneRig::look() {
    if (!camera_ || by_hand_) {
        return;
    }
    std::string scene = "nobody";
    for (const auto& vehicle : world_.vehicles()) {
        if (vehicle.front > world_.geometry().container_camera && vehicle.front < world_.geometry().arm) {
            scene = vehicle.plate;
        }
    }
    camera_->scene(scene);
}

void LaneRig::weigh() {
    if (scale_ && lived_s_ >= next_weight_s_) {
        next_weight_s_ = lived_s_ + weigh_again_s;
        scale_->show(static_cast<std::int64_t>(world_.mass_on_bridge()), world_.rolls_on_bridge());
        scale_->tick();
    }
}

}  // namespace portcullis::rig
