// What goes to the destination: events as its cursor, filter and redaction say, controls, heads, live state.
#include <algorithm>
#include <utility>

#include "uplink/packet_size.hpp"
#include "uplink/uplink.hpp"

namespace portcullis::uplink {
namespace {

using namespace std::chrono_literals;

/// Publications of live state handed to Paho at a time, beside the window of events: neither waits for the other.
constexpr std::int64_t states_most = 8;
/// Between attempts to read rows that the journal has and did not give.
constexpr auto read_pause = 1s;
/// Before an event that could not be redacted is tried again: only another program would do better.
constexpr auto redact_pause = 60s;
/// Before an event that is larger than the broker takes is looked at again: only another connection does better.
constexpr auto too_large_pause = 60s;
/// So many filtered-out events may be looked at again after a restart.
constexpr Sequence passed_told_every = 1000;

}  // namespace

void Uplink::journal_grew(Sequence last) {
    delivery_.journal_grew(last);
    pump();
    rearm();
}

void Uplink::journal_cut(Sequence first) {
    const bool moved = first > delivery_.first();
    const auto gone = delivery_.journal_cut(first);
    if (!gone.empty()) {
        lost_ += gone.size();
        log_.warning("events are gone that a destination had not acknowledged",
                     {{"destination", settings_.name}, {"from", gone.from}, {"to", gone.to}});
        ports_.lost({gone, delivery_.acknowledged()});
    }
    tell_passed(1);
    if (moved && phase_ == Phase::online) {
        // A birth that still waits is written anew.
        std::erase_if(controls_, [&](const MqttMessage& message) { return message.topic == topic("status"); });
        controls_.push_front(birth(clock_.now().wall));
    }
    pump();
    rearm();
}

void Uplink::publish_head(std::string dsse) {
    head_ = std::move(dsse);
    head_waits_ = true;
    pump();
}

void Uplink::publish_state(const std::string& name, std::string payload) {
    states_.set(topic("state/" + name), std::move(payload));
    pump();
}

/// At start: the journal may have been cut since, and the filter had looked further than the consumer acknowledged.
void Uplink::take_cursor() {
    if (!settings_.filter.passes_all()) {
        delivery_.resume_behind(start_.passed);
    }
    passed_told_ = delivery_.passed();
    journal_cut(start_.first);
}

/// Keeps how far the filter has looked, once that has moved by `step`; never more than what a restart can redo.
void Uplink::tell_passed(Sequence step) {
    const auto passed = delivery_.passed();
    if (!settings_.filter.passes_all() && delivery_.passed_by_filter() && passed >= passed_told_ + step) {
        passed_told_ = passed;
        ports_.passed(passed);
    }
}

void Uplink::pump() {
    if (phase_ == Phase::online) {
        pump_controls();
        pump_states();
    }
    pump_events();
}

void Uplink::pump_controls() {
    while (!controls_.empty() && delivery_.room(controls_in_flight_) > 0) {
        auto message = std::move(controls_.front());
        controls_.pop_front();
        if (!too_large(message)) {
            ++controls_in_flight_;
            session_.publish(connection_, Publishing::control, std::move(message));
        }
    }
    if (head_waits_ && controls_.empty() && delivery_.room(controls_in_flight_) > 0) {
        head_waits_ = false;
        MqttMessage message{topic("head"), head_, 1, true, {}};
        if (!too_large(message)) {
            ++controls_in_flight_;
            session_.publish(connection_, Publishing::control, std::move(message));
        }
    }
}

void Uplink::pump_states() {
    while (states_in_flight_ < states_most) {
        auto state = states_.take();
        if (!state) {
            return;
        }
        MqttMessage message{std::move(state->topic), std::move(state->payload), 0, true, {}};
        if (!too_large(message)) {
            ++states_in_flight_;
            session_.publish(connection_, Publishing::state, std::move(message));
        }
    }
}

void Uplink::pump_events() {
    const bool ends = phase_ == Phase::stopping || phase_ == Phase::stopped;
    const bool looks_ahead = phase_ != Phase::online && !ends && !settings_.filter.passes_all();
    if (read_again_ || !(phase_ == Phase::online || looks_ahead)) {
        return;
    }
    publish_rows();
    if (!read_again_) {
        ask_for_rows();
    }
}

void Uplink::ask_for_rows() {
    const bool online = phase_ == Phase::online;
    if (reading_ || (!online && delivery_.to_look_ahead().empty())) {
        return;
    }
    const auto wanted = rows_.wanted(delivery_.next(), delivery_.last());
    if (wanted.empty()) {
        return;
    }
    reading_ = true;
    const std::weak_ptr<Uplink*> here = self_;
    ports_.read_rows(wanted.from, static_cast<std::size_t>(wanted.size()),
                     [here, from = wanted.from](std::vector<StoredEvent> rows) {
                         if (const auto self = here.lock()) {
                             (*self)->take_rows(from, std::move(rows));
                         }
                     });
}

void Uplink::take_rows(Sequence from, std::vector<StoredEvent> rows) {
    if (phase_ == Phase::stopping || phase_ == Phase::stopped) {
        reading_ = false;
        return;
    }
    if (rows.empty()) {
        read_again_ = clock_.now().instant + read_pause;  // the journal has them and could not read them
    } else if (rows.front().sequence > from) {
        journal_cut(rows.front().sequence);
    }
    reading_ = false;
    rows_.add(std::move(rows));
    pump_events();
    rearm();
}

void Uplink::publish_rows() {
    const auto now = clock_.now();
    for (auto* row = rows_.find(delivery_.next()); row != nullptr; row = rows_.find(delivery_.next())) {
        if (!settings_.filter.passes(row->type, row->subject)) {
            delivery_.skipped(row->sequence);
        } else if (!publish_event(*row, now)) {
            break;
        }
    }
    if (read_again_) {
        rows_.clear();  // what is tried again later is read again
    }
    tell_passed(passed_told_every);
}

/// False when this event, and so each behind it, has to wait.
bool Uplink::publish_event(StoredEvent& row, Now now) {
    if (phase_ != Phase::online) {
        delivery_.waits_at(row.sequence);
        return false;
    }
    if (delivery_.to_publish(controls_in_flight_).empty()) {
        return false;
    }
    if (!settings_.redactions.empty()) {
        auto redacted = ports_.redact(row.bytes);
        if (!redacted) {
            // Never unredacted, and never left out in silence.
            withheld_ = "event " + std::to_string(row.sequence) + " cannot be redacted: " + redacted.error();
            redact_line_.failed(withheld_);
            read_again_ = now.instant + redact_pause;
            return false;
        }
        redact_line_.over();
        withheld_.clear();
        row.bytes = std::move(redacted).value();
    }
    // Left out it would be a gap: the stream waits, and everyone who can be told is told. The numbers of `previous`
    // are taken at their longest, because they are known only once the event is counted as sent.
    MqttMessage message{topic("event"),
                        std::move(row.bytes),
                        1,
                        false,
                        {{"previous", std::to_string(row.sequence)}, {"redelivery", "1"}}};
    if (const auto size = publish_size(message); limits_.maximum_packet > 0 && size > limits_.maximum_packet) {
        const auto told =
            std::exchange(withheld_, "event " + std::to_string(row.sequence) + " needs a packet of " +
                                         std::to_string(size) + " bytes, and the broker takes " +
                                         std::to_string(limits_.maximum_packet) + ": raise its maximum packet size");
        read_again_ = now.instant + too_large_pause;
        if (told != withheld_) {
            log_.error("an event is larger than the broker takes; nothing goes out before it does",
                       {{"destination", settings_.name}, {"problem", withheld_}});
            ports_.link_changed({LinkState::up, withheld_, delivery_.backlog(), delivery_.passed() + 1, connection_});
        }
        return false;
    }
    const auto publication = delivery_.published(row.sequence, now.instant, controls_in_flight_);
    if (!publication) {
        return false;
    }
    delivery_log_.sent(row.sequence, now.wall);
    message.user_properties = {{"previous", std::to_string(publication->previous)},
                               {"redelivery", publication->redelivery ? "1" : "0"}};
    session_.publish(connection_, Publishing::event, std::move(message));
    return true;
}

/// What is no event and larger than the broker takes is left out, and counted: its next one may fit.
bool Uplink::too_large(const MqttMessage& message) {
    if (limits_.maximum_packet == 0 || publish_size(message) <= limits_.maximum_packet) {
        return false;
    }
    ++broker_refused_;
    refusal_ = message.topic + " is larger than the " + std::to_string(limits_.maximum_packet) +
               " bytes that the broker takes";
    refusal_line_.failed(refusal_);
    return true;
}

MqttMessage Uplink::birth(WallTime time) const {
    return {
        topic("status"),
        write_birth({identity(), start_.version, delivery_.first(), delivery_.last(), delivery_.acknowledged(), time}),
        1,
        true,
        {}};
}

DeliveryWay Uplink::way_of(Sequence sequence) const {
    DeliveryWay way{delivery_log_.of(sequence), DeliveryPlace::waits, {}};
    if (sequence <= delivery_.acknowledged()) {
        way.place = DeliveryPlace::stored;
    } else if (way.known.sendings > 0) {
        way.place = DeliveryPlace::sent;
    } else if (sequence <= delivery_.passed()) {
        way.place = DeliveryPlace::passed;
    } else if (phase_ != Phase::online) {
        way.why = link_watch_.cause();
    } else if (!withheld_.empty()) {
        way.why = withheld_;
    } else if (delivery_.window_full()) {
        way.why = "central has not acknowledged " + std::to_string(delivery_.unacknowledged()) +
                  " events that went before it; it waits for the acknowledgement of " +
                  std::to_string(delivery_.passed() + 1);
    } else if (sequence > delivery_.next()) {
        way.why = "the events from " + std::to_string(delivery_.next()) + " on go first";
    } else {
        way.why = "it goes next";
    }
    return way;
}

}  // namespace portcullis::uplink
