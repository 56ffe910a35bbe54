#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "codec/envelope.hpp"
#include "codec/orders.hpp"
#include "core/time_text.hpp"
#include "trust/base64.hpp"
#include "trust/signature.hpp"

namespace portcullis::gate::testing {

/// The key of tests/vectors/envelope.json.
inline trust::SigningKey orders_key() {
    return trust::SigningKey::from_seed("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f").value();
}
inline trust::SigningKey stranger_key() {
    return trust::SigningKey::from_seed(std::string(64, 'e')).value();
}

/// A batch of one revocation, with the head that a test wants.
struct BatchHead {
    std::string authority = "ciq";
    std::string terminal = "xmht";
    std::vector<std::string> gates = {"*"};
    std::int64_t number = 1;
    Hash256 previous{};
    std::string expires = "2026-11-30T01:02:03.000Z";
    std::vector<std::string> orders{
        R"({"op":"revoke","order":"R-1","reason":"r","officer":"A1","decided":"2026-11-22T08:00:00.000Z"})"};

    [[nodiscard]] std::string payload() const {
        OrderBatch batch;
        batch.authority = Authority{authority};
        batch.terminal = terminal;
        batch.gates = gates;
        batch.number = number;
        batch.previous = hex_text(previous);
        batch.issued = time_from_text("2026-11-23T01:02:03.000Z").value();
        batch.expires = time_from_text(expires).value();
        return codec::write_order_batch(batch, orders);
    }
};

inline codec::EnvelopeSignature signature_of(const trust::SigningKey& key, const std::string& type,
                                             const std::string& payload) {
    const auto signature = key.sign(trust::pre_authentication_encoding(type, payload));
    return {key.public_key().keyid(),
            trust::to_base64({reinterpret_cast<const char*>(signature.data()), signature.size()})};
}

inline std::string signed_by(const trust::SigningKey& key, const std::string& payload,
                             const std::string& type = codec::payload_type_of("orders")) {
    return codec::write_envelope({type, trust::to_base64(payload), {signature_of(key, type, payload)}});
}

}  // namespace portcullis::gate::testing
