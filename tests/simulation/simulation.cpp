#include "tests/simulation/simulation.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace portcullis::simulation {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// After the last vehicle has left: time for every passage to be given up.
constexpr seconds rest = abandon_after + seconds{60};
constexpr milliseconds between_exchanges{500};
constexpr int vehicles_a_lane = 1000000;

Plan plan_of(std::uint64_t seed, const Options& options) {
    auto plan = plan_for(seed);
    if (options.change_plan) {
        options.change_plan(plan);
    }
    return plan;
}

std::vector<LaneSettings> settings_of(const Plan& plan) {
    std::vector<LaneSettings> settings;
    for (const auto& lane : plan.lanes) {
        settings.push_back(lane.settings);
    }
    return settings;
}

std::vector<std::unique_ptr<Field>> fields_of(const Plan& plan, FieldListener& listener, Random& random) {
    std::vector<std::unique_ptr<Field>> fields;
    for (std::size_t i = 0; i < plan.lanes.size(); ++i) {
        fields.push_back(std::make_unique<Field>(i, plan.lanes[i], listener, Random{random.next()}));
    }
    return fields;
}

/// Vehicles of all lanes under one number.
int vehicle_key(std::size_t lane, int vehicle) {
    return static_cast<int>(lane) * vehicles_a_lane + vehicle;
}

}  // namespace

Simulation::Simulation(std::uint64_t seed, Options options)
    : plan_(plan_of(seed, options)),
      random_(seed ^ 0xD1B54A32D192ED03U),
      trace_(options.trace),
      checks_(settings_of(plan_)),
      fields_(fields_of(plan_, *this, random_)),
      gate_({plan_, agenda_, trace_, checks_}, fields_, Random{random_.next()}),
      traffic_({plan_, agenda_, trace_, checks_}, gate_, fields_, Random{random_.next()}),
      uplink_(Random{random_.next()}),
      longest_run_(options.longest_run) {
    gate_.sabotage(std::move(options.sabotage));
    if (options.audit) {
        gate_.audit();
    }
}

Outcome Simulation::run() {
    const auto began = agenda_.now();
    gate_.may_die(plan_.actions_a_life > 0);
    gate_.start();
    traffic_.begin();
    agenda_.after(between_exchanges, [this] { exchange(); });
    if (!plan_.troubles.empty()) {
        agenda_.after(milliseconds{plan_.trouble_every_ms}, [this] { make_trouble(); });
    }
    while (!over()) {
        step();
        if (agenda_.now() - began > longest_run_) {
            checks_.findings.add(4, "gate", "the lanes do not come to rest");
            break;
        }
    }
    checks_.finish();
    uplink_.finish(gate_.store().rows(), checks_.findings);
    if (gate_.store().dangling() > 0) {
        checks_.findings.add(5, "gate",
                             std::to_string(gate_.store().dangling()) + " events refer to one that was never recorded");
    }
    Outcome outcome;
    outcome.seed = plan_.seed;
    outcome.trace_hash = trace_.hash();
    outcome.passages = gate_.detections();
    outcome.passed = passed_;
    outcome.lives = static_cast<std::int64_t>(gate_.life());
    outcome.steps = checks_.findings.steps();
    outcome.virtual_time = std::chrono::duration_cast<milliseconds>(agenda_.now() - began);
    outcome.audit = checks_.audit.count();
    outcome.violations = checks_.findings.violations();
    return outcome;
}

// ---- time

std::optional<Instant> Simulation::next_tick() {
    const bool asleep = std::all_of(fields_.begin(), fields_.end(), [](const auto& field) { return field->asleep(); });
    if (asleep) {
        return std::nullopt;
    }
    const auto due = ticked_ ? *ticked_ + tick : agenda_.now();
    if (due >= agenda_.now()) {
        return due;
    }
    const auto behind = (agenda_.now() - due) / tick + 1;  // it slept: on the grid again
    return due + behind * tick;
}

void Simulation::step() {
    const auto entry = agenda_.next();
    const auto deadline = gate_.deadline();
    const auto worlds = next_tick();
    auto first = worlds;
    for (const auto& one : {entry, deadline}) {
        if (one && (!first || *one < *first)) {
            first = one;
        }
    }
    if (!first) {
        return;
    }
    agenda_.advance_to(*first);
    checks_.findings.step(agenda_.now());
    trace_.digest().number(static_cast<std::uint64_t>(agenda_.now().time_since_epoch().count()));
    if (deadline == first) {
        gate_.deadlines_due();
    } else if (entry == first) {
        agenda_.run_next(gate_.alive() ? gate_.life() : 0);
    } else {
        ticked_ = *first;
        move_worlds();
    }
}

