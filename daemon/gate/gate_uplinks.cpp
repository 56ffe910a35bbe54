#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "codec/canonical.hpp"
#include "codec/redaction.hpp"
#include "gate/command_refusals.hpp"
#include "gate/gate.hpp"
#include "gate/uplink_answers.hpp"
#include "trust/hash.hpp"

namespace portcullis::gate {

namespace {

/// Connections of one process life; more than one a second for a year.
constexpr std::int64_t connections_a_start = 100'000'000;

/// The second cursor of a filtered destination: how far its filter has looked. A name of a destination has no slash.
constexpr const char* passed_suffix = "/passed";

std::int64_t age_s(WallTime time, Now now) {
    return std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(now.wall - time).count());
}

double fraction_of(const std::array<std::uint8_t, 16>& bytes) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        number = number << 8U | bytes.at(i);
    }
    return static_cast<double>(number) / 4294967296.0;
}

/// The words of `document.refused` for what the uplink refuses by itself.
std::string_view cause_word(uplink::InboundCause cause) {
    switch (cause) {
        case uplink::InboundCause::too_large:
            return "size";
        case uplink::InboundCause::not_json:
            return "parse";
        case uplink::InboundCause::retained:
        case uplink::InboundCause::not_utf8:
        case uplink::InboundCause::unknown_topic:
        case uplink::InboundCause::other_stream:
        case uplink::InboundCause::beyond_last:
        case uplink::InboundCause::other_bytes:
        case uplink::InboundCause::flood:
            return text_of(cause);
        case uplink::InboundCause::unsupported:  // of commands only, which have their own event
            break;
    }
    return "unknown";
}

void reply_with(const Value& answer, const ControlDesk::Reply& reply) {
    const auto text = codec::canonical_text(answer);
    reply(text ? *text : error_answer(text.error().message()));
}

}  // namespace

void Gate::make_uplinks() {
    const uplink::ProcessId process{ids_()};
    for (const auto& settings : plan_.uplinks) {
        uplink::UplinkStart start{start_.stream,
                                  surroundings_.boot,
                                  process,
                                  PORTCULLIS_VERSION,
                                  stores_.journal->cut().sequence + 1,
                                  stores_.journal->last().sequence,
                                  0,
                                  0};
        for (const auto& cursor : start_.acknowledged) {
            if (cursor.destination == settings.name) {
                start.acknowledged = cursor.sequence;
            } else if (cursor.destination == settings.name + passed_suffix) {
                start.passed = cursor.sequence;
            }
        }
        const uplink::UplinkRuntime runtime{surroundings_.context, surroundings_.clock, mqtt_worker_,
                                            surroundings_.log};
        destinations_.push_back(
            {std::make_unique<uplink::Uplink>(runtime, settings, start, uplink_ports(settings)), settings.name, {}});
    }
}

uplink::UplinkPorts Gate::uplink_ports(const uplink::UplinkSettings& settings) {
    const auto& name = settings.name;
    uplink::UplinkPorts ports;
    ports.random = [this] { return fraction_of(ids_()); };
    ports.sha256 = trust::sha256;
    ports.read_rows = [this](uplink::Sequence from, std::size_t most, uplink::UplinkPorts::Rows rows) {
        journal_.read_rows(from, most, std::move(rows));
    };
    ports.acknowledged = [this, name](uplink::Sequence sequence) { journal_.acknowledge(name, sequence); };
    ports.passed = [this, name](uplink::Sequence sequence) { journal_.acknowledge(name + passed_suffix, sequence); };
    ports.lost = [this, name](const uplink::LostEvents& lost) { events_lost(name, lost); };
    ports.redact = [this, what = settings.redactions](std::string_view published) -> Result<std::string, std::string> {
        auto redacted = codec::redact(published, event_writer_, what);
        if (!redacted) {
            return Failure{redacted.error().message()};
        }
        return std::move(redacted).value();
    };
    ports.next_connection = [this] { return start_.boot_counter * connections_a_start + ++connections_; };
    ports.orders_needed = [this] { return order_desk_.needs(); };
    ports.document = [this, name](uplink::InboundDocument document) { take_document(std::move(document), name); };
    ports.link_changed = [this, name](const uplink::LinkFact& fact) { link_changed(name, fact); };
    ports.refused = [this, name](const uplink::InboundRefusal& refusal) { inbound_refused(name, refusal); };
    return ports;
}

