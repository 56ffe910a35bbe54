#pragma once

#include <functional>
#include <string>

#include "simulators/rig/lane_rig.hpp"

namespace portcullis::testing {

class GateBench;

/// What a truck shows to the readers.
struct Truck {
    std::string plate;
    std::string container;
};

/// A lane that a test plays by hand, step by step; each step waits until the daemon has seen it.
class HandLane {
public:
    HandLane(GateBench& bench, rig::LaneRig& lane);

    /// A vehicle comes on the arrival loop and gets its passage.
    void arrives();
    void is_read(const Truck& truck);
    /// The daemon commands the arm up, and it goes up.
    void arm_opens();
    /// The vehicle goes from the arrival loop under the arm.
    void goes_under();
    /// From under the arm over the exit loop, until its passage has ended.
    void leaves();
    /// The daemon asks the arm down, and it comes down.
    void arm_closes();
    /// All of this.
    void passes(const Truck& truck);
    /// It leaves by the back, until its passage has ended.
    void backs_out();

    /// The arm stands between its limits, or is down again.
    void arm_between_limits();
    void arm_is_down();
    void wait_for_state(const std::string& head);

    /// Called when the module is about to take an arm-up, before it answers.
    void on_arm_up(std::function<void()> rises) { rises_ = std::move(rises); }
    /// Times that the output `arm_up` was written on.
    [[nodiscard]] int ups() const { return ups_; }
    [[nodiscard]] bool arm_up_output() const;
    [[nodiscard]] rig::LaneRig& rig() { return lane_; }
    [[nodiscard]] const std::string& name() const { return lane_.name(); }
    [[nodiscard]] std::string io() const { return "io-" + name(); }

private:
    /// The daemon has read the inputs twice since they were set.
    void settle();
    void limits(bool open, bool closed);
    [[nodiscard]] std::size_t open_passages();

    GateBench& bench_;
    rig::LaneRig& lane_;
    std::function<void()> rises_;
    int ups_ = 0;
    int ups_followed_ = 0;
    int down_requests_ = 0;
    int down_requests_followed_ = 0;
};

}  // namespace portcullis::testing
