#include "gate/radiation_desk.hpp"

#include <string_view>
#include <utility>

#include "codec/canonical.hpp"
#include "codec/digest.hpp"
#include "core/value_members.hpp"
#include "lane/radiation_events.hpp"

namespace portcullis::gate {

namespace {

constexpr std::string_view test_note = "radiation/";
constexpr std::size_t most_of_an_actor = 128;
constexpr std::size_t most_of_a_reason = 512;

/// The actor block of who asks at the control socket; nothing when nobody is named.
std::optional<Object> actor_block(const Value& question) {
    const auto actor = text_member(question, "actor");
    const auto reason = text_member(question, "reason_text");
    if (actor.empty() || actor.size() > most_of_an_actor || codec::looks_like_digest(actor) ||
        reason.size() > most_of_a_reason || codec::looks_like_digest(reason)) {
        return std::nullopt;
    }
    return Object{{"actor", actor},
                  {"role", "unknown"},
                  {"channel", "lane_console"},
                  {"auth_method", "control_socket"},
                  {"command_id", "none"},
                  {"reason_code", "none"},
                  {"reason_text", reason.empty() ? "none" : reason},
                  {"on_shift", "unknown"}};
}

std::string answer_with(Object answer) {
    const auto text = codec::canonical_text(Value{std::move(answer)});
    return text ? *text : error_answer(text.error().message());
}

Observation said(const DeviceName& device, Instant at, RadiationSeen seen) {
    return {device, {}, at, std::move(seen)};
}

}  // namespace

RadiationDesk::RadiationDesk(settings::RadiationSettings settings, const std::vector<DeviceName>& monitors, Ports ports)
    : settings_(settings), ports_(std::move(ports)) {
    for (const auto& monitor : monitors) {
        monitors_[monitor].since = ports_.now().instant;
    }
}

void RadiationDesk::restore(const std::vector<lane::Memory>& notes) {
    for (const auto& one : notes) {
        if (!one.key.starts_with(test_note)) {
            continue;
        }
        const auto found = monitors_.find(DeviceName{one.key.substr(test_note.size())});
        const auto* const at = one.body.find("tested_wall_ms");
        const auto* const number = at == nullptr ? nullptr : at->get<std::int64_t>();
        if (found != monitors_.end() && number != nullptr) {
            found->second.tested = WallTime{std::chrono::milliseconds{*number}};
        }
    }
    // One that is new here has as long as any other until its first test.
    for (auto& [device, monitor] : monitors_) {
        if (!monitor.tested) {
            monitor.tested = ports_.now().wall;
            Submission submission;
            note(device, monitor, submission);
            ports_.submit(std::move(submission));
        }
    }
}

void RadiationDesk::note(const DeviceName& device, const Monitor& monitor, Submission& submission) {
    submission.gate_notes.push_back({std::string{test_note} + device.text(),
                                     Value{Object{{"tested_wall_ms", monitor.tested->time_since_epoch().count()}}}});
}

// ---- what is believed

bool RadiationDesk::overdue(const Monitor& monitor, WallTime now) const {
    return settings_.test_every && monitor.tested && now - *monitor.tested > *settings_.test_every;
}

RadiationWatch RadiationDesk::believed(const Monitor& monitor, Now now) const {
    if (monitor.test) {
        return {false, "test"};
    }
    if (monitor.away) {
        return {false, monitor.watch.monitored ? "offline" : monitor.watch.cause};
    }
    if (monitor.watch.monitored && overdue(monitor, now.wall)) {
        return {false, "not_tested"};
    }
    return monitor.watch;
}

void RadiationDesk::tell_watch(const DeviceName& device, Monitor& monitor, Now now) {
    const auto watch = believed(monitor, now);
    if (watch != monitor.told) {
        if (watch.monitored != monitor.told.monitored) {
            monitor.since = now.instant;
        }
        monitor.told = watch;
        ports_.tell(said(device, now.instant, {watch}));
    }
}

void RadiationDesk::observed(const Observation& observation) {
    const auto found = monitors_.find(observation.device);
    if (found == monitors_.end()) {
        return;
    }
    auto& monitor = found->second;
    const auto now = ports_.now();
    if (const auto* const health = std::get_if<HealthChanged>(&observation.what)) {
        monitor.away = health->state == DeviceState::offline;
        tell_watch(observation.device, monitor, now);
        return;
    }
    const auto* const seen = std::get_if<RadiationSeen>(&observation.what);
    if (seen == nullptr) {
        return;
    }
    if (const auto* watch = std::get_if<RadiationWatch>(&seen->what)) {
        monitor.watch = *watch;
        tell_watch(observation.device, monitor, now);
        return;
    }
    const auto* const ended = std::get_if<OccupancyEnded>(&seen->what);
    if (monitor.test) {
        // What it sees now is the test object, and no vehicle's.
        if (ended != nullptr) {
            end_test(observation.device, monitor, is_alarm(ended->state), now);
        }
        return;
    }
    monitor.occupied = std::holds_alternative<OccupancyBegan>(seen->what) || (monitor.occupied && ended == nullptr);
    auto told = observation;
    if (ended != nullptr && !is_alarm(ended->state) && overdue(monitor, now.wall)) {
        auto unproved = *ended;
        unproved.state = OccupancyState::not_monitored;
        unproved.cause = "not_tested";
        told.what = RadiationSeen{unproved};
    }
    ports_.tell(told);
}

void RadiationDesk::tick(Now now) {
    for (auto& [device, monitor] : monitors_) {
        if (monitor.test && now.instant >= monitor.test->until) {
            end_test(device, monitor, false, now);
        }
        tell_watch(device, monitor, now);
        watch_condition(device, monitor, now);
    }
}

void RadiationDesk::watch_condition(const DeviceName& device, Monitor& monitor, Now now) {
    const bool holds = !monitor.told.monitored;
    if (holds == monitor.condition.has_value() || (holds && now.instant - monitor.since < told_after)) {
        return;
    }
    const auto since = holds ? monitor.since : *monitor.condition;
    Object data{{"condition", "radiation_not_monitored"},
                {"since_mono_ms", mono_ms(since)},
                {"value", 0},
                {"cause", holds ? monitor.told.cause : "none"}};
    if (!holds) {
        data.push_back(
            {"duration_ms",
             std::int64_t{std::chrono::duration_cast<std::chrono::milliseconds>(now.instant - since).count()}});
    }
    Submission submission;
    submission.events.push_back(
        {holds ? "condition.began" : "condition.ended", "device/" + device.text(), now, std::move(data), std::nullopt});
    monitor.condition = holds ? std::optional{since} : std::nullopt;
    ports_.submit(std::move(submission));
}

// ---- the test object

void RadiationDesk::end_test(const DeviceName& device, Monitor& monitor, bool seen, Now now) {
    const auto test = std::exchange(monitor.test, std::nullopt);
    Submission submission;
    submission.events.push_back(
        lane::radiation_tested({device, device.text(), "none", {}}, seen ? "seen" : "not_seen", test->actor, now));
    if (seen) {
        monitor.tested = now.wall;
        note(device, monitor, submission);
    }
    ports_.submit(std::move(submission));
    tell_watch(device, monitor, now);
}

std::string RadiationDesk::test(const Value& question) {
    const auto name = text_member(question, "name");
    const auto device = ports_.monitor_of(name);
    const auto found = monitors_.find(device);
    auto actor = actor_block(question);
    if (found == monitors_.end()) {
        return error_answer("there is no radiation monitor \"" + name + "\": name a portal, a lane or a device");
    }
    if (!actor) {
        return error_answer("whoever brings a test object names \"actor\"; it is recorded");
    }
    if (found->second.test) {
        return error_answer("a test of \"" + device.text() + "\" has been announced already");
    }
    if (found->second.occupied) {
        return error_answer("something stands in the beam of \"" + device.text() + "\": wait until it has gone");
    }
    const auto now = ports_.now();
    found->second.test = Test{std::move(*actor), now.instant + test_within};
    tell_watch(device, found->second, now);
    return answer_with({{"device", device.text()},
                        {"within_s", std::chrono::duration_cast<std::chrono::seconds>(test_within).count()}});
}

std::string RadiationDesk::acknowledge(const Value& question) const {
    const auto lane = text_member(question, "lane");
    auto actor = actor_block(question);
    if (!actor || text_member(question, "reason_text").empty()) {
        return error_answer("whoever acknowledges an alarm names \"actor\" and \"reason_text\"; both are recorded");
    }
    if (!ports_.acknowledge(lane, std::move(*actor))) {
        return error_answer("there is no lane \"" + lane + "\" with a radiation alarm");
    }
    return answer_with({{"lane", lane}, {"acknowledged", "yes"}});
}

void RadiationDesk::add_to(ControlDesk& desk) {
    desk.add("radiation_test",
             [this](const Value& question, const ControlDesk::Reply& reply) { reply(test(question)); });
    desk.add("radiation_acknowledge",
             [this](const Value& question, const ControlDesk::Reply& reply) { reply(acknowledge(question)); });
}

}  // namespace portcullis::gate
