#include "tests/integration/hand_lane.hpp"

#include "tests/integration/gate_bench.hpp"

namespace portcullis::testing {

using rig::OutputWires;

HandLane::HandLane(GateBench& bench, rig::LaneRig& lane) : bench_(bench), lane_(lane) {
    lane_.drive_by_hand();
    for (const auto role : {Role::arrival_loop, Role::arm_loop, Role::arm_beam, Role::exit_loop}) {
        lane_.set_input(role, false);
    }
    limits(false, true);
    lane_.io().before_write([this](std::size_t output, bool high) {
        if (output == OutputWires::arm_down_request && high) {
            ++down_requests_;
        } else if (output == OutputWires::arm_up && high) {
            ++ups_;
            if (rises_) {
                rises_();
            }
        }
    });
}

void HandLane::limits(bool open, bool closed) {
    lane_.set_input(Role::arm_open_limit, open);
    lane_.set_input(Role::arm_closed_limit, closed);
}

void HandLane::settle() {
    const auto polls = [this] {
        const auto status = bench_.status();
        return status ? status->polls(io()) : 0;
    };
    if (!bench_.status()) {
        return;  // killed: nobody reads
    }
    const auto before = polls();
    bench_.until("the daemon reads the inputs of " + name(), [&] { return polls() >= before + 3; });
}

std::size_t HandLane::open_passages() {
    const auto status = bench_.status();
    return status ? status->states(name()).size() : 0;
}

void HandLane::wait_for_state(const std::string& head) {
    bench_.until("the head of " + name() + " is " + head, [&] {
        const auto status = bench_.status();
        return status && !status->states(name()).empty() && status->states(name()).front() == head;
    });
}

void HandLane::arrives() {
    const auto before = open_passages();
    lane_.set_input(Role::arrival_loop, true);
    bench_.until("a passage begins in " + name(), [&] { return open_passages() == before + 1; });
}

void HandLane::is_read(const Truck& truck) {
    lane_.show_plate(truck.plate);
    lane_.show_container(truck.container);
}

void HandLane::arm_opens() {
    bench_.until("the arm of " + name() + " is commanded up", [&] { return ups_ > ups_followed_; });
    ups_followed_ = ups_;
    limits(false, false);
    settle();
    limits(true, false);
    settle();
}

void HandLane::goes_under() {
    lane_.set_input(Role::arm_loop, true);
    lane_.set_input(Role::arm_beam, true);
    wait_for_state("passing");
    lane_.set_input(Role::arrival_loop, false);
    settle();
}

void HandLane::leaves() {
    const auto before = open_passages();
    lane_.set_input(Role::exit_loop, true);
    settle();
    lane_.set_input(Role::arm_loop, false);
    lane_.set_input(Role::arm_beam, false);
    settle();
    lane_.set_input(Role::exit_loop, false);
    bench_.until("the passage in " + name() + " ends", [&] { return open_passages() == before - 1; });
}

void HandLane::arm_closes() {
    bench_.until("the arm of " + name() + " is asked down", [&] { return down_requests_ > down_requests_followed_; });
    down_requests_followed_ = down_requests_;
    limits(false, false);
    settle();
    arm_is_down();
}

void HandLane::arm_between_limits() {
    limits(false, false);
    settle();
}

void HandLane::arm_is_down() {
    limits(false, true);
    settle();
}

void HandLane::passes(const Truck& truck) {
    arrives();
    is_read(truck);
    arm_opens();
    goes_under();
    leaves();
    arm_closes();
}

void HandLane::backs_out() {
    const auto before = open_passages();
    lane_.set_input(Role::arrival_loop, false);
    bench_.until("the passage in " + name() + " ends", [&] { return open_passages() == before - 1; });
}

bool HandLane::arm_up_output() const {
    return lane_.io().output(OutputWires::arm_up);
}

}  // namespace portcullis::testing