void Gate::link_changed(const std::string& name, const uplink::LinkFact& fact) {
    const auto now = surroundings_.clock.now();
    const auto tell = [this, name, fact, now](const Value& oldest_s) {
        record({"link.state", "destination/" + name, now,
                Object{{"state", text_of(fact.state)},
                       {"cause", fact.cause},
                       {"backlog", fact.backlog},
                       {"oldest_s", oldest_s},
                       {"connection", fact.connection}},
                std::nullopt});
    };
    if (fact.backlog == 0) {
        tell(0);
        return;
    }
    journal_.time_of(fact.waiting_from, [tell, now](std::optional<WallTime> oldest) {
        tell(oldest ? Value{age_s(*oldest, now)} : Value{"unknown"});
    });
}

/// What a destination has read ahead of its window would go out with the values that were erased.
void Gate::journal_erased() {
    for (auto& destination : destinations_) {
        destination.uplink->journal_erased();
    }
}

/// Keeps the time of each destination's oldest unacknowledged event at hand, for state and status.
void Gate::look_at_oldest() {
    for (std::size_t i = 0; i < destinations_.size(); ++i) {
        const auto view = destinations_[i].uplink->view();
        auto& oldest = destinations_[i].oldest;
        const auto next = view.waiting_from;
        if (next > view.last || oldest.sequence == next) {
            continue;
        }
        oldest.sequence = next;
        journal_.time_of(next, [this, i](std::optional<WallTime> time) {
            destinations_[i].oldest.time = time;
            if (!time) {
                destinations_[i].oldest.sequence = 0;  // asked again at the next tick
            }
        });
    }
}

/// The greatest age of all destinations'; nothing when one of them is not known.
std::optional<std::int64_t> Gate::oldest_s(Now now) const {
    std::int64_t greatest = 0;
    for (const auto& destination : destinations_) {
        const auto age = oldest_s(destination, now);
        if (!age) {
            return std::nullopt;
        }
        greatest = std::max(greatest, *age);
    }
    return greatest;
}

/// Of one destination.
std::optional<std::int64_t> Gate::oldest_s(const Destination& destination, Now now) {
    const auto view = destination.uplink->view();
    if (view.backlog == 0) {
        return 0;
    }
    const bool known = destination.oldest.time && destination.oldest.sequence == view.waiting_from;
    return known ? std::optional{age_s(*destination.oldest.time, now)} : std::nullopt;
}

void Gate::events_lost(const std::string& name, const uplink::LostEvents& lost) {
    record({"link.hole", "destination/" + name, surroundings_.clock.now(),
            Object{{"from", lost.gone.from},
                   {"to", lost.gone.to},
                   {"acknowledged", lost.acknowledged},
                   {"cause", "retention"}},
            std::nullopt});
}

void Gate::answer_uplink_questions() {
    control_desk_.add("uplink", [this](const Value&, const ControlDesk::Reply& reply) {
        const auto now = surroundings_.clock.now();
        std::vector<DestinationState> states;
        for (const auto& destination : destinations_) {
            states.push_back({destination.uplink->settings(), destination.uplink->view(), oldest_s(destination, now)});
        }
        reply_with(uplink_overview(states, journal_keeper_.storage().hours_left, now), reply);
    });
    control_desk_.add(
        "resume", [this](const Value& question, const ControlDesk::Reply& reply) { reply(resume_uplink(question)); });
    control_desk_.add("explain", [this](const Value& question, const ControlDesk::Reply& reply) {
        const auto* sequence = question.find("sequence");
        const auto* number = sequence == nullptr ? nullptr : sequence->get<std::int64_t>();
        if (number == nullptr || *number < 1) {
            return reply(error_answer("say which event: a sequence from 1 on"));
        }
        journal_.read_rows(*number, 1, [this, asked = *number, reply](const std::vector<uplink::StoredEvent>& rows) {
            explain(asked, rows, reply);
        });
    });
}

