#pragma once

#include <cstdint>

#include "core/vocabulary.hpp"

namespace portcullis::world {

/// What is wrong with a barrier.
struct BarrierFaults {
    bool stuck = false;               ///< the motor does not move
    bool open_limit_dead = false;     ///< the switch never closes
    bool closed_limit_stuck = false;  ///< the switch stays closed
    bool power_lost = false;
    bool broken_off = false;  ///< no arm any more: limits follow the motor, nothing is struck
};

/// How the board is set up; mirrors the lane's `arm` settings.
struct BarrierBoard {
    ArmControl control = ArmControl::pulse;
    ArmClose close = ArmClose::daemon_request;
    ArmOnPower on_power_loss = ArmOnPower::stays;
    double travel_seconds = 2.0;
    double clear_seconds = 1.0;   ///< board_on_clear: this long after its own loop has fallen
    double timer_seconds = 15.0;  ///< board_timer: this long after the arm is up
};

/// A barrier arm with its controller board and the board's own hard-wired safety loop: it refuses to lower on a
/// vehicle whatever anyone asks, and reverses when one comes. Ground truth, independent of what a daemon believes.
class Barrier {
public:
    explicit Barrier(BarrierBoard board) : board_(board) {}

    void open_contact(bool closed) { open_contact_ = closed; }
    void close_contact(bool closed) { close_contact_ = closed; }
    void stop_contact(bool pressed) { stop_contact_ = pressed; }

    /// Moves on by `seconds`; `loop_occupied` is what the board's own loop sees.
    void step(double seconds, bool loop_occupied);

    BarrierFaults faults;

    /// 0 = down, 1 = up.
    [[nodiscard]] double position() const { return position_; }
    [[nodiscard]] bool is_up() const { return position_ >= 0.98; }
    [[nodiscard]] bool is_down() const { return position_ <= 0.02; }
    [[nodiscard]] bool is_lowering() const { return motor_ == Motor::lowering; }
    [[nodiscard]] bool blocks() const { return position_ < 0.9 && !faults.broken_off; }
    [[nodiscard]] bool open_limit() const { return !faults.open_limit_dead && is_up(); }
    [[nodiscard]] bool closed_limit() const { return faults.closed_limit_stuck || is_down(); }
    /// Close requests that the board refused because its loop was occupied.
    [[nodiscard]] std::int64_t refused_closes() const { return refused_closes_; }
    [[nodiscard]] std::int64_t reversals() const { return reversals_; }
    [[nodiscard]] std::int64_t raises() const { return raises_; }

private:
    enum class Motor : std::uint8_t { idle, raising, lowering };

    void take_contacts(bool loop_occupied);
    void close_by_rule(double seconds, bool loop_occupied);
    void start_lowering(bool loop_occupied);
    void move(double seconds, bool loop_occupied);

    BarrierBoard board_;
    double position_ = 0;
    Motor motor_ = Motor::idle;
    bool open_contact_ = false;
    bool close_contact_ = false;
    bool stop_contact_ = false;
    bool open_before_ = false;
    bool close_before_ = false;
    bool vehicle_seen_ = false;
    double clear_for_ = 0;
    double up_for_ = 0;
    std::int64_t refused_closes_ = 0;
    std::int64_t reversals_ = 0;
    std::int64_t raises_ = 0;
};

}  // namespace portcullis::world
