#include "simulators/world/lane_world.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace portcullis::world {

namespace {

/// A driver rolls this far past a point before he stands.
constexpr double stop_margin = 0.05;

bool stands_before(double front, double place) {
    return front <= place + stop_margin;
}

}  // namespace

int LaneWorld::spawn(Vehicle vehicle) {
    vehicle.id = next_id_++;
    if (vehicle.intent == Intent::wrong_way) {
        vehicle.front = geometry_.gone - vehicle.length - 1;
    } else {
        vehicle.front = geometry_.spawn;
        if (!vehicles_.empty() && vehicles_.back().intent != Intent::wrong_way) {
            const auto& last = vehicles_.back();
            vehicle.front = std::min(vehicle.front, last.front - last.length - vehicle.gap_to_next);
        }
    }
    vehicles_.push_back(std::move(vehicle));
    return vehicles_.back().id;
}

Vehicle* LaneWorld::vehicle(int id) {
    const auto found = std::find_if(vehicles_.begin(), vehicles_.end(), [id](const Vehicle& v) { return v.id == id; });
    return found == vehicles_.end() ? nullptr : &*found;
}

void LaneWorld::step(double seconds, const std::function<void(const Sighting&)>& sight) {
    const bool lowering_before = barrier_.is_lowering();
    const double position_before = barrier_.position();
    barrier_.step(seconds, on_arm_loop());
    const Vehicle* ahead = nullptr;
    for (auto& vehicle : vehicles_) {
        const double before = vehicle.front;
        drive(vehicle, ahead, seconds);
        if (vehicle.front > before && sight) {
            see(vehicle, before, sight);
        }
        judge(vehicle, lowering_before, position_before);
        ahead = &vehicle;
    }
    remove_gone();
}

void LaneWorld::drive(Vehicle& vehicle, const Vehicle* ahead, double seconds) {
    take_manoeuvres(vehicle);
    if (vehicle.stand_seconds > 0) {
        vehicle.stand_seconds -= seconds;
        vehicle.speed = 0;
        return;
    }
    vehicle.speed = wanted_speed(vehicle, ahead);
    vehicle.front += vehicle.speed * seconds;
    if (vehicle.intent != Intent::wrong_way && vehicle.front > geometry_.arm - 0.5) {
        vehicle.past_line = true;
    }
}

void LaneWorld::take_manoeuvres(Vehicle& vehicle) {
    for (auto& manoeuvre : vehicle.manoeuvres) {
        if (manoeuvre.taken || vehicle.front < manoeuvre.at_front) {
            continue;
        }
        manoeuvre.taken = true;
        switch (manoeuvre.what) {
            case Manoeuvre::Do::stop:
                vehicle.stand_seconds = manoeuvre.seconds;
                break;
            case Manoeuvre::Do::reverse_out:
                vehicle.reversing = true;
                break;
            case Manoeuvre::Do::go_on:
                vehicle.reversing = false;
                break;
        }
        return;
    }
}

double LaneWorld::wanted_speed(const Vehicle& vehicle, const Vehicle* ahead) const {
    if (vehicle.reversing) {
        return vehicle.intent == Intent::wrong_way ? vehicle.cruise : -vehicle.cruise;
    }
    if (vehicle.intent == Intent::wrong_way) {
        const bool before_arm = vehicle.front > geometry_.arm && vehicle.front < geometry_.arm + 0.6;
        return before_arm && barrier_.blocks() ? 0 : -vehicle.cruise;
    }
    if (ahead != nullptr && ahead->intent != Intent::wrong_way) {
        const double room = ahead->front - ahead->length - vehicle.gap_to_next - vehicle.front;
        if (room <= 0) {
            return 0;
        }
    }
    const bool at_line = stands_before(vehicle.front, 0) && vehicle.front > -0.3;
    if (at_line && vehicle.intent == Intent::obey && !may_go(vehicle)) {
        return 0;
    }
    const bool at_arm = vehicle.front > geometry_.arm - 0.8 && vehicle.front < geometry_.arm - 0.1;
    return at_arm && barrier_.blocks() ? 0 : vehicle.cruise;
}

bool LaneWorld::may_go(const Vehicle& vehicle) const {
    return vehicle.past_line || (light_go_ && !barrier_.blocks());
}