/// At a technician's word a destination whose session another client has taken over connects again.
std::string Gate::resume_uplink(const Value& question) {
    const auto* member = question.find("destination");
    const auto* name = member == nullptr ? nullptr : member->get<std::string>();
    std::string known;
    for (auto& destination : destinations_) {
        if (name != nullptr && destination.channel == *name) {
            return destination.uplink->resume()
                       ? R"({"resumed":"yes"})"
                       : error_answer(*name + " has not been taken over by another client: nothing to resume");
        }
        known += (known.empty() ? "" : ", ") + destination.channel;
    }
    return error_answer("no such destination; there are: " + known);
}

/// `rows`: the first that the journal holds from `sequence` on.
void Gate::explain(std::int64_t sequence, const std::vector<uplink::StoredEvent>& rows,
                   const ControlDesk::Reply& reply) const {
    const auto last = journal_writer_.position().last;
    if (rows.empty()) {
        return reply(error_answer(sequence > last ? "the journal ends at " + std::to_string(last)
                                                  : "the journal cannot read event " + std::to_string(sequence)));
    }
    EventSeen seen;
    seen.sequence = sequence;
    seen.gone = rows.front().sequence != sequence;
    if (!seen.gone) {
        const auto stored = event_writer_.read(rows.front().bytes);
        if (!stored) {
            return reply(
                error_answer("event " + std::to_string(sequence) + " is damaged: " + stored.error().message()));
        }
        seen.erased = !stored->stamp.salt;
        seen.type = stored->event.type;
        seen.subject = stored->event.subject;
        seen.time = stored->event.at.wall;
    }
    std::vector<EventWay> ways;
    for (const auto& destination : destinations_) {
        ways.push_back({destination.uplink->settings(), destination.uplink->way_of(sequence)});
    }
    reply_with(event_explained(seen, ways), reply);
}

void Gate::inbound_refused(const std::string& name, const uplink::InboundRefusal& refusal) {
    if (refusal.topic == "command") {
        return record(command_refused_event(refusal, surroundings_.clock.now()));
    }
    const bool known = refusal.topic == "ack" || refusal.topic == "replay";
    const std::string kind = refusal.topic == "order" ? "orders" : (known ? refusal.topic : "unknown");
    record({"document.refused", "gate", surroundings_.clock.now(),
            Object{{"kind", kind},
                   {"cause", cause_word(refusal.cause)},
                   {"hash", "none"},
                   {"channel", name},
                   {"detail", refusal.detail},
                   {"count", refusal.count}},
            std::nullopt});
}

StoredByAll Gate::stored_by_all() const {
    StoredByAll stored;
    stored.through = journal_writer_.position().last;
    for (const auto& destination : destinations_) {
        const auto acknowledged = destination.uplink->view().acknowledged;
        if (destination.uplink->settings().required && acknowledged < stored.through) {
            stored = {acknowledged, destination.channel};
        }
    }
    return stored;
}

bool Gate::link_up() const {
    return std::any_of(destinations_.begin(), destinations_.end(), [](const Destination& destination) {
        return destination.uplink->settings().required && destination.uplink->view().online;
    });
}

/// How many destinations that must have everything are without a session, when none of them has one.
std::optional<std::int64_t> Gate::links_down() const {
    const auto required = std::count_if(destinations_.begin(), destinations_.end(), [](const Destination& destination) {
        return destination.uplink->settings().required;
    });
    return required == 0 || link_up() ? std::nullopt : std::optional<std::int64_t>{required};
}

}  // namespace portcullis::gate
