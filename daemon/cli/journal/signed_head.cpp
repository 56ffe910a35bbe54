#include "cli/journal/signed_head.hpp"

#include <algorithm>

#include "codec/canonical.hpp"
#include "codec/envelope.hpp"
#include "core/time_text.hpp"
#include "trust/base64.hpp"

namespace portcullis::cli {
namespace {

constexpr std::size_t most_head_bytes = 4096;
constexpr std::size_t most_heads = 1'000'000;

const std::string* text_in(const Value& object, std::string_view name) {
    const auto* value = object.find(name);
    return value == nullptr ? nullptr : value->get<std::string>();
}

const std::int64_t* number_in(const Value& object, std::string_view name) {
    const auto* value = object.find(name);
    return value == nullptr ? nullptr : value->get<std::int64_t>();
}

/// The six members of a head, and nothing else.
bool read_payload(const std::string& payload, SignedHead& head) {
    const auto read = codec::parse_value(payload, {most_head_bytes, 4});
    if (!read || read->get<Object>() == nullptr || read->get<Object>()->size() != 6) {
        return false;
    }
    const auto canonical = codec::canonical_text(*read);
    const auto* stream_text = text_in(*read, "stream");
    const auto* hash_text = text_in(*read, "hash");
    const auto* time = text_in(*read, "time");
    const auto* sequence = number_in(*read, "sequence");
    if (!canonical || *canonical != payload || stream_text == nullptr || hash_text == nullptr || time == nullptr ||
        !time_from_text(*time) || sequence == nullptr || *sequence < 1 || number_in(*read, "order_cursor") == nullptr ||
        number_in(*read, "ruleset_version") == nullptr) {
        return false;
    }
    const auto stream = StreamId::parse(*stream_text);
    const auto hash = hash256_from_hex(*hash_text);
    if (!stream || !hash) {
        return false;
    }
    head.stream = *stream;
    head.hash = *hash;
    head.sequence = *sequence;
    return true;
}

}  // namespace

bool SignedHead::is_signed_by(const std::vector<trust::PublicKey>& keys) const {
    return std::any_of(keys.begin(), keys.end(), [this](const trust::PublicKey& key) {
        return key.keyid() == keyid && key.verifies(message, signature);
    });
}

Result<SignedHead, std::string> read_head(std::string_view envelope_text) {
    const auto envelope = codec::read_envelope(envelope_text, "head", most_head_bytes);
    if (!envelope) {
        return Failure{"is no envelope of a head: " + envelope.error().message()};
    }
    const auto payload = trust::from_base64(envelope->payload);
    const auto signature = trust::from_base64(envelope->signatures.front().sig);
    const auto bytes = signature ? trust::signature_from_bytes(*signature) : std::nullopt;
    SignedHead head;
    if (envelope->signatures.size() != 1 || !bytes) {
        return Failure{std::string{"does not carry one signature"}};
    }
    if (!payload || !read_payload(*payload, head)) {
        return Failure{std::string{"does not hold what a gate signs"}};
    }
    head.keyid = envelope->signatures.front().keyid;
    head.message = trust::pre_authentication_encoding(envelope->payload_type, *payload);
    head.signature = *bytes;
    return head;
}

Result<std::vector<SignedHead>, std::string> read_heads(std::istream& lines) {
    std::vector<SignedHead> heads;
    std::string line;
    for (std::size_t number = 1; std::getline(lines, line); ++number) {
        if (line.empty()) {
            continue;
        }
        auto head = read_head(line);
        if (!head) {
            return Failure{"line " + std::to_string(number) + " of the heads " + head.error()};
        }
        if (heads.size() == most_heads) {
            return Failure{"there are more than " + std::to_string(most_heads) + " heads"};
        }
        heads.push_back(std::move(head).value());
    }
    return heads;
}

}  // namespace portcullis::cli
