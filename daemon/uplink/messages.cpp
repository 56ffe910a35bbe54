#include "uplink/messages.hpp"

#include <initializer_list>
#include <optional>
#include <utility>

#include "codec/canonical.hpp"
#include "core/time_text.hpp"
#include "core/utf8.hpp"

namespace portcullis::uplink {
namespace {

/// The object that `payload` holds if its members are exactly `names` and perhaps `optional`, or what is wrong.
Result<Value, InboundDefect> read_object(std::string_view payload, std::initializer_list<std::string_view> names,
                                         std::string_view optional = {}) {
    if (payload.size() > longest_control_message) {
        return Failure{InboundDefect{InboundCause::too_large, std::to_string(payload.size()) + " bytes"}};
    }
    if (!is_utf8(payload)) {
        return Failure{InboundDefect{InboundCause::not_utf8, "the payload is not UTF-8"}};
    }
    auto value = codec::parse_value(payload, {.bytes = longest_control_message, .depth = 2});
    if (!value) {
        return Failure{InboundDefect{InboundCause::not_json, value.error().message()}};
    }
    const auto* object = value->get<Object>();
    const std::size_t more = !optional.empty() && value->find(optional) != nullptr ? 1 : 0;
    if (object == nullptr || object->size() != names.size() + more) {
        return Failure{InboundDefect{InboundCause::not_json, "not the members that this topic carries"}};
    }
    for (const auto name : names) {
        if (value->find(name) == nullptr) {
            return Failure{InboundDefect{InboundCause::not_json, "no member " + std::string{name}}};
        }
    }
    return std::move(value).value();
}

Failure<InboundDefect> bad_member(std::string_view name) {
    return Failure{InboundDefect{InboundCause::not_json, std::string{name} + " has another form"}};
}

std::optional<StreamId> stream_of(const Value& object) {
    const auto* text = object.find("stream")->get<std::string>();
    return text == nullptr ? std::nullopt : StreamId::parse(*text);
}

std::optional<Sequence> sequence_of(const Value& object, std::string_view name) {
    const auto* number = object.find(name)->get<std::int64_t>();
    return number == nullptr || *number < 0 ? std::nullopt : std::optional{*number};
}

/// Values that the gate makes itself always have a canonical form.
std::string text_of(Object object) {
    return codec::canonical_text(Value{std::move(object)}).value();
}

}  // namespace

Result<AckMessage, InboundDefect> read_ack(std::string_view payload) {
    const auto object = read_object(payload, {"stream", "sequence"}, "sha256");
    if (!object) {
        return Failure{object.error()};
    }
    const auto stream = stream_of(*object);
    const auto sequence = sequence_of(*object, "sequence");
    const auto* member = object->find("sha256");
    const auto* digest = member == nullptr ? nullptr : member->get<std::string>();
    const auto sha256 = digest == nullptr ? std::nullopt : hash256_from_hex(*digest);
    if (!stream) {
        return bad_member("stream");
    }
    if (!sequence) {
        return bad_member("sequence");
    }
    if (member != nullptr && !sha256) {
        return bad_member("sha256");
    }
    return AckMessage{*stream, *sequence, sha256};
}

Result<ReplayMessage, InboundDefect> read_replay(std::string_view payload) {
    const auto object = read_object(payload, {"stream", "from"});
    if (!object) {
        return Failure{object.error()};
    }
    const auto stream = stream_of(*object);
    const auto from = sequence_of(*object, "from");
    if (!stream) {
        return bad_member("stream");
    }
    if (!from || *from < 1) {
        return bad_member("from");
    }
    return ReplayMessage{*stream, *from};
}

Result<StatusOwner, InboundDefect> read_status(std::string_view payload) {
    if (payload.size() > longest_control_message) {
        return Failure{InboundDefect{InboundCause::too_large, std::to_string(payload.size()) + " bytes"}};
    }
    const auto object = codec::parse_value(payload, {.bytes = longest_control_message, .depth = 2});
    if (!object) {
        return Failure{InboundDefect{InboundCause::not_json, object.error().message()}};
    }
    if (object->find("stream") == nullptr || object->find("connection") == nullptr) {
        return Failure{InboundDefect{InboundCause::not_json, "no status: neither stream nor connection"}};
    }
    const auto stream = stream_of(*object);
    const auto connection = sequence_of(*object, "connection");
    if (!stream) {
        return bad_member("stream");
    }
    if (!connection) {
        return bad_member("connection");
    }
    const auto* member = object->find("process");
    const auto* text = member == nullptr ? nullptr : member->get<std::string>();
    const auto process = text == nullptr ? std::nullopt : ProcessId::parse(*text);
    return StatusOwner{process.value_or(ProcessId{}), *stream, *connection};
}

std::string write_birth(const Birth& birth) {
    return text_of({{"state", "online"},
                    {"stream", birth.session.stream.text()},
                    {"boot", birth.session.boot.text()},
                    {"process", birth.session.process.text()},
                    {"connection", birth.session.connection},
                    {"version", birth.version},
                    {"first", birth.first},
                    {"last", birth.last},
                    {"acknowledged", birth.acknowledged},
                    {"time", time_text(birth.time)}});
}

std::string write_offline(const SessionIdentity& session) {
    return text_of({{"state", "offline"},
                    {"stream", session.stream.text()},
                    {"boot", session.boot.text()},
                    {"process", session.process.text()},
                    {"connection", session.connection}});
}

std::string write_orders_request(const Authority& authority, std::int64_t from) {
    return text_of({{"need", "orders"}, {"authority", authority.text()}, {"from", from}});
}

std::string write_document_request(std::string_view kind) {
    return text_of({{"need", "document"}, {"kind", kind}});
}

std::string write_snapshot_request(const SnapshotNeed& need) {
    if (need.chunk == 0) {
        return text_of({{"need", "snapshot"}, {"authority", need.authority.text()}});
    }
    return text_of(
        {{"need", "snapshot"}, {"authority", need.authority.text()}, {"number", need.number}, {"chunk", need.chunk}});
}

}  // namespace portcullis::uplink
