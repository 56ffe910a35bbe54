#include "tests/simulation/field.hpp"

#include <algorithm>
#include <utility>

namespace portcullis::simulation {

namespace {

using std::chrono::milliseconds;

constexpr int pulse_ticks = 3;
/// From the arrival loop to the exit loop.
constexpr world::Stretch sensors{-4.0, 11.0};
/// Where a returning driver stands: off every sensor, and still in the lane.
constexpr double waits_at = -7.0;
constexpr double waits_seconds = 8.0;
/// A vehicle that was off every sensor that long is there again, not still.
constexpr milliseconds a_new_visit{7000};
/// A person closes an arm that stands open for nobody.
constexpr milliseconds person_comes{40000};

}  // namespace

Field::Field(std::size_t lane, const LanePlan& plan, FieldListener& listener, Random random)
    : lane_(lane),
      has_beam_(plan.settings.has(Role::arm_beam)),
      maintained_(plan.board.control == ArmControl::maintained),
      safe_(plan.safe),
      listener_(listener),
      random_(random),
      world_(short_geometry(), plan.board) {
    for (const auto role : plan.settings.roles) {
        if (kind_of(role) == RoleKind::input) {
            roles_.push_back(role);
        }
    }
}

int Field::enter(world::Vehicle vehicle, Driver driver) {
    const bool against = vehicle.intent == world::Intent::wrong_way;
    const auto id = world_.spawn(std::move(vehicle));
    if (against) {
        world_.vehicle(id)->front = sensors.to + 1.0;
    }
    Seen seen;
    seen.vehicle = id;
    seen.driver = driver;
    seen_.push_back(seen);
    wake();
    return id;
}

// ---- one tick

void Field::step() {
    const auto arm_before = world_.barrier().position();
    set_contacts();
    drive();
    world_.step(static_cast<double>(tick.count()) / 1000.0,
                [this](const world::Sighting& sighting) { listener_.sighting(lane_, sighting); });
    follow_truth();
    turn_key();
    if (listening_) {
        poll();
    }
    const bool moved = world_.barrier().position() != arm_before || !world_.vehicles().empty();
    let_go_ = let_go_ && !world_.barrier().is_down();
    quiet_ticks_ = moved ? 0 : quiet_ticks_ + 1;
}

bool Field::asleep() const {
    return quiet_ticks_ > pulse_ticks + 2 && world_.barrier().is_down() && !(listening_ && unsettled_);
}

void Field::set_contacts() {
    auto& barrier = world_.barrier();
    const auto take = [](int& pulse) { return pulse > 0 && pulse-- > 0; };
    const bool key = take(key_pulse_);
    const bool open = take(open_pulse_);
    barrier.open_contact(held_open_ || open || key);
    const bool key_close = take(key_close_pulse_);
    const bool close = take(close_pulse_);
    barrier.close_contact(close || key_close || close_stays_);
    barrier.stop_contact(take(stop_pulse_));
}

/// Nobody drives through the one before: who is backed into goes back too.
void Field::drive() {
    const world::Vehicle* ahead = nullptr;
    auto seen = seen_.begin();
    for (auto& vehicle : world_.vehicles()) {
        think(vehicle, *seen++);
        const bool pushed = ahead != nullptr && ahead->reversing && ahead->body().from - vehicle.front < 1.0;
        if (pushed) {
            vehicle.reversing = true;
            vehicle.stand_seconds = 0;
        }
        ahead = &vehicle;
    }
}

void Field::think(world::Vehicle& vehicle, Seen& seen) {
    auto& driver = seen.driver;
    if (vehicle.intent == world::Intent::wrong_way) {
        seen.stood = vehicle.speed == 0 ? seen.stood + tick : milliseconds{0};
        if (seen.stood > driver.patience) {
            // Turns round before the closed arm and leaves as it came.
            vehicle.front += vehicle.length;
            vehicle.intent = world::Intent::obey;
            vehicle.past_line = vehicle.passed_arm = seen.passed = true;
        }
        return;
    }
    if (vehicle.reversing) {
        if (driver.returns && vehicle.front < waits_at) {
            driver.returns = false;
            driver.backs_out_at.reset();
            seen.stood = milliseconds{0};
            vehicle.reversing = vehicle.past_line = false;
            vehicle.stand_seconds = waits_seconds;
        }
        return;
    }
    const bool waits = vehicle.speed == 0 && vehicle.stand_seconds <= 0 && vehicle.front > -1.0;
    seen.stood = waits ? seen.stood + tick : milliseconds{0};
    if (seen.stood > driver.patience || (driver.backs_out_at && vehicle.front >= *driver.backs_out_at)) {
        vehicle.reversing = true;
        vehicle.stand_seconds = 0;
        driver.backs_out_at.reset();
    }
}

// ---- ground truth

bool Field::overlaps_sensors(const world::Vehicle& vehicle) const {
    return vehicle.body().overlaps(sensors);
}

void Field::follow_truth() {
    const auto& vehicles = world_.vehicles();
    auto vehicle = vehicles.begin();
    for (auto seen = seen_.begin(); seen != seen_.end();) {
        if (vehicle != vehicles.end() && vehicle->id == seen->vehicle) {
            follow(*vehicle++, *seen++);
        } else {
            listener_.away(lane_, seen->vehicle, false);
            seen = seen_.erase(seen);
        }
    }
}

void Field::follow(const world::Vehicle& vehicle, Seen& seen) {
    const bool there = overlaps_sensors(vehicle);
    if (there && !seen.on_sensors && seen.off_sensors >= a_new_visit) {
        listener_.visit(lane_, vehicle.id);
    }
    if (!there && seen.on_sensors) {
        listener_.away(lane_, vehicle.id, !seen.passed);
    }
    seen.off_sensors = there ? milliseconds{0} : seen.off_sensors + tick;
    seen.on_sensors = there;
    const auto arm = world_.geometry().arm;
    const bool against = vehicle.intent == world::Intent::wrong_way;
    const bool beyond = against ? vehicle.body().to < arm : vehicle.body().from > arm;
    if (beyond && !seen.passed) {
        seen.passed = true;
        listener_.passed(lane_, vehicle.id);
    }
}

bool Field::on_sensors() const {
    return std::any_of(world_.vehicles().begin(), world_.vehicles().end(),
                       [&](const world::Vehicle& vehicle) { return overlaps_sensors(vehicle); });
}

std::optional<int> Field::vehicle_at_line() const {
    for (const auto& vehicle : world_.vehicles()) {
        const bool comes = vehicle.intent != world::Intent::wrong_way && !vehicle.passed_arm;
        if (comes && overlaps_sensors(vehicle)) {
            return vehicle.id;
        }
    }
    return std::nullopt;
}

/// An arm that nobody closes any more (a limit was broken, a board that saw no vehicle) is closed by a person.
void Field::turn_key() {
    const auto& barrier = world_.barrier();
    const bool idle = !barrier.is_down() && !world_.under_arm() && !barrier.is_lowering();
    up_and_clear_ = idle ? up_and_clear_ + tick : milliseconds{0};
    if (up_and_clear_ >= person_comes) {
        up_and_clear_ = milliseconds{0};
        key_close_pulse_ = pulse_ticks;
    }
}

// ---- wires

void Field::listen(bool on) {
    listening_ = on;
    for (auto& one : wires_) {
        one.last = Signal::unknown;
        one.reads = 0;
    }
    unsettled_ = true;
    wake();
}

Signal Field::sample(Role role, const Wire& wire) {
    const auto truth = [&] { return polled_.on(role) ? Signal::on : Signal::off; };
    switch (wire.fault) {
        case WireFault::none:
            return truth();
        case WireFault::unknown:
            return Signal::unknown;
        case WireFault::stuck_on:
            return Signal::on;
        case WireFault::stuck_off:
            return Signal::off;
        case WireFault::flickers:
            return random_.chance(300) ? (polled_.on(role) ? Signal::off : Signal::on) : truth();
    }
    return Signal::unknown;
}

/// A wire is unsettled while its next read would tell something although the world stands still.
void Field::poll() {
    const auto inputs = world_.inputs();
    if (inputs == polled_ && !unsettled_) {
        return;
    }
    polled_ = inputs;
    unsettled_ = false;
    for (const auto role : roles_) {
        auto& one = wire(role);
        const auto signal = sample(role, one);
        const bool changed = signal != one.last || one.reads == 0;
        const bool again = !changed && one.reads == 1 && signal != Signal::unknown;
        one.last = signal;
        one.reads = changed ? 1 : again ? 2 : one.reads;
        unsettled_ = unsettled_ || one.fault == WireFault::flickers || (signal != Signal::unknown && one.reads < 2);
        if (changed || again) {
            listener_.input(lane_, role, {signal, one.reads});
        }
        if (!listening_) {
            return;  // the process died of it
        }
    }
}

bool Field::freshly_clear() const {
    const auto clear = [&](Role role) { return wire(role).last == Signal::off && wire(role).reads >= 2; };
    return clear(Role::arm_loop) && (!has_beam_ || clear(Role::arm_beam));
}

void Field::set_fault(Role role, WireFault fault) {
    wire(role).fault = fault;
    unsettled_ = true;
    wire_fault_ =
        std::any_of(roles_.begin(), roles_.end(), [&](Role each) { return wire(each).fault != WireFault::none; });
    wake();
}

void Field::set_fault(WireFault fault) {
    for (const auto role : roles_) {
        set_fault(role, fault);
    }
}

bool Field::arm_inputs_lie() const {
    const auto lies = [&](Role role) {
        return wire(role).fault == WireFault::stuck_off || wire(role).fault == WireFault::flickers;
    };
    return lies(Role::arm_loop) || lies(Role::arm_beam);
}

// ---- outputs

void Field::write(const Command& command) {
    wake();
    if (command.output == Role::arm_up) {
        let_go_ = false;
        held_open_ = maintained_ && command.act == OutputAct::on;
        open_pulse_ = command.act == OutputAct::pulse ? pulse_ticks : open_pulse_;
    } else if (command.output == Role::arm_down_request) {
        close_pulse_ = pulse_ticks;
        close_stays_ = false;  // the pulse's end opens it
    } else if (command.output == Role::arm_stop) {
        stop_pulse_ = pulse_ticks;
    } else if (command.output == Role::light_go) {
        world_.light_go(command.act == OutputAct::on);
    } else if (command.output == Role::light_lane) {
        world_.light_lane(command.act == OutputAct::on);
    }
}

void Field::host_lost() {
    const auto safe = [](SafeOutput value, bool now) {
        return value == SafeOutput::keep ? now : value == SafeOutput::on;
    };
    world_.light_go(false);
    world_.light_lane(false);
    const bool holds = safe(safe_.arm_up, held_open_);
    let_go_ = let_go_ || (held_open_ && !holds);
    held_open_ = holds;
    open_pulse_ = 0;
    close_stays_ = close_stays_ || safe(safe_.arm_down_request, close_pulse_ > 0);
    wake();
}

}  // namespace portcullis::simulation
