// What a lane's devices see and what is wrong with them, beside its readers.
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

void LaneRig::set_offline(const std::string& device, bool offline) {
    if (device == "plate_front") {
        offline ? plate_reader_.unplug() : plate_reader_.replug();
        return;
    }
    if (device == "plate_rear") {
        offline ? rear_plate_reader_->unplug() : rear_plate_reader_->replug();
        return;
    }
    if (device == "seal_rear") {
        offline ? seal_reader_->unplug() : seal_reader_->replug();
        return;
    }
    if (device == "tag_reader") {
        offline ? tag_station_->line().unplug() : tag_station_->line().replug();
        return;
    }
    if (device == "camera_front") {
        camera_->faults.mute = offline;
        return;
    }
    if (device == "weighbridge") {
        scale_->set_offline(offline);
        return;
    }
    if (device == "radiation") {
        monitor_->set_offline(offline);
        return;
    }
    if (device == "sign") {
        offline ? sign_->port().unplug() : sign_->port().replug();
        return;
    }
    auto& server = device == "io" ? io_.server() : container_readers_.at(device)->server();
    if (offline) {
        server.go_offline();
    } else {
        server.go_online();
    }
}

void LaneRig::set_scale_fault(story::ScaleFault fault) {
    if (scale_) {
        scale_->faults = {.silent = fault == story::ScaleFault::silent,
                          .stuck = fault == story::ScaleFault::stuck,
                          .never_still = fault == story::ScaleFault::never_still,
                          .wrong_check = fault == story::ScaleFault::wrong_check,
                          .over = fault == story::ScaleFault::over};
    }
}

void LaneRig::set_monitor(story::MonitorFault fault, std::chrono::milliseconds holds) {
    if (monitor_) {
        monitor_->faults = {.silent = fault == story::MonitorFault::silent,
                            .loses_end = fault == story::MonitorFault::loses_end,
                            .tamper = fault == story::MonitorFault::tamper,
                            .high_background = fault == story::MonitorFault::high_background,
                            .drops = fault == story::MonitorFault::drops};
        monitor_->hold(std::chrono::duration<double>(holds).count());
    }
}

/// Who is in the beam, and what he carries.
void LaneRig::measure() {
    if (!monitor_) {
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
