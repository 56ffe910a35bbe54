#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "gate/gate.hpp"
#include "trust/hash.hpp"

namespace portcullis::gate {

namespace {

/// Connections of one process life; more than one a second for a year.
constexpr std::int64_t connections_a_start = 100'000'000;

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
    }
    return "unknown";
}

}  // namespace

void Gate::make_uplinks() {
    for (const auto& settings : plan_.uplinks) {
        uplink::UplinkStart start{
            start_.stream, surroundings_.boot, PORTCULLIS_VERSION, 1, stores_.journal->last().sequence, 0};
        for (const auto& cursor : start_.acknowledged) {
            if (cursor.destination == settings.name) {
                start.acknowledged = cursor.sequence;
            }
        }
        const uplink::UplinkRuntime runtime{surroundings_.context, surroundings_.clock, mqtt_worker_,
                                            surroundings_.log};
        destinations_.push_back(
            {std::make_unique<uplink::Uplink>(runtime, settings, start, uplink_ports(settings.name)),
             settings.name,
             {}});
    }
}

uplink::UplinkPorts Gate::uplink_ports(const std::string& name) {
    uplink::UplinkPorts ports;
    ports.random = [this] { return fraction_of(ids_()); };
    ports.sha256 = trust::sha256;
    ports.read_rows = [this](uplink::Sequence from, std::size_t most, uplink::UplinkPorts::Rows rows) {
        journal_.read_rows(from, most, std::move(rows));
    };
    ports.acknowledged = [this, name](uplink::Sequence sequence) { journal_.acknowledge(name, sequence); };
    ports.next_connection = [this] { return start_.boot_counter * connections_a_start + ++connections_; };
    ports.orders_needed = [this] { return order_desk_.needs(); };
    ports.document = [this, name](uplink::InboundDocument document) {
        order_desk_.take({std::move(document.bytes), name});
    };
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
    journal_.time_of(fact.acknowledged + 1, [tell, now](std::optional<WallTime> oldest) {
        tell(oldest ? Value{age_s(*oldest, now)} : Value{"unknown"});
    });
}

/// Keeps the time of each destination's oldest unacknowledged event at hand, for state and status.
void Gate::look_at_oldest() {
    for (std::size_t i = 0; i < destinations_.size(); ++i) {
        const auto view = destinations_[i].uplink->view();
        auto& oldest = destinations_[i].oldest;
        const auto next = view.acknowledged + 1;
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
        const auto view = destination.uplink->view();
        if (view.acknowledged >= view.last) {
            continue;
        }
        if (!destination.oldest.time) {
            return std::nullopt;
        }
        greatest = std::max(greatest, age_s(*destination.oldest.time, now));
    }
    return greatest;
}

void Gate::inbound_refused(const std::string& name, const uplink::InboundRefusal& refusal) {
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