void Simulation::move_worlds() {
    for (auto& field : fields_) {
        if (!field->asleep()) {
            field->step();
        }
    }
    watch_safe_states();
    look_after_epochs();
}

void Simulation::watch_safe_states() {
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        if (fields_[i]->module_asks_down()) {
            checks_.close.safe_state(i, fields_[i]->world().under_arm());
        }
    }
}

void Simulation::look_after_epochs() {
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        const bool healthy = !fields_[i]->any_fault() && !journal_full_ && gate_.alive();
        if (!healthy) {
            checks_.passage.disturbed(i);
        }
        if (gate_.store().idle() && !fields_[i]->on_sensors()) {
            checks_.passage.lane_is_empty(i, healthy);
        }
    }
}

bool Simulation::world_is_empty() const {
    return traffic_.over() && troubles_ == 0 &&
           std::all_of(fields_.begin(), fields_.end(), [](const auto& field) { return field->empty(); });
}

bool Simulation::over() {
    if (traffic_.over()) {
        gate_.may_die(false);
    }
    if (!world_is_empty()) {
        empty_since_.reset();
        return false;
    }
    if (!empty_since_) {
        empty_since_ = agenda_.now();
    }
    return agenda_.now() - *empty_since_ >= rest && uplink_.done(gate_.store().rows());
}

// ---- what the fields tell

void Simulation::input(std::size_t lane, Role role, InputSeen seen) {
    auto& digest = trace_.digest();
    digest.number(lane << 16U | static_cast<std::size_t>(role) << 8U | static_cast<std::size_t>(seen.signal) << 4U |
                  seen.equal_reads);
    if (seen.equal_reads == 1) {
        trace_.line(agenda_.now(), name(lane),
                    [&] { return std::string{text_of(role)} + ' ' + std::string{text_of(seen.signal)}; });
    }
    checks_.close.delivered(lane, role, seen, agenda_.now());
    gate_.feed_input(lane, role, seen);
}

void Simulation::sighting(std::size_t lane, const world::Sighting& sighting) {
    traffic_.see(lane, sighting);
}

void Simulation::visit(std::size_t lane, int vehicle) {
    trace_.line(agenda_.now(), name(lane), [&] { return "truth: vehicle " + std::to_string(vehicle) + " is there"; });
    checks_.passage.visit(lane);
    traffic_.arrived(lane, vehicle);
}

void Simulation::passed(std::size_t lane, int vehicle) {
    trace_.line(agenda_.now(), name(lane), [&] { return "truth: vehicle " + std::to_string(vehicle) + " passed"; });
    ++passed_;
    checks_.passage.passed(lane, checks_.usage.passed(vehicle_key(lane, vehicle)));
}

void Simulation::away(std::size_t lane, int vehicle, bool back) {
    trace_.line(agenda_.now(), name(lane), [&] { return "truth: vehicle " + std::to_string(vehicle) + " is away"; });
    checks_.usage.away(vehicle_key(lane, vehicle));
    if (back) {
        checks_.passage.went_back(lane);
    }
}

// ---- uplink

void Simulation::exchange() {
    const auto& rows = gate_.store().rows();
    if (!gate_.alive() || gate_.life() != uplink_life_) {
        uplink_.kill();
    }
    if (gate_.alive() && gate_.life() != uplink_life_) {
        uplink_life_ = gate_.life();
        uplink_.start(static_cast<std::int64_t>(rows.size()));
    }
    uplink_.exchange(rows, agenda_.now());
    agenda_.after(between_exchanges, [this] { exchange(); });
}

// ---- troubles

void Simulation::make_trouble() {
    if (traffic_.over()) {
        return;
    }
    const auto trouble = random_.of(plan_.troubles);
    const auto lane = static_cast<std::size_t>(random_.below(std::ssize(fields_)));
    const auto lasts = random_.millis(200, 9000);
    trace_.line(agenda_.now(), name(lane), [&] {
        return "trouble " + std::to_string(static_cast<int>(trouble)) + " for " + std::to_string(lasts.count()) + " ms";
    });
    begin(trouble, lane, lasts);
    agenda_.after(random_.millis(plan_.trouble_every_ms / 2, plan_.trouble_every_ms * 3 / 2),
                  [this] { make_trouble(); });
}

