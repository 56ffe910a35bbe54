#include "simulators/world/barrier.hpp"

#include <algorithm>

namespace portcullis::world {

void Barrier::step(double seconds, bool loop_occupied) {
    if (faults.power_lost) {
        motor_ = Motor::idle;
        const double drift = seconds / board_.travel_seconds;
        if (board_.on_power_loss == ArmOnPower::up) {
            position_ = std::min(1.0, position_ + drift);
        } else if (board_.on_power_loss == ArmOnPower::down && !loop_occupied) {
            position_ = std::max(0.0, position_ - drift);
        }
        return;
    }
    take_contacts(loop_occupied);
    close_by_rule(seconds, loop_occupied);
    move(seconds, loop_occupied);
}

void Barrier::take_contacts(bool loop_occupied) {
    if (open_contact_ && !open_before_ && !is_up()) {
        motor_ = Motor::raising;
        ++raises_;
        vehicle_seen_ = false;
        up_for_ = 0;
    }
    const bool let_go = board_.control == ArmControl::maintained && !open_contact_ && open_before_;
    if ((close_contact_ && !close_before_) || let_go) {
        start_lowering(loop_occupied);
    }
    if (stop_contact_) {
        motor_ = Motor::idle;
    }
    open_before_ = open_contact_;
    close_before_ = close_contact_;
}

void Barrier::close_by_rule(double seconds, bool loop_occupied) {
    if (!is_up()) {
        return;
    }
    up_for_ += seconds;
    vehicle_seen_ = vehicle_seen_ || loop_occupied;
    clear_for_ = loop_occupied ? 0 : clear_for_ + seconds;
    const bool on_clear =
        board_.close == ArmClose::board_on_clear && vehicle_seen_ && clear_for_ >= board_.clear_seconds;
    const bool on_timer = board_.close == ArmClose::board_timer && up_for_ >= board_.timer_seconds;
    if ((on_clear || on_timer) && !loop_occupied && !open_contact_ && motor_ == Motor::idle) {
        motor_ = Motor::lowering;
    }
}

void Barrier::start_lowering(bool loop_occupied) {
    if (loop_occupied || open_contact_) {
        ++refused_closes_;
        return;
    }
    if (!is_down()) {
        motor_ = Motor::lowering;
    }
}

void Barrier::move(double seconds, bool loop_occupied) {
    if (motor_ == Motor::lowering && loop_occupied) {
        motor_ = Motor::raising;
        ++reversals_;
    }
    if (faults.stuck || motor_ == Motor::idle) {
        return;
    }
    const double way = seconds / board_.travel_seconds;
    position_ = std::clamp(position_ + (motor_ == Motor::raising ? way : -way), 0.0, 1.0);
    if (position_ <= 0.0 || position_ >= 1.0) {
        motor_ = Motor::idle;
    }
}

}  // namespace portcullis::world