void LaneWorld::see(const Vehicle& vehicle, double front_before,
                    const std::function<void(const Sighting&)>& sight) const {
    if (vehicle.intent == Intent::wrong_way) {
        return;
    }
    const auto crossed = [&](double place) { return front_before < place && vehicle.front >= place; };
    if (crossed(geometry_.plate_camera)) {
        sight({Sighting::What::plate, vehicle.id, vehicle.plate});
    }
    if (crossed(geometry_.container_camera)) {
        for (const auto& box : vehicle.boxes) {
            sight({Sighting::What::container, vehicle.id, box.number});
        }
    }
}

void LaneWorld::judge(Vehicle& vehicle, bool lowering_before, double position_before) {
    const auto body = vehicle.body();
    const bool under = body.from < geometry_.arm && geometry_.arm < body.to;
    if (under && !vehicle.struck && lowering_before && position_before > 0.4 && barrier_.position() <= 0.4 &&
        !barrier_.faults.broken_off) {
        vehicle.struck = true;
        ++truth_.struck;
    }
    if (!vehicle.passed_arm && vehicle.intent != Intent::wrong_way && body.from > geometry_.arm) {
        vehicle.passed_arm = true;
        ++truth_.passed;
    }
}

void LaneWorld::remove_gone() {
    std::erase_if(vehicles_, [&](const Vehicle& vehicle) {
        const bool wrong_way = vehicle.intent == Intent::wrong_way;
        const bool away_back = (vehicle.reversing != wrong_way) && vehicle.body().to < geometry_.spawn + 10;
        const bool away_front =
            (vehicle.reversing == wrong_way) && vehicle.body().from > geometry_.gone - (wrong_way ? vehicle.length : 0);
        truth_.turned += away_back && !wrong_way ? 1 : 0;
        return away_back || away_front;
    });
}

bool LaneWorld::on_arm_loop() const {
    return std::any_of(vehicles_.begin(), vehicles_.end(),
                       [&](const Vehicle& v) { return v.over_loop(geometry_.arm_loop); });
}

double LaneWorld::mass_on_bridge() const {
    double mass = 0;
    for (const auto& vehicle : vehicles_) {
        const auto body = vehicle.body();
        const auto on = std::min(body.to, geometry_.bridge.to) - std::max(body.from, geometry_.bridge.from);
        mass += vehicle.mass_kg * std::max(0.0, on) / vehicle.length;
    }
    return mass;
}

bool LaneWorld::rolls_on_bridge() const {
    return std::any_of(vehicles_.begin(), vehicles_.end(), [this](const Vehicle& vehicle) {
        return vehicle.speed != 0 && vehicle.body().overlaps(geometry_.bridge);
    });
}

const Vehicle* LaneWorld::in_radiation_beam() const {
    const auto found = std::find_if(vehicles_.begin(), vehicles_.end(), [this](const Vehicle& vehicle) {
        return vehicle.body().from < geometry_.radiation_beam && geometry_.radiation_beam < vehicle.body().to;
    });
    return found == vehicles_.end() ? nullptr : &*found;
}

bool LaneWorld::under_arm() const {
    return on_arm_loop() || std::any_of(vehicles_.begin(), vehicles_.end(),
                                        [&](const Vehicle& v) { return v.breaks_beam(geometry_.arm); });
}

Inputs LaneWorld::inputs() const {
    Inputs seen;
    seen.put(Role::arm_open_limit, barrier_.open_limit());
    seen.put(Role::arm_closed_limit, barrier_.closed_limit());
    for (const auto& vehicle : vehicles_) {
        seen.put(Role::arrival_loop, vehicle.over_loop(geometry_.arrival_loop));
        seen.put(Role::arm_loop, vehicle.over_loop(geometry_.arm_loop));
        seen.put(Role::arm_beam, vehicle.breaks_beam(geometry_.arm_beam));
        seen.put(Role::exit_loop, vehicle.over_loop(geometry_.exit_loop));
        for (const auto& box : vehicle.boxes) {
            seen.put(Role::load_beam_fore, vehicle.box_at(box, geometry_.load_beam_fore));
            seen.put(Role::load_beam_mid, vehicle.box_at(box, geometry_.load_beam_mid));
            seen.put(Role::load_beam_aft, vehicle.box_at(box, geometry_.load_beam_aft));
        }
        const bool at_line = vehicle.front > -2.0 && vehicle.front < 1.0 && vehicle.intent != Intent::wrong_way;
        seen.put(Role::empty_seen, at_line && vehicle.carries_only_empties());
    }
    return seen;
}

}  // namespace portcullis::world