void Simulation::begin(Trouble trouble, std::size_t lane, milliseconds lasts) {
    const auto until = [&](std::function<void()> ends) {
        ++troubles_;
        agenda_.after(lasts, [this, ends = std::move(ends)] {
            --troubles_;
            ends();
        });
    };
    switch (trouble) {
        case Trouble::input_unknown:
        case Trouble::input_stuck_on:
        case Trouble::input_stuck_off:
        case Trouble::input_flickers:
        case Trouble::module_offline:
            begin_on_wires(trouble, lane, lasts);
            return;
        case Trouble::open_limit_dead:
        case Trouble::closed_limit_stuck:
        case Trouble::arm_stuck:
        case Trouble::arm_forced:
        case Trouble::arm_broken_off:
        case Trouble::power_lost:
            begin_on_arm(trouble, lane, lasts);
            return;
        case Trouble::reader_offline:
            traffic_.reader_offline(lane, true);
            health(lane, true, DeviceState::offline);
            until([this, lane] {
                traffic_.reader_offline(lane, false);
                health(lane, true, DeviceState::online);
            });
            return;
        case Trouble::journal_full:
            journal_full_ = true;
            for (std::size_t i = 0; i < fields_.size(); ++i) {
                checks_.passage.disturbed(i);
            }
            gate_.journal_full(true);
            until([this] {
                journal_full_ = false;
                gate_.journal_full(false);
            });
            return;
        case Trouble::journal_slow:
            gate_.journal_slow(true);
            until([this] { gate_.journal_slow(false); });
            return;
        case Trouble::broker_down:
            uplink_.broker(false);
            until([this] { uplink_.broker(true); });
            return;
    }
}

void Simulation::begin_on_wires(Trouble trouble, std::size_t lane, milliseconds lasts) {
    auto& field = *fields_[lane];
    ++troubles_;
    checks_.passage.disturbed(lane);
    if (trouble == Trouble::module_offline) {
        field.set_fault(WireFault::unknown);
        health(lane, false, DeviceState::offline);
        agenda_.after(lasts, [this, lane, &field] {
            --troubles_;
            field.set_fault(WireFault::none);
            health(lane, false, DeviceState::online);
        });
        return;
    }
    auto fault = WireFault::flickers;
    if (trouble == Trouble::input_unknown) {
        fault = WireFault::unknown;
    } else if (trouble != Trouble::input_flickers) {
        fault = trouble == Trouble::input_stuck_on ? WireFault::stuck_on : WireFault::stuck_off;
    }
    const auto role = random_.of(field.input_roles());
    field.set_fault(role, fault);
    agenda_.after(lasts, [this, role, &field] {
        --troubles_;
        field.set_fault(role, WireFault::none);
    });
}

void Simulation::begin_on_arm(Trouble trouble, std::size_t lane, milliseconds lasts) {
    auto& field = *fields_[lane];
    field.wake();
    if (trouble == Trouble::arm_forced) {
        field.lift_by_key();
        return;
    }
    const auto fault_of = [&field](Trouble which) -> bool& {
        auto& faults = field.world().barrier().faults;
        return which == Trouble::open_limit_dead      ? faults.open_limit_dead
               : which == Trouble::closed_limit_stuck ? faults.closed_limit_stuck
               : which == Trouble::arm_stuck          ? faults.stuck
               : which == Trouble::power_lost         ? faults.power_lost
                                                      : faults.broken_off;
    };
    ++troubles_;
    fault_of(trouble) = true;
    checks_.passage.disturbed(lane);
    agenda_.after(lasts, [this, trouble, &field, fault_of] {
        --troubles_;
        fault_of(trouble) = false;
        field.wake();
    });
}

/// What a driver reports of its device: the I/O module, or the readers.
void Simulation::health(std::size_t lane, bool readers, DeviceState state) {
    for (const auto role : checks_.lanes[lane].roles) {
        const bool reader = kind_of(role) == RoleKind::reader;
        if (reader == readers) {
            gate_.feed_health(lane, role, DeviceName{reader ? std::string{text_of(role)} : "io"}, state);
        }
    }
}

}  // namespace portcullis::simulation
