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

/// From the trigger: later it would hardly show the same vehicle.
constexpr std::chrono::seconds picture_within{10};

Observation no_picture(const DeviceName& device, const PassageId& passage, Instant now) {
    Picture none;
    none.passage = passage;
    none.asked = now;
    none.missing = "disabled";
    return {device, {}, now, std::move(none)};
}

}  // namespace

DeviceDesk::DeviceDesk(Surroundings surroundings, const GatePlan& plan, Ports ports)
    : surroundings_(surroundings),
      ports_(std::move(ports)),
      buses_(surroundings.context, surroundings.clock),
      inventory_(plan),
      paces_(plan.lanes.size(), drivers::Pace::busy),
      watched_due_(surroundings.context, surroundings.clock, [this] { look_at_watched(); }) {
    wire(plan);
    make_devices(plan);
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
        for (const auto& portal : plan.portals) {
            if (portal.loop && portal.loop->device == planned.name) {
                setups.push_back(portal.loop->setup);
            }
        }
        const drivers::DeviceContext context{planned.name, surroundings_.context, surroundings_.clock,
                                             surroundings_.log, image_};
        devices_[planned.name] = planned.plan->make(context, buses_, planned.bus, setups);
    }
}

void DeviceDesk::start() {
    record_all(inventory_.at_start(surroundings_.clock.now()));
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
    if (const auto cause = aside_.cause(wired->second.at.device)) {
        CommandResult refused{command.id, WriteOutcome::failed, Signal::unknown, {}, *cause};
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

void DeviceDesk::capture(std::size_t lane, const lane::Capture& capture) {
    for (const auto& [device, places] : readers_) {
        for (const auto& place : places) {
            const bool asked =
                std::find(capture.readers.begin(), capture.readers.end(), place.role) != capture.readers.end();
            if (place.lane == lane && asked) {
                ask_camera(place, device, capture.passage);
            }
        }
    }
}

/// Of a reader that can be asked too; only a camera answers with a picture.
void DeviceDesk::ask_camera(Place place, const DeviceName& device, const PassageId& passage) {
    const bool camera = kind_of(place.role) == RoleKind::camera;
    if (camera) {
        asked_[{device, passage}] = place;
    }
    if (!is_aside(device)) {
        devices_.at(device)->capture({passage, surroundings_.clock.now().instant + picture_within});
    } else if (camera) {
        boost::asio::post(surroundings_.context, [this, device, passage] {
            const auto none = no_picture(device, passage, surroundings_.clock.now().instant);
            hand_picture(none, std::get<Picture>(none.what));
        });
    }
}

/// A camera that is put out of service answers nobody any more.
void DeviceDesk::answer_for(const DeviceName& device) {
    std::vector<PassageId> passages;
    for (const auto& [asked, place] : asked_) {
        if (asked.first == device) {
            passages.push_back(asked.second);
        }
    }
    for (const auto& passage : passages) {
        const auto none = no_picture(device, passage, surroundings_.clock.now().instant);
        hand_picture(none, std::get<Picture>(none.what));
    }
}

void DeviceDesk::hand_picture(const Observation& observation, const Picture& picture) {
    const auto asked = asked_.find({observation.device, picture.passage});
    if (asked == asked_.end()) {
        return;  // set aside since, which was the answer
    }
    const auto place = asked->second;
    asked_.erase(asked);
    if (ports_.picture) {
        ports_.picture(place.lane, {place.role, observation});
    }
}

void DeviceDesk::show(std::size_t lane, const SignMessage& message) {
    if (const auto sign = signs_.find(lane); sign != signs_.end()) {
        devices_.at(sign->second.device)->show(face_of(message, sign_words_, sign->second.language));
    }
}

void DeviceDesk::observed(const Observation& observation) {
    if (ports_.said) {
        ports_.said(observation);
    }
    if (const auto* picture = std::get_if<Picture>(&observation.what)) {
        hand_picture(observation, *picture);
        return;
    }
    if (const auto* radiation = std::get_if<RadiationSeen>(&observation.what)) {
        // Whether it measures is kept also while it is set aside.
        const bool watch = std::holds_alternative<RadiationWatch>(radiation->what);
        if (ports_.radiation && (watch || !is_aside(observation.device))) {
            ports_.radiation(observation);
        }
        return;
    }
    if (!aside_.admit(observation)) {
        return;
    }
    if (const auto* seen = std::get_if<InputSeen>(&observation.what)) {
        watch_input(observation, *seen);
        const auto places = inputs_.find(PointRef{observation.device, observation.point});
        if (places != inputs_.end()) {
            hand_to_lanes(observation, places->second);
        }
        hand_to_portals(observation);
    } else if (const auto* reading = std::get_if<Reading>(&observation.what)) {
        // Whoever holds such a text before a camera would stop the daemon.
        if (codec::looks_like_digest(reading->raw)) {
            bad_frames(observation, {"digest_like", 1, {}});
        } else {
            hand_to_lanes(observation, readers_[observation.device]);
            hand_to_zones(observation);
            hand_to_portals(observation);
        }
    } else if (std::holds_alternative<WeightSeen>(observation.what) ||
               std::holds_alternative<LoadSeen>(observation.what)) {
        hand_to_lanes(observation, readers_[observation.device]);
    } else if (const auto* health = std::get_if<HealthChanged>(&observation.what)) {
        health_changed(observation, *health);
    } else if (const auto* frames = std::get_if<BadFrames>(&observation.what)) {
        bad_frames(observation, *frames);
    } else if (const auto* counts = std::get_if<DeviceSummary>(&observation.what)) {
        summary(observation, *counts);
    } else if (const auto* identity = std::get_if<DeviceIdentity>(&observation.what)) {
        record_all(inventory_.told(observation.device, *identity, surroundings_.clock.now()));
    }
}

void DeviceDesk::record_all(std::vector<Event> events) {
    for (auto& event : events) {
        ports_.record(std::move(event));
    }
}

void DeviceDesk::watch_input(const Observation& observation, InputSeen seen) {
    const PointRef point{observation.device, observation.point};
    if (watched_.has(point)) {
        record_all(watched_.see(point, seen.signal, surroundings_.clock.now()));
        watched_due_.set(watched_.deadline());
    }
}

void DeviceDesk::look_at_watched() {
    record_all(watched_.look(surroundings_.clock.now()));
    watched_due_.set(watched_.deadline());
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

void DeviceDesk::hand_to_portals(const Observation& observation) {
    if (ports_.at_portal) {
        ports_.at_portal(observation);
    }
}

void DeviceDesk::hand_radiation(const Observation& observation) {
    hand_to_lanes(observation, readers_[observation.device]);
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

List DeviceDesk::roles_of(const DeviceName& device) const {
    auto names = watched_.roles_of(device);
    for (const auto& place : places_of(device)) {
        names.insert(text_of(place.role));
    }
    if (const auto doors = doors_.find(device); doors != doors_.end()) {
        names.insert(doors->second.begin(), doors->second.end());
    }
    if (const auto roles = portal_roles_.find(device); roles != portal_roles_.end()) {
        names.insert(roles->second.begin(), roles->second.end());
    }
    return {names.begin(), names.end()};
}

void DeviceDesk::health_changed(const Observation& observation, const HealthChanged& health) {
    auto roles = roles_of(observation.device);
    ports_.record(event("device.state", observation,
                        {{"state", text_of(health.state)},
                         {"cause", health.cause.empty() ? "none" : health.cause},
                         {"since_mono_ms", mono_ms(observation.at)},
                         {"role", std::move(roles)}}));
    hand_health(observation);
}

void DeviceDesk::hand_health(const Observation& observation) {
    hand_to_lanes(observation, places_of(observation.device));
    hand_to_zones(observation);
    if (ports_.radiation) {
        ports_.radiation(observation);
    }
    hand_to_portals(observation);
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
    const auto counts = counts_.take(observation.device);
    const auto count = [&data](const char* name, bool known, std::int64_t number) {
        data.push_back({name, known ? Value{number} : Value{"unknown"}});
    };
    const bool reads = readers_.contains(observation.device);
    const bool takes_part = reads || !counts.passages.empty();
    count("accepted", reads, counts.accepted);
    count("unread", reads, counts.unread);
    count("alarms", counts.alarms > 0, counts.alarms);
    count("passages", takes_part, static_cast<std::int64_t>(counts.passages.size()));
    data.push_back({"background_cps", "unknown"});
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
