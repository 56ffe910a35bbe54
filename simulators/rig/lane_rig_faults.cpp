// What is wrong with a lane's devices.
#include <algorithm>
#include <cmath>

#include "simulators/rig/lane_rig.hpp"

namespace portcullis::rig {

namespace {

using namespace std::chrono_literals;

/// A contact that bounces is on and off for so long.
constexpr double flicker_s = 0.12;
/// A reader that is slow, and one that says it again and again.
constexpr double slow_s = 2.5;
constexpr std::uint8_t another_unit = 77;
constexpr std::uint16_t another_length = 2;

simulators::ModbusFaults on_the_network(std::optional<story::DeviceFault> fault) {
    simulators::ModbusFaults faults;
    faults.late = fault == story::DeviceFault::late;
    faults.noise = fault == story::DeviceFault::noise;
    if (fault == story::DeviceFault::wrong_unit) {
        faults.answer_as_unit = another_unit;
    }
    if (fault == story::DeviceFault::wrong_length) {
        faults.answer_length = another_length;
    }
    return faults;
}

}  // namespace

const story::ReaderFault* LaneRig::fault_of(const std::string& role) const {
    const auto found = std::find_if(reader_faults_.begin(), reader_faults_.end(),
                                    [&](const story::ReaderFault& fault) { return fault.role == role; });
    return found == reader_faults_.end() ? nullptr : &*found;
}

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
                          .over = fault == story::ScaleFault::over,
                          .swapped_words = fault == story::ScaleFault::swapped_words};
    }
}

void LaneRig::set_monitor(story::MonitorFault fault, std::chrono::milliseconds holds,
                          std::chrono::milliseconds alarms_after) {
    if (monitor_) {
        monitor_->faults = {.silent = fault == story::MonitorFault::silent,
                            .loses_end = fault == story::MonitorFault::loses_end,
                            .tamper = fault == story::MonitorFault::tamper,
                            .high_background = fault == story::MonitorFault::high_background,
                            .drops = fault == story::MonitorFault::drops};
        monitor_->hold(std::chrono::duration<double>(holds).count());
        monitor_->alarm_after(std::chrono::duration<double>(alarms_after).count());
    }
}

void LaneRig::set_device_fault(const std::string& device, std::optional<story::DeviceFault> fault) {
    if (device.starts_with("plate_")) {
        line_faults_.erase(device);
        if (fault) {
            line_faults_.emplace(device, *fault);
        }
        return;
    }
    const bool reboots = fault == story::DeviceFault::reboot;
    if (device == "io") {
        io_.server().faults = on_the_network(fault);
        io_.stuck = fault == story::DeviceFault::stuck;
        arrival_flickers_ = fault == story::DeviceFault::flicker;
        reboots ? io_.restart() : void();
        return;
    }
    auto& reader = *container_readers_.at(device);
    reader.server().faults = on_the_network(fault);
    reader.stuck = fault == story::DeviceFault::stuck;
    reader.swapped_words = fault == story::DeviceFault::swapped_words;
    reboots ? reader.restart() : void();
}

void LaneRig::clear_device_faults() {
    line_faults_.clear();
    last_lines_.clear();
    set_device_fault("io", std::nullopt);
    for (const auto& [role, reader] : container_readers_) {
        set_device_fault(role, std::nullopt);
    }
}

/// A reader on a line says it, as well as it can.
void LaneRig::say(const std::string& role, simulators::LineReader& reader, const std::string& line) {
    const auto found = line_faults_.find(role);
    const auto fault = found == line_faults_.end() ? std::nullopt : std::optional{found->second};
    if (fault == story::DeviceFault::late) {
        later(slow_s, [&reader, line] { reader.send(line); });
    } else if (fault == story::DeviceFault::stuck) {
        reader.send(last_lines_[role]);
    } else if (fault == story::DeviceFault::noise) {
        reader.send("\xFF\x1B" + line.substr(line.size() / 2));
    } else {
        last_lines_[role] = line;
        reader.send(line);
    }
}

/// As the wire of this input carries it.
bool LaneRig::seen_by(Role role) const {
    const bool there = world_.input(role);
    const bool off = arrival_flickers_ && role == Role::arrival_loop && std::fmod(lived_s_, 2 * flicker_s) < flicker_s;
    return there && !off;
}

}  // namespace portcullis::rig
