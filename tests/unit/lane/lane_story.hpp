#pragma once

#include <chrono>

#include "lane_bench.hpp"

namespace portcullis::lane {

/// A bench that tells stories: each verb is what a vehicle does, as the sensors see it.
class LaneStory : public LaneBench {
public:
    using LaneBench::LaneBench;

    /// A truck arrives and is released; the arm is up.
    void let_in();
    /// And its front is under the arm.
    void let_in_under_arm();
    /// From the stop line its front goes under the arm to the exit loop, and back from both.
    void looks_out_and_rolls_back();
    /// Under the arm already: over the exit loop, and gone.
    void goes_out();
    /// The one before has left the arrival loop, and another is there.
    void another_comes_up(std::chrono::milliseconds gap);
    void other_truck_is_read();
};

}  // namespace portcullis::lane
