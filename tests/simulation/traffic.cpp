#include "tests/simulation/traffic.hpp"

#include <algorithm>
#include <utility>

#include "tests/simulation/manifest.hpp"

namespace portcullis::simulation {

namespace {

using std::chrono::milliseconds;

constexpr double semi_trailer = 16.0;
/// Smaller gaps are not seen by a loop of three metres: nobody can tell two such vehicles apart for sure.
constexpr double tight = 4.6;

}  // namespace

Traffic::Traffic(Run run, GateModel& gate, std::vector<std::unique_ptr<Field>>& fields, Random random)
    : run_(run),
      gate_(gate),
      fields_(fields),
      random_(random),
      paperwork_(run, gate, Random{random_.next()}),
      offline_(fields.size(), false) {
    for (const auto& lane : run_.plan.lanes) {
        to_come_.push_back(lane.vehicles);
    }
}

bool Traffic::over() const {
    return std::all_of(to_come_.begin(), to_come_.end(), [](int left) { return left == 0; });
}

void Traffic::begin() {
    if (run_.plan.manifest) {
        for (const auto& order : run_.plan.manifest->orders) {
            gate_.order_applied(order);
        }
    }
    for (std::size_t lane = 0; lane < fields_.size(); ++lane) {
        run_.agenda.after(random_.millis(0, 3000), [this, lane] { come(lane); });
    }
}

// ---- vehicles

bool Traffic::room_for(std::size_t lane, bool against) const {
    const auto& vehicles = fields_[lane]->world().vehicles();
    const bool somebody_against = std::any_of(vehicles.begin(), vehicles.end(), [](const world::Vehicle& one) {
        return one.intent == world::Intent::wrong_way;
    });
    return against ? vehicles.empty() : !somebody_against && vehicles.size() < 3;
}

void Traffic::come(std::size_t lane) {
    const bool against = random_.chance(run_.plan.chances.wrong_way);
    if (!room_for(lane, against)) {
        run_.agenda.after(milliseconds{700}, [this, lane] { come(lane); });
        return;
    }
    auto vehicle = next(lane, against);
    const auto driver = mind_of(vehicle);
    run_.trace.line(run_.agenda.now(), run_.checks.lanes[lane].name.text(), [&] {
        return std::string{"a vehicle comes"} + (against ? " against the way" : "") +
               (vehicle.intent == world::Intent::run_through ? ", will not stop" : "") +
               (driver.backs_out_at ? ", backs out at " + std::to_string(*driver.backs_out_at) : "") +
               (driver.returns ? " and returns" : "") + (vehicle.loop_gap ? ", loop gap" : "") + ", gap " +
               std::to_string(vehicle.gap_to_next) + ", length " + std::to_string(vehicle.length) +
               (vehicle.manoeuvres.empty() ? ""
                                           : ", stops at " + std::to_string(vehicle.manoeuvres[0].at_front) + " for " +
                                                 std::to_string(vehicle.manoeuvres[0].seconds)) +
               ", boxes " + std::to_string(vehicle.boxes.size());
    });
    const bool close = vehicle.gap_to_next < tight;
    // A loop lets go between axles, and who turns back on the exit loop has freed the arrival loop and comes over it
    // again, as another would.
    const int splits = (vehicle.loop_gap ? 1 : 0) + (driver.backs_out_at.value_or(0) > 6.0 ? 1 : 0);
    const auto id = fields_[lane]->enter(std::move(vehicle), driver);
    if (close) {
        tight_.insert({lane, id});
    }
    splits_[{lane, id}] = splits;
    if (--to_come_[lane] > 0) {
        const auto& plan = run_.plan.lanes[lane];
        run_.agenda.after(random_.millis(plan.spawn_from_ms, plan.spawn_to_ms), [this, lane] { come(lane); });
    }
}

void Traffic::arrived(std::size_t lane, int vehicle) {
    if (tight_.contains({lane, vehicle})) {
        run_.checks.passage.disturbed(lane);
    }
    for (int i = 0; i < splits_[{lane, vehicle}]; ++i) {
        run_.checks.passage.may_split(lane);
    }
}

/// Of a day that is given, or as the seed has it.
world::Vehicle Traffic::next(std::size_t lane, bool against) {
    const auto& manifest = run_.plan.manifest;
    if (!manifest) {
        return build(lane, against);
    }
    const auto& arrivals = manifest->lanes.at(lane);
    const auto& arrival = arrivals.at(arrivals.size() - static_cast<std::size_t>(to_come_.at(lane)));
    for (const auto& order : arrival.orders) {
        gate_.order_applied(order);
    }
    return arrival.vehicle;
}

world::Vehicle Traffic::build(std::size_t lane, bool against) {
    const auto& chances = run_.plan.chances;
    world::Vehicle vehicle;
    vehicle.cruise = random_.metres(2.3, 2.9);
    vehicle.plate = plate_text(random_);
    const bool beams = run_.checks.lanes[lane].load == LoadPolicy::beams;
    vehicle.length = beams || random_.chance(500) ? semi_trailer : random_.metres(7.0, 14.0);
    vehicle.gap_to_next =
        random_.chance(chances.tight_gap) ? random_.metres(0.6, tight - 0.1) : random_.metres(5.2, 9.0);
    if (vehicle.length == semi_trailer && random_.chance(chances.loop_gap)) {
        vehicle.loop_gap = world::Stretch{5.0, random_.metres(8.0, 9.4)};
    }
    if (against) {
        vehicle.intent = world::Intent::wrong_way;
        return vehicle;
    }
    if (random_.chance(chances.tailgates)) {
        vehicle.intent = world::Intent::run_through;
    }
    if (random_.chance(chances.stops_under)) {
        vehicle.manoeuvres.push_back(
            {random_.metres(0.5, 20.0), world::Manoeuvre::Do::stop, random_.metres(0.5, 12.0), false});
    }
    load_boxes(lane, vehicle);
    return vehicle;
}

Driver Traffic::mind_of(const world::Vehicle& vehicle) {
    Driver driver;
    driver.patience = random_.millis(6000, 22000);
    if (vehicle.intent != world::Intent::wrong_way && random_.chance(run_.plan.chances.backs_out)) {
        driver.backs_out_at = random_.metres(-3.0, std::min(vehicle.length + 1.5, 17.0));
        driver.returns = random_.chance(run_.plan.chances.returns);
    }
    return driver;
}

void Traffic::load_boxes(std::size_t lane, world::Vehicle& vehicle) {
    const auto kind = random_.below(10);
    if (kind >= 1 && kind <= 2) {
        vehicle.boxes.push_back(world::box_20_fore(""));
        vehicle.boxes.push_back(world::box_20_aft(""));
    } else if (kind == 3) {
        vehicle.boxes.push_back(world::box_20_mid(""));
    } else if (kind >= 4) {
        vehicle.boxes.push_back(world::box_40(""));
    }
    paperwork_.write_for(lane, vehicle);
}

// ---- readings

void Traffic::see(std::size_t lane, const world::Sighting& sighting) {
    const auto& chances = run_.plan.chances;
    if (sighting.what == world::Sighting::What::plate) {
        if (!random_.chance(chances.plate_missing)) {
            read(lane, Role::plate_front, ReadingKind::plate, sighting.text);
        }
        return;
    }
    for (const auto reader : {Role::container_rear, Role::container_left}) {
        if (!run_.checks.lanes[lane].has(reader)) {
            continue;
        }
        if (random_.chance(chances.container_missing)) {
            if (random_.chance(500)) {
                send(lane, reader, ReadingKind::container, "");
            }
            continue;
        }
        read(lane, reader, ReadingKind::container, sighting.text);
        const auto next = random_.chance(chances.reading_of_next) ? paperwork_.any_number() : std::nullopt;
        if (next) {
            read(lane, reader, ReadingKind::container, *next);
        }
    }
}

std::string Traffic::misread(std::string text, ReadingKind kind) {
    const auto& chances = run_.plan.chances;
    if (random_.chance(chances.wrong_digit)) {
        auto& digit = text[text.size() - static_cast<std::size_t>(random_.between(1, 4))];
        digit = digit == '9' ? '0' : static_cast<char>(digit + 1);
    }
    if (random_.chance(chances.other_number)) {
        text = kind == ReadingKind::plate ? plate_text(random_) : container_number(random_).text();
    }
    return text;
}

void Traffic::read(std::size_t lane, Role reader, ReadingKind kind, std::string text) {
    const auto& chances = run_.plan.chances;
    text = misread(std::move(text), kind);
    const bool late = random_.chance(chances.late_reading);
    const int times = random_.chance(chances.repeated_reading) ? 2 : 1;
    for (int i = 0; i < times; ++i) {
        const auto wait = late ? random_.millis(300, 8000) : random_.millis(1, 300);
        run_.agenda.after(wait, [this, lane, reader, kind, text] { send(lane, reader, kind, text); });
    }
}

void Traffic::send(std::size_t lane, Role reader, ReadingKind kind, const std::string& text) {
    if (offline_[lane]) {
        return;
    }
    Reading reading;
    reading.kind = kind;
    reading.face = reader == Role::plate_front ? Face::front : reader == Role::container_rear ? Face::rear : Face::left;
    reading.raw = text;
    run_.trace.digest().text(text);
    gate_.feed_reading(lane, reader, reading);
}

}  // namespace portcullis::simulation
