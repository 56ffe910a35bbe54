#include "codec/envelope.hpp"

#include <algorithm>

#include "codec/canonical.hpp"
#include "codec/json.hpp"
#include "codec/object_reader.hpp"

namespace portcullis::codec {
namespace {

constexpr std::size_t most_signatures = 16;  ///< each may cost a verification

bool is_keyid(std::string_view text) {
    return text.size() == 16 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

EnvelopeSignature read_signature(const boost::json::value& value, const std::string& pointer, FirstRefusal& refusal) {
    ObjectReader reader{value, pointer, refusal};
    EnvelopeSignature signature{reader.text("keyid"), reader.text("sig")};
    if (!is_keyid(signature.keyid)) {
        reader.refuse("keyid", "must be 16 lower-case hex digits");
    }
    reader.refuse_unknown_members();
    return signature;
}

}  // namespace

std::string payload_type_of(std::string_view kind) {
    return "application/vnd.portcullis." + std::string{kind} + "+json";
}

Result<Envelope, Refusal> read_envelope(std::string_view text, std::string_view kind, std::size_t max_bytes) {
    const auto document = parse_json(text, {max_bytes, 4});
    if (!document) {
        return Failure{document.error()};
    }
    FirstRefusal refusal;
    ObjectReader reader{*document, {}, refusal};
    Envelope envelope;
    envelope.payload_type = reader.text("payloadType");
    envelope.payload = reader.text("payload", max_bytes);
    const auto& signatures = reader.array("signatures");
    reader.refuse_unknown_members();
    if (envelope.payload_type != payload_type_of(kind)) {
        reader.refuse("payloadType", "must be " + payload_type_of(kind));
    }
    if (signatures.empty() || signatures.size() > most_signatures) {
        reader.refuse("signatures", "needs 1 to 16 signatures");
    }
    for (std::size_t i = 0; i < std::min(signatures.size(), most_signatures); ++i) {
        envelope.signatures.push_back(read_signature(signatures[i], pointer_to("/signatures", i), refusal));
    }
    if (refusal) {
        return Failure{refusal.get()};
    }
    return envelope;
}

std::string write_envelope(const Envelope& envelope) {
    std::string out;
    CanonicalWriter writer{out};
    out.append(R"({"payloadType":)");
    writer.text(envelope.payload_type);
    out.append(R"(,"payload":)");
    writer.text(envelope.payload);
    out.append(R"(,"signatures":[)");
    for (const auto& signature : envelope.signatures) {
        out.append(&signature == &envelope.signatures.front() ? R"({"keyid":)" : R"(,{"keyid":)");
        writer.text(signature.keyid);
        out.append(R"(,"sig":)");
        writer.text(signature.sig);
        out.push_back('}');
    }
    out.append("]}");
    return out;
}

}  // namespace portcullis::codec
