#include "gate/input_watch.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "gate/gate_conditions.hpp"

namespace portcullis::gate {

namespace {

using namespace std::chrono_literals;

constexpr auto debounce = 50ms;
constexpr auto stuck_after = 30s;

/// The state of an input that is worth telling, and its name.
struct Told {
    Role role;
    Signal when;
    std::string_view condition;
};
constexpr std::array told{
    Told{Role::mains_ok, Signal::off, "on_battery"},          Told{Role::battery_ok, Signal::off, "battery_low"},
    Told{Role::cabinet_door, Signal::on, "cabinet_open"},     Told{Role::manual_key, Signal::on, "board_manual"},
    Told{Role::emergency_open, Signal::on, "emergency_open"}, Told{Role::fire_alarm, Signal::on, "fire_alarm"},
    Told{Role::button_call, Signal::on, "button_pressed"},    Told{Role::arm_fault, Signal::on, "board_fault"},
    Told{Role::arm_broken, Signal::on, "arm_broken"},
};

const Told& told_of(Role role) {
    const auto* const found = std::ranges::find(told, role, &Told::role);
    if (found == told.end()) {
        throw std::logic_error{"nothing is told of the role " + std::string{text_of(role)}};
    }
    return *found;
}

}  // namespace

void InputWatch::add(const PointRef& point, Role role) {
    auto& here = inputs_[point];
    if (std::ranges::any_of(here, [role](const Input& input) { return input.role == role; })) {
        return;  // two lanes share it
    }
    here.push_back({.role = role,
                    .is_button = role == Role::button_call,
                    .condition = ConditionWatch{told_of(role).condition, debounce},
                    .stuck = ConditionWatch{"button_stuck", stuck_after},
                    .since = std::nullopt,
                    .counts = false});
}

std::set<std::string_view> InputWatch::roles_of(const DeviceName& device) const {
    std::set<std::string_view> roles;
    for (const auto& [point, inputs] : inputs_) {
        for (const auto& input : inputs) {
            if (point.device == device) {
                roles.insert(text_of(input.role));
            }
        }
    }
    return roles;
}

void InputWatch::watch(Input& input, const PointRef& point, Now now, std::vector<Event>& events) {
    const auto subject = "device/" + point.device.text();
    const bool counts = !input.is_button || input.counts;
    if (const auto change = input.condition.watch(counts ? input.since : std::nullopt, 0, now.instant)) {
        events.push_back(condition_event(*change, subject, now));
    }
    if (!input.is_button) {
        return;
    }
    if (const auto change = input.stuck.watch(input.since, 0, now.instant)) {
        events.push_back(condition_event(*change, subject, now));
    }
}

std::vector<Event> InputWatch::see(const PointRef& point, Signal signal, Now now) {
    std::vector<Event> events;
    const auto found = inputs_.find(point);
    if (found == inputs_.end()) {
        return events;
    }
    for (auto& input : found->second) {
        if (signal == Signal::unknown) {
            if (!input.is_button) {
                continue;
            }
            input.since.reset();
            input.counts = false;
        } else if (signal == told_of(input.role).when) {
            input.since = input.since.value_or(now.instant);
        } else {
            input.since.reset();
            input.counts = true;
        }
        watch(input, point, now, events);
    }
    return events;
}

std::vector<Event> InputWatch::look(Now now) {
    std::vector<Event> events;
    for (auto& [point, inputs] : inputs_) {
        for (auto& input : inputs) {
            watch(input, point, now, events);
        }
    }
    return events;
}

std::optional<Instant> InputWatch::deadline() const {
    std::optional<Instant> first;
    const auto consider = [&first](std::optional<Instant> at) {
        if (at && (!first || *at < *first)) {
            first = at;
        }
    };
    for (const auto& [point, inputs] : inputs_) {
        for (const auto& input : inputs) {
            consider(input.condition.deadline());
            if (input.is_button) {
                consider(input.stuck.deadline());
            }
        }
    }
    return first;
}

}  // namespace portcullis::gate
