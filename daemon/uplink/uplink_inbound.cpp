// What the destination says to the gate: acknowledgements, replays, orders. Everything here is another's input.
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "codec/canonical.hpp"
#include "core/utf8.hpp"
#include "uplink/uplink.hpp"

namespace portcullis::uplink {
namespace {

constexpr std::size_t largest_event = std::size_t{1024} * 1024;

/// Why an acknowledgement is refused, or nothing when it is not.
std::optional<InboundCause> refusal_of(AckOutcome outcome) {
    switch (outcome) {
        case AckOutcome::advanced:
        case AckOutcome::already_known:
            return std::nullopt;
        case AckOutcome::beyond_last:
            return InboundCause::beyond_last;
        case AckOutcome::other_bytes:
            return InboundCause::other_bytes;
        case AckOutcome::other_stream:
            return InboundCause::other_stream;
    }
    return std::nullopt;
}

std::optional<InboundCause> refusal_of(ReplayOutcome outcome) {
    switch (outcome) {
        case ReplayOutcome::served:
        case ReplayOutcome::deferred:
        case ReplayOutcome::nothing_to_repeat:
            return std::nullopt;
        case ReplayOutcome::beyond_last:
            return InboundCause::beyond_last;
        case ReplayOutcome::other_stream:
            return InboundCause::other_stream;
    }
    return std::nullopt;
}

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() && number >= 0 ? std::optional{number}
                                                                                   : std::nullopt;
}

/// `ciq/1042/3`
std::optional<SnapshotNeed> snapshot_piece(std::string_view topic) {
    const auto first = topic.find('/');
    const auto second = first == std::string_view::npos ? first : topic.find('/', first + 1);
    if (second == std::string_view::npos) {
        return std::nullopt;
    }
    const auto number = number_in(topic.substr(first + 1, second - first - 1));
    const auto chunk = number_in(topic.substr(second + 1));
    if (!number || !chunk) {
        return std::nullopt;
    }
    return SnapshotNeed{Authority{std::string{topic.substr(0, first)}}, *number, *chunk};
}

/// docs/journal.md: an erased event keeps its place in the chain and has lost its salt.
bool is_erased(std::string_view published) {
    const auto event = codec::parse_value(published, {.bytes = largest_event});
    return event && event->find("previoushash") != nullptr && event->find("salt") == nullptr;
}

}  // namespace

void Uplink::on_arrived(MqttInbound message) {
    const auto now = clock_.now();
    if (message.dropped > 0) {
        refuse("other", {InboundCause::flood, std::to_string(message.dropped) + " messages dropped"}, now.instant);
        // The newest batch may have been among them, and no later one would show it.
        need_orders();
        ask_for_orders(now.instant);
    }
    if (message.topic == topic("ack")) {
        on_ack(message, now);
    } else if (message.topic == topic("replay")) {
        on_replay(message, now);
    } else if (message.topic == topic("order")) {
        on_order(std::move(message), now);
    } else if (message.topic.starts_with(topic("order/snapshot/"))) {
        on_snapshot(std::move(message), now);
    } else if (message.topic.starts_with(topic("document/"))) {
        on_document(std::move(message), now);
    } else if (message.topic == topic("command")) {
        on_command(std::move(message), now);
    } else if (message.topic == topic("status")) {
        on_status(message, now);
    } else {
        refuse("other", {InboundCause::unknown_topic, "not subscribed"}, now.instant);
    }
    pump();
    rearm();
}

void Uplink::on_ack(const MqttInbound& message, Now now) {
    if (message.retained) {
        return refuse("ack", {InboundCause::retained, "an ack is never retained"}, now.instant);
    }
    if (message.too_large) {
        return refuse("ack", {InboundCause::too_large, "dropped"}, now.instant);
    }
    const auto ack = read_ack(message.payload);
    if (!ack) {
        return refuse("ack", ack.error(), now.instant);
    }
    if (!ack->sha256 && settings_.redactions.empty()) {
        return refuse("ack", {InboundCause::not_json, "no member sha256"}, now.instant);
    }
    if (checking_ack_) {
        next_ack_ = *ack;  // acknowledgements are cumulative: only the newest need be looked at
        return;
    }
    check_ack(*ack);
}

void Uplink::check_ack(const AckMessage& ack) {
    const bool known = ack.sequence <= delivery_.acknowledged() || ack.sequence < delivery_.first();
    if (known || ack.stream != start_.stream || ack.sequence > delivery_.last()) {
        conclude_ack(ack, false);
        return;
    }
    // Compared with what is stored, not with what was sent: a fork or a damaged row must show.
    checking_ack_ = true;
    const std::weak_ptr<Uplink*> here = self_;
    ports_.read_rows(ack.sequence, 1, [here, ack](const std::vector<StoredEvent>& rows) {
        const auto self = here.lock();
        if (!self) {
            return;
        }
        auto& uplink = **self;
        uplink.checking_ack_ = false;
        if (!rows.empty()) {  // unread, it proves nothing: the consumer acknowledges again
            const auto& row = rows.front();
            const bool match = row.sequence == ack.sequence && uplink.is_what_was_sent(ack, row);
            // Erased since it was sent, neither: it goes out once more, and the consumer names the new bytes.
            if (match || !is_erased(row.bytes)) {
                uplink.conclude_ack(ack, match);
            }
        }
        if (uplink.next_ack_ && !uplink.checking_ack_) {
            uplink.check_ack(*std::exchange(uplink.next_ack_, std::nullopt));
        }
        uplink.pump();
        uplink.rearm();
    });
}

