#include "gate/head_maker.hpp"

#include <stdexcept>

#include "codec/canonical.hpp"
#include "codec/envelope.hpp"
#include "core/time_text.hpp"
#include "core/value.hpp"
#include "trust/base64.hpp"

namespace portcullis::gate {

bool HeadMaker::due(std::int64_t sequence, Instant now) const {
    return sequence - newest_ >= terms_.every || (sequence > newest_ && now - since_ >= terms_.within);
}

store::HeadRow HeadMaker::make(const HeadFacts& facts, WallTime time) const {
    const auto payload = codec::canonical_text(Value{Object{{"stream", stream_.text()},
                                                            {"sequence", facts.sequence},
                                                            {"hash", hex_text(facts.hash)},
                                                            {"time", time_text(time)},
                                                            {"ruleset_version", facts.ruleset_version},
                                                            {"order_cursor", facts.order_cursor}}});
    if (!payload) {
        throw std::logic_error{"a head cannot be written: " + payload.error().message()};
    }
    const auto type = codec::payload_type_of(head_kind);
    const auto signature = key_.sign(trust::pre_authentication_encoding(type, *payload));
    const std::string_view bytes{reinterpret_cast<const char*>(signature.data()), signature.size()};
    return {facts.sequence, time,
            codec::write_envelope(
                {type, trust::to_base64(*payload), {{key_.public_key().keyid(), trust::to_base64(bytes)}}})};
}

void HeadMaker::made(std::int64_t sequence, Instant now) {
    newest_ = sequence;
    since_ = now;
}

}  // namespace portcullis::gate
