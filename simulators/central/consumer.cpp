#include "simulators/central/consumer.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <stdexcept>

namespace portcullis::central {
namespace {

std::string required_text(const boost::json::value& event, std::string_view name) {
    return std::string{event.as_object().at(name).as_string()};
}

}  // namespace

Consumer::Stream& Consumer::stream_named(const std::string& name) {
    newest_ = name;
    return streams_.try_emplace(name, Stream{{}, 0, 0, ChainCheck{*schemas_}}).first->second;
}

Consumer::Taken Consumer::event(const std::string& bytes, bool redelivery, Instant now) {
    boost::json::value event;
    std::string name;
    std::int64_t sequence = 0;
    try {
        event = boost::json::parse(bytes);
        name = required_text(event, "stream");
        sequence = std::stoll(required_text(event, "sequence"));
    } catch (const std::exception& error) {
        wrong(counts_.events + 1, std::string{"no event: "} + error.what());
        return Taken::broken;
    }
    auto& stream = stream_named(name);
    stream.known_last = std::max(stream.known_last, sequence);
    if (sequence <= stream.last()) {
        ++counts_.duplicates_ignored;
        auto* const stored = sequence < 1 ? nullptr : &stream.events[static_cast<std::size_t>(sequence - 1)];
        if (stored != nullptr && *stored != bytes && is_erased_form(*stored, event)) {
            *stored = bytes;  // this central erases its copy when the gate has erased its own
        }
        if (stored == nullptr || *stored != bytes) {
            wrong(sequence, "the same sequence with other bytes: a fork");
        }
        ack_at(now + known_within);
        return Taken::known;
    }
    if (sequence > stream.last() + 1) {
        ++counts_.holes;
        stream.newest_seen = std::max(stream.newest_seen, sequence);
        ask_at(asked_at_ ? std::max(now, *asked_at_ + replay_pause) : now);
        return Taken::too_early;
    }
    store(stream, bytes, event, redelivery);
    ack_at(unacknowledged_ >= ack_every ? now : now + ack_within);
    ask_at_.reset();
    if (stream.known_last > stream.last()) {
        ask_at(now + replay_pause);  // unless more comes by itself
    }
    return Taken::stored;
}

/// Nothing but personal values and their salt is gone from what is stored.
bool Consumer::is_erased_form(const std::string& stored, const boost::json::value& came) const {
    const auto known = boost::json::parse(stored);
    const auto personal = schemas_->personal(known);
    const bool erased = personal && !came.as_object().contains("salt") && known.as_object().contains("salt");
    return erased && known.at("previoushash") == came.at("previoushash") &&
           record_of(known, *personal) == record_of(came, {});
}

void Consumer::store(Stream& stream, const std::string& bytes, const boost::json::value& event, bool redelivery) {
    const auto sequence = stream.last() + 1;
    if (sequence < stream.newest_seen && !redelivery) {
        ++counts_.reordered;
    }
    stream.newest_seen = std::max(stream.newest_seen, sequence);
    if (const auto defect = stream.chain.next(bytes, event)) {
        wrong(sequence, *defect);
    }
    stream.events.push_back(bytes);
    ++counts_.events;
    ++unacknowledged_;
}

void Consumer::status(const std::string& payload, Instant now) {
    try {
        const auto status = boost::json::parse(payload);
        const auto connection = status.as_object().at("connection").to_number<std::int64_t>();
        const auto name = required_text(status, "stream");
        if (name == newest_ && connection < newest_connection_) {
            return;  // the will of an older connection, late
        }
        counts_.gate_online = required_text(status, "state") == "online";
        if (!counts_.gate_online) {
            return;
        }
        newest_connection_ = connection;
        auto& stream = stream_named(name);
        stream.newest_seen = 0;
        stream.known_last = std::max(stream.known_last, status.as_object().at("last").to_number<std::int64_t>());
        if (stream.last() > 0) {
            ack_at(now);
        }
        if (stream.known_last > stream.last()) {
            ask_at(now + replay_pause);
        }
    } catch (const std::exception& error) {
        wrong(0, std::string{"no status: "} + error.what());
    }
}

void Consumer::connected(bool session_kept, Instant now) {
    if (!session_kept && !newest_.empty()) {
        ask_at_ = now;
    }
}

Consumer::Say Consumer::due(Instant now) {
    Say say;
    if (newest_.empty()) {
        return say;
    }
    auto& stream = streams_.at(newest_);
    if (ack_at_ && now >= *ack_at_ && stream.last() > 0) {
        counts_.acknowledged = stream.last();
        say.ack = R"({"sequence":)" + std::to_string(stream.last()) + R"(,"sha256":")" +
                  hex(sha256(stream.events.back())) + R"(","stream":")" + newest_ + R"("})";
        unacknowledged_ = 0;
        ack_at_.reset();
    }
    if (ask_at_ && now >= *ask_at_) {
        say.replay = R"({"from":)" + std::to_string(stream.last() + 1) + R"(,"stream":")" + newest_ + R"("})";
        ++counts_.replays_asked;
        asked_at_ = now;
        ask_at_.reset();
        if (stream.known_last > stream.last()) {
            ask_at_ = now + replay_pause;
        }
    }
    return say;
}

std::optional<Instant> Consumer::deadline() const {
    if (ack_at_ && ask_at_) {
        return std::min(*ack_at_, *ask_at_);
    }
    return ack_at_ ? ack_at_ : ask_at_;
}

void Consumer::ack_at(Instant at) {
    ack_at_ = ack_at_ ? std::min(*ack_at_, at) : at;
}

void Consumer::ask_at(Instant at) {
    ask_at_ = ask_at_ ? std::min(*ask_at_, at) : at;
}

void Consumer::wrong(std::int64_t sequence, const std::string& what) {
    counts_.chain_ok = false;
    if (counts_.first_error.empty()) {
        counts_.first_error = "event " + std::to_string(sequence) + ": " + what;
    }
}

CentralReport Consumer::report() const {
    auto report = counts_;
    report.stream = newest_;
    for (const auto& [name, stream] : streams_) {
        report.gaps += stream.known_last - stream.last();
    }
    if (const auto stream = streams_.find(newest_); stream != streams_.end()) {
        report.last = stream->second.last();
    }
    return report;
}

std::vector<std::string> Consumer::events(std::int64_t from) const {
    const auto stream = streams_.find(newest_);
    if (stream == streams_.end() || from > stream->second.last()) {
        return {};
    }
    const auto& all = stream->second.events;
    return {all.begin() + std::max<std::int64_t>(from - 1, 0), all.end()};
}

}  // namespace portcullis::central
