#include "lane_story.hpp"

namespace portcullis::lane {

void LaneStory::let_in() {
    truck_arrives();
    arm_opens();
}

void LaneStory::let_in_under_arm() {
    let_in();
    on(Role::arm_loop);
}

void LaneStory::looks_out_and_rolls_back() {
    on(Role::arm_loop);
    on(Role::exit_loop);
    off(Role::exit_loop);
    off(Role::arm_loop);
}

void LaneStory::goes_out() {
    on(Role::exit_loop);
    after(1s);
    off(Role::arm_loop);
    after(2s);
    off(Role::exit_loop);
    after(1100ms);
}

void LaneStory::another_comes_up(std::chrono::milliseconds gap) {
    off(Role::arrival_loop);
    after(gap);
    on(Role::arrival_loop);
}

void LaneStory::other_truck_is_read() {
    read(Role::plate_front, "闽DA1234");
    read(Role::container_rear, b_box);
}

}  // namespace portcullis::lane