/// Whether the consumer names the bytes that it was sent. One that gets them redacted need not name any.
bool Uplink::is_what_was_sent(const AckMessage& ack, const StoredEvent& row) const {
    if (!ack.sha256) {
        return !settings_.redactions.empty();
    }
    if (settings_.redactions.empty()) {
        return ports_.sha256(row.bytes) == *ack.sha256;
    }
    const auto redacted = ports_.redact(row.bytes);
    return redacted && ports_.sha256(*redacted) == *ack.sha256;
}

void Uplink::conclude_ack(const AckMessage& ack, bool bytes_match) {
    const auto clock = clock_.now();
    const auto now = clock.instant;
    const auto outcome = delivery_.acknowledge({ack.stream, ack.sequence, bytes_match}, now);
    if (outcome == AckOutcome::advanced) {
        delivery_log_.acknowledged(delivery_.acknowledged(), clock);
        ports_.acknowledged(delivery_.acknowledged());
    }
    if (const auto cause = refusal_of(outcome)) {
        refuse("ack", {*cause, "sequence " + std::to_string(ack.sequence) + " of stream " + ack.stream.text()}, now);
    }
}

void Uplink::on_replay(const MqttInbound& message, Now now) {
    if (message.retained) {
        return refuse("replay", {InboundCause::retained, "a replay is never retained"}, now.instant);
    }
    if (message.too_large) {
        return refuse("replay", {InboundCause::too_large, "dropped"}, now.instant);
    }
    const auto replay = read_replay(message.payload);
    if (!replay) {
        return refuse("replay", replay.error(), now.instant);
    }
    const auto outcome = delivery_.replay(replay->stream, replay->from, now.instant);
    if (outcome == ReplayOutcome::served) {
        ++repeats_;
        log_.notice("uplink replays", {{"destination", settings_.name}, {"from", replay->from}});
    }
    if (const auto cause = refusal_of(outcome)) {
        refuse("replay", {*cause, "from " + std::to_string(replay->from) + " of stream " + replay->stream.text()},
               now.instant);
    }
}

ReplayOutcome Uplink::replay_from(Sequence from) {
    const auto outcome = delivery_.replay(start_.stream, from, clock_.now().instant);
    if (outcome == ReplayOutcome::served) {
        ++repeats_;
        log_.notice("uplink replays, asked to at the gate", {{"destination", settings_.name}, {"from", from}});
    }
    pump();
    rearm();
    return outcome;
}

void Uplink::on_order(MqttInbound message, Now now) {
    if (message.too_large) {
        return refuse("order", {InboundCause::too_large, "dropped"}, now.instant);
    }
    if (!is_utf8(message.payload)) {
        return refuse("order", {InboundCause::not_utf8, "the payload is not UTF-8"}, now.instant);
    }
    ports_.document({"orders", std::move(message.payload), message.retained});
}

void Uplink::on_snapshot(MqttInbound message, Now now) {
    auto piece = snapshot_piece(std::string_view{message.topic}.substr(topic("order/snapshot/").size()));
    if (!piece) {
        return refuse("order", {InboundCause::unknown_topic, "no piece of a snapshot"}, now.instant);
    }
    if (message.too_large) {
        return refuse("order", {InboundCause::too_large, "dropped"}, now.instant);
    }
    if (!is_utf8(message.payload)) {
        return refuse("order", {InboundCause::not_utf8, "the payload is not UTF-8"}, now.instant);
    }
    ports_.document({"snapshot", std::move(message.payload), message.retained, std::move(*piece)});
}

/// Its kind is the last part of the topic; whether there is such a kind, the gate knows. Retained as a rule.
void Uplink::on_document(MqttInbound message, Now now) {
    if (message.too_large) {
        return refuse("document", {InboundCause::too_large, "dropped"}, now.instant);
    }
    if (!is_utf8(message.payload)) {
        return refuse("document", {InboundCause::not_utf8, "the payload is not UTF-8"}, now.instant);
    }
    auto kind = message.topic.substr(topic("document/").size());
    ports_.document({std::move(kind), std::move(message.payload), message.retained});
}

/// This version serves no commands: each is refused and told, whatever it says and however it came.
void Uplink::on_command(MqttInbound message, Now now) {
    InboundDefect defect{InboundCause::unsupported, "this version serves no commands"};
    if (message.retained) {
        defect = {InboundCause::retained, "a command is never retained"};
    } else if (message.too_large) {
        defect = {InboundCause::too_large, "dropped"};
    } else if (!is_utf8(message.payload)) {
        defect = {InboundCause::not_utf8, "the payload is not UTF-8"};
    }
    if (defect.cause != InboundCause::not_utf8 && message.payload.size() <= longest_sample) {
        defect.payload = std::move(message.payload);
    }
    refuse("command", defect, now.instant);
}

void Uplink::refuse(const std::string& topic_name, const InboundDefect& defect, Instant now) {
    if (const auto report = refusal_log_.add(topic_name, defect, now)) {
        ports_.refused(*report);
    }
}

}  // namespace portcullis::uplink
