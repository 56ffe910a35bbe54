#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <utility>

#include "codec/canonical.hpp"
#include "codec/redaction.hpp"
#include "core/time_text.hpp"
#include "gate/gate.hpp"
#include "gate/views.hpp"

namespace portcullis::gate {

namespace {

using namespace std::chrono_literals;

constexpr auto tick_every = 250ms;
/// Every so many ticks the service manager is told what has changed: at most once a second.
constexpr std::int64_t service_ticks = 4;
/// Every so many ticks the slow values (gate, devices) are published.
constexpr std::int64_t slow_ticks = 20;
/// A wall clock that moved by more than this against the steady clock was stepped.
constexpr auto step_seen = 500ms;
/// Of an ordered stop: everything durable and offline said; and all of it, with the workers' ends.
constexpr auto commit_within = 1700ms;
constexpr auto stop_within = 1900ms;
constexpr int forced_end = 4;

}  // namespace

void Gate::tick() {
    const auto now = surroundings_.clock.now();
    watch_clock(now);
    for (auto& event : conditions_.watch(now, links_down())) {
        record(std::move(event));
    }
    tell_coverage(now);
    order_desk_.tick(now);
    order_upkeep_.tick(now);
    if (ticks_ % 4 == 0) {  // once a second
        order_import_.tick();
    }
    zone_desk_.tick(now);
    radiation_desk_.tick(now);
    portal_desk_.tick(now);
    evidence_desk_.tick(now);
    for (const auto& [destination, sender] : evidence_senders_) {
        sender->tick(now.instant);
    }
    device_testing_.tick();
    tick_trust(now);
    journal_keeper_.tick(now);
    journal_desk_.seal();
    look_at_oldest();
    feed_watchdog(now);
    publish_lanes(now);
    if (ticks_ % service_ticks == 0) {
        tell_service_manager();
    }
    if (ticks_++ % slow_ticks == 0) {
        publish_slow(now);
    }
    tick_alarm_.set(now.instant + tick_every);
}

void Gate::watch_clock(Now now) {
    const auto before = std::exchange(clock_before_, now);
    hold_over_.see(now);
    if (auto note = hold_over_.note_due()) {
        Submission submission;
        submission.gate_notes.push_back({std::string{HoldOver::note_key}, std::move(note)});
        journal_desk_.submit(std::move(submission));
    }
    if (!before) {
        return;
    }
    const auto steady = std::chrono::duration_cast<std::chrono::milliseconds>(now.instant - before->instant);
    const auto delta = now.wall - before->wall - steady;
    if (delta > step_seen || delta < -step_seen) {
        record(
            {"clock.stepped", "gate", now, Object{{"delta_ms", delta.count()}, {"source", "unknown"}}, std::nullopt});
    }
    if (now.clock_state != before->clock_state) {
        const auto since = hold_over_.since(now);
        record({"clock.state", "gate", now,
                Object{{"state", text_of(now.clock_state)},
                       {"holdover_s", since ? Value{since->count()} : Value{"unknown"}},
                       {"band_ms", hold_over_.band(now).count()}},
                std::nullopt});
    }
}

void Gate::feed_watchdog(Now now) {
    if (const auto hung = hung_worker(now)) {
        hung_line_.failed(*hung);
        return;
    }
    hung_line_.over();
    service_manager_.alive();
}

void Gate::tell_service_manager() {
    if (is_up_ && !stopping_) {
        service_manager_.status(service_line());
    }
}

/// Only what changes seldom: modes, the journal, links.
std::string Gate::service_line() const {
    std::string line;
    for (const auto& seat : lanes_) {
        line += seat.runner->name().text() + " " + std::string{text_of(seat.runner->view().mode)} + ", ";
    }
    line += journal_desk_.in_outage() ? "journal full" : "journal writes";
    for (const auto& destination : destinations_) {
        line += ", " + destination.channel + (destination.uplink->view().online ? " online" : " offline");
    }
    return line;
}

std::optional<std::string> Gate::hung_worker(Now now) const {
    auto workers = device_desk_.workers();
    workers.insert(workers.end(), {&journal_worker_, &orders_worker_, &snapshots_worker_, &documents_worker_,
                                   &evidence_worker_, &mqtt_worker_});
    const auto hung = std::find_if(workers.begin(), workers.end(),
                                   [&](const runtime::Worker* worker) { return worker->progress().hung(now.instant); });
    return hung == workers.end() ? std::nullopt : std::optional{(*hung)->name()};
}

void Gate::publish_lanes(Now now) {
    for (auto& seat : lanes_) {
        if (std::exchange(seat.changed, false)) {
            const auto& name = seat.runner->name();
            publish_state("lane/" + name.text(), lane_state(name, seat.runner->view()), now);
        }
    }
}

void Gate::publish_slow(Now now) {
    publish_state("gate", gate_object(now), now);
    for (const auto& [name, device] : device_desk_.devices()) {
        publish_state("device/" + name.text(), device_state(name, device_desk_.view(name)), now);
    }
}

void Gate::publish_state(const std::string& topic, Object state, Now now) {
    state.push_back({"time", time_text(now.wall)});
    for (auto& destination : destinations_) {
        const auto& settings = destination.uplink->settings();
        if (!settings.filter.passes_subject(topic)) {
            continue;
        }
        const auto text = codec::canonical_text(Value{codec::redact_state(state, settings.redactions)});
        if (!text) {
            surroundings_.log.error("a state cannot be written", {{"topic", topic}, {"why", text.error().message()}});
            return;
        }
        destination.uplink->publish_state(topic, *text);
    }
}

Object Gate::gate_object(Now now) const {
    GateView view;
    view.version = PORTCULLIS_VERSION;
    view.stream = start_.stream;
    view.last = journal_writer_.position().last;
    view.order_cursor = order_desk_.cursor();
    view.orders_age_s = order_desk_.age_s(now.wall);
    view.orders_state = order_desk_.state(now.wall);
    view.orders_behind = order_desk_.behind();
    view.clock = now.clock_state;
    view.clock_band = hold_over_.band(now);
    for (const auto& destination : destinations_) {
        const auto uplink = destination.uplink->view();
        view.backlog = std::max(view.backlog, uplink.backlog);
    }
    view.oldest_s = oldest_s(now);
    view.storage = journal_keeper_.storage();
    view.box_key = sampling_keys_.public_key();
    view.ruleset = ruleset_members(now);
    if (pass_desk_) {
        view.passes = pass_desk_->view(now);
    }
    return gate_state(view);
}

std::string Gate::status_answer() const {
    List lanes;
    for (const auto& seat : lanes_) {
        lanes.emplace_back(lane_state(seat.runner->name(), seat.runner->view()));
    }
    List devices;
    for (const auto& [name, device] : device_desk_.devices()) {
        devices.emplace_back(device_state(name, device_desk_.view(name)));
    }
    List uplinks;
    for (const auto& destination : destinations_) {
        uplinks.emplace_back(uplink_state(destination.channel, destination.uplink->view()));
    }
    const auto now = surroundings_.clock.now();
    const auto text = codec::canonical_text(
        Value{Object{{"time", time_text(now.wall)},
                     {"gate", gate_object(now)},
                     {"trust", trust_object(now)},
                     {"lanes", std::move(lanes)},
                     {"devices", std::move(devices)},
                     {"uplinks", std::move(uplinks)},
                     {"waiting_events", static_cast<std::int64_t>(journal_desk_.waiting_events())},
                     {"journal", journal_desk_.in_outage() ? "full" : "writes"}}});
    return text ? *text : R"({"error":"the status cannot be written"})";
}

void Gate::fatal(const std::string& why) {
    if (exit_code_ != 0) {
        return;
    }
    exit_code_ = forced_end;
    stopping_ = true;
    stop_began_ = surroundings_.clock.now().instant;
    surroundings_.log.error("stopping at once", {{"why", why}});
    device_desk_.begin_stop();
    finish();
}

void Gate::stop(std::string_view reason) {
    if (stopping_) {
        return;
    }
    stopping_ = true;
    stop_reason_ = reason;
    stop_began_ = surroundings_.clock.now().instant;
    service_manager_.stopping();
    surroundings_.log.notice("stopping", {{"reason", reason}});
    stop_alarm_.set(*stop_began_ + commit_within);
    control_->stop();
    device_desk_.begin_stop();
    say_closing();
}

void Gate::say_closing() {
    std::int64_t open = 0;
    for (const auto& seat : lanes_) {
        open += static_cast<std::int64_t>(seat.runner->view().passages.size());
    }
    Submission last;
    last.events.push_back({"stream.closing", "gate", surroundings_.clock.now(),
                           Object{{"reason", stop_reason_}, {"open_passages", open}}, std::nullopt});
    last.urgent = true;
    last.clean_stop = true;
    last.committed = [this] {
        closing_durable_ = true;
        // Afterwards: the uplinks must have heard that the journal grew.
        boost::asio::post(surroundings_.context, [this] { stop_uplinks(); });
    };
    journal_desk_.submit(std::move(last));
}

void Gate::stop_overdue() {
    if (!closing_durable_) {
        exit_code_ = forced_end;
        surroundings_.log.error("stopping although the journal could not commit everything",
                                {{"events", journal_desk_.waiting_events()}});
    }
    finish();
}

void Gate::stop_uplinks() {
    uplinks_stopping_ = destinations_.size();
    if (uplinks_stopping_ == 0) {
        finish();
    }
    for (auto& destination : destinations_) {
        destination.uplink->stop([this] {
            if (--uplinks_stopping_ == 0) {
                finish();
            }
        });
    }
}

void Gate::finish() {
    stop_alarm_.cancel();
    tick_alarm_.cancel();
    surroundings_.context.stop();
}

bool Gate::end_workers() {
    const auto until = stop_began_.value_or(surroundings_.clock.now().instant) + stop_within;
    const auto left = [&] {
        const auto rest = until - surroundings_.clock.now().instant;
        return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(rest), 0ms);
    };
    const std::array workers{&journal_worker_,   &orders_worker_,   &snapshots_worker_,
                             &documents_worker_, &evidence_worker_, &mqtt_worker_};
    for (auto* worker : workers) {
        worker->begin_stop();
    }
    bool all = device_desk_.finish_stop(left());
    if (!all) {
        surroundings_.log.error("a bus does not answer; the safe state of its outputs is up to its modules");
    }
    for (auto* worker : workers) {
        if (!worker->ended_within(left())) {
            surroundings_.log.error("a worker does not end", {{"worker", worker->name()}});
            all = false;
        }
    }
    return all;
}

}  // namespace portcullis::gate
