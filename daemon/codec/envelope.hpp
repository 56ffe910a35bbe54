#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "codec/refusal.hpp"
#include "core/result.hpp"

namespace portcullis::codec {

/// A signature as the envelope carries it.
struct EnvelopeSignature {
    std::string keyid;  ///< 16 lower-case hex digits
    std::string sig;    ///< base64
};

/// A DSSE v1 envelope (contracts.md 2). Nothing in it is believed before the signatures are checked over
/// `payload_type` and the payload's bytes; this room reads the form only, `trust` decodes base64 and verifies.
struct Envelope {
    std::string payload_type;
    std::string payload;  ///< base64, as sent
    std::vector<EnvelopeSignature> signatures;
};

/// `application/vnd.portcullis.{kind}+json`
[[nodiscard]] std::string payload_type_of(std::string_view kind);

/// Strict: the three members and nothing else, 1 to 16 signatures, the payload type of `kind`. A text beyond
/// `max_bytes` is not looked at.
[[nodiscard]] Result<Envelope, Refusal> read_envelope(std::string_view text, std::string_view kind,
                                                      std::size_t max_bytes);

/// Members in the order of contracts.md 2, without white space.
[[nodiscard]] std::string write_envelope(const Envelope& envelope);

}  // namespace portcullis::codec
