#include "gate/device_desk.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <set>
#include <string_view>
#include <utility>
#include <variant>

#include "codec/digest.hpp"
#include "core/hash256.hpp"

namespace portcullis::gate {

namespace {

bool senses_arm(Role role) {
    return role == Role::arm_loop || role == Role::arm_beam;
}

}  // namespace

DeviceDesk::DeviceDesk(Surroundings surroundings, const GatePlan& plan, Ports ports)
    : surroundings_(surroundings), ports_(std::move(ports)), buses_(surroundings.context, surroundings.clock) {
    wire(plan);
    make_devices(plan);
}

void DeviceDesk::wire(const GatePlan& plan) {
    sign_words_ = plan.sign_words;
    arm_inputs_.resize(plan.lanes.size());
    for (std::size_t lane = 0; lane < plan.lanes.size(); ++lane) {
        for (const auto& point : plan.lanes[lane].points) {
            if (kind_of(point.role) == RoleKind::output) {
                outputs_[{lane, point.role}] = point;
                continue;
            }
            inputs_[point.at].push_back({lane, point.role});
            if (senses_arm(point.role)) {
                arm_inputs_[lane].push_back(point.at);
            }
        }
        for (const auto& reader : plan.lanes[lane].readers) {
            readers_[reader.device].push_back({lane, reader.role});
        }
        if (const auto& sign = plan.lanes[lane].sign; !sign.empty()) {
            signs_[lane] = {sign, plan.lanes[lane].settings.sign_language};
        }
    }
    for (const auto& zone : plan.zones) {
        if (zone.zone_in && !zone.zone_in->reader.empty()) {
            doors_[zone.zone_in->reader].insert("zone_in");
        }
        if (zone.zone_out && !zone.zone_out->reader.empty()) {
            doors_[zone.zone_out->reader].insert("zone_out");
        }
    }
}

void DeviceDesk::make_devices(const GatePlan& plan) {
    for (const auto& [name, settings] : plan.buses) {
        buses_.add(name, settings);
    }
    for (const auto& planned : plan.devices) {
        std::vector<PointSetup> setups;
        for (const auto& lane : plan.lanes) {
            for (const auto& point : lane.points) {
                if (point.at.device == planned.name) {
                    setups.push_back(point.setup);
                }
            }
        }
        const drivers::DeviceContext context{planned.name, surroundings_.context, surroundings_.clock,
                                             surroundings_.log, image_};
        devices_[planned.name] = planned.plan->make(context, buses_, planned.bus, setups);
    }
}

void DeviceDesk::start() {
    for (const auto& [name, device] : devices_) {
        device->start([this](const Observation& observation) { observed(observation); });
    }
}

void DeviceDesk::begin_stop() {
    for (const auto& [name, device] : devices_) {
        device->stop();
    }
    buses_.begin_stop();
}

void DeviceDesk::perform(std::size_t lane, const Command& command, drivers::CommandDone done) {
    const auto wired = outputs_.find({lane, command.output});
    if (wired == outputs_.end()) {
        CommandResult refused{command.id, WriteOutcome::failed, Signal::unknown, {}, "no such output in this lane"};
        boost::asio::post(surroundings_.context, [done = std::move(done), refused] { done(refused); });
        return;
    }
    drivers::PointCommand point{
        command.id, wired->second.at.point, command.act, wired->second.setup.pulse, command.not_after, {}};
    if (command.needs_clear_arm) {
        point.must_be_clear = arm_inputs_.at(lane);
    }
    devices_.at(wired->second.at.device)->perform(point, std::move(done));
}

void DeviceDesk::withdraw(std::size_t lane, const lane::Withdraw& withdrawal) {
    const auto wired = outputs_.find({lane, withdrawal.output});
    if (wired != outputs_.end()) {
        devices_.at(wired->second.at.device)->withdraw(withdrawal.command);
    }
}

void DeviceDesk::show(std::size_t lane, const SignMessage& message) {
    if (const auto sign = signs_.find(lane); sign != signs_.end()) {
        devices_.at(sign->second.device)->show(face_of(message, sign_words_, sign->second.language));
    }
}

void DeviceDesk::observed(const Observation& observation) {
    if (std::holds_alternative<InputSeen>(observation.what)) {
        const auto places = inputs_.find(PointRef{observation.device, observation.point});
        if (places != inputs_.end()) {
            hand_to_lanes(observation, places->second);
        }
    } else if (const auto* reading = std::get_if<Reading>(&observation.what)) {
        // Whoever holds such a text before a camera would stop the daemon.
        if (codec::looks_like_digest(reading->raw)) {
            bad_frames(observation, {"digest_like", 1, {}});
        } else {
            hand_to_lanes(observation, readers_[observation.device]);
            hand_to_zones(observation);
        }
    } else if (const auto* health = std::get_if<HealthChanged>(&observation.what)) {
        health_changed(observation, *health);
    } else if (const auto* frames = std::get_if<BadFrames>(&observation.what)) {
        bad_frames(observation, *frames);
    } else if (const auto* counts = std::get_if<DeviceSummary>(&observation.what)) {
        summary(observation, *counts);
    }
}

void DeviceDesk::hand_to_lanes(const Observation& observation, const std::vector<Place>& places) {
    for (const auto& place : places) {
        ports_.observe(place.lane, {place.role, observation});
    }
}

void DeviceDesk::hand_to_zones(const Observation& observation) {
    if (doors_.contains(observation.device) && ports_.at_zone) {
        ports_.at_zone(observation);
    }
}

std::vector<DeviceDesk::Place> DeviceDesk::places_of(const DeviceName& device) const {
    std::vector<Place> places;
    for (const auto& [point, here] : inputs_) {
        if (point.device == device) {
            places.insert(places.end(), here.begin(), here.end());
        }
    }
    if (const auto readers = readers_.find(device); readers != readers_.end()) {
        places.insert(places.end(), readers->second.begin(), readers->second.end());
    }
    for (const auto& [place, point] : outputs_) {
        if (point.at.device == device) {
            places.push_back({place.first, place.second});
        }
    }
    for (const auto& [lane, sign] : signs_) {
        if (sign.device == device) {
            places.push_back({lane, Role::sign});
        }
    }
    return places;
}

void DeviceDesk::health_changed(const Observation& observation, const HealthChanged& health) {
    const auto places = places_of(observation.device);
    std::set<std::string_view> names;
    for (const auto& place : places) {
        names.insert(text_of(place.role));
    }
    if (const auto doors = doors_.find(observation.device); doors != doors_.end()) {
        names.insert(doors->second.begin(), doors->second.end());
    }
    List roles{names.begin(), names.end()};
    ports_.record(event("device.state", observation,
                        {{"state", text_of(health.state)},
                         {"cause", health.cause.empty() ? "none" : health.cause},
                         {"since_mono_ms", mono_ms(observation.at)},
                         {"role", std::move(roles)}}));
    hand_to_lanes(observation, places);
    hand_to_zones(observation);
}

void DeviceDesk::bad_frames(const Observation& observation, const BadFrames& frames) {
    surroundings_.log.warning("bad frames",
                              {{"device", observation.device}, {"kind", frames.kind}, {"count", frames.count}});
    ports_.record(event("device.bad_frame", observation,
                        {{"kind", frames.kind},
                         {"count", frames.count},
                         {"sample", frames.sample.empty() ? std::string{"none"} : hex_text(frames.sample)}}));
}

void DeviceDesk::summary(const Observation& observation, const DeviceSummary& summary) {
    // What later device kinds count is unknown here, not nought (events.md).
    Object data{{"window_s", summary.window.count()},
                {"polls", summary.polls},
                {"errors", summary.errors},
                {"readings", summary.readings},
                {"p99_ms", summary.p99.count()}};
    for (const auto* later : {"accepted", "unread", "alarms", "passages", "background_cps"}) {
        data.push_back({later, "unknown"});
    }
    if (summary.clock_skew) {
        data.push_back({"clock_skew_ms", summary.clock_skew->count()});
    } else {
        data.push_back({"clock_skew_ms", "unknown"});
    }
    ports_.record(event("device.summary", observation, std::move(data)));
}

Event DeviceDesk::event(const char* type, const Observation& observation, Object data) const {
    return {type, "device/" + observation.device.text(), surroundings_.clock.now(), std::move(data), std::nullopt};
}

}  // namespace portcullis::gate
