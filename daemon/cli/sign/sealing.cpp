#include "cli/sign/sealing.hpp"

#include <fstream>
#include <sstream>
#include <utility>

#include "cli/sign/key_file.hpp"
#include "codec/orders.hpp"
#include "core/documents.hpp"
#include "trust/base64.hpp"

namespace portcullis::sign {

codec::EnvelopeSignature signature_of(const trust::SigningKey& key, std::string_view payload_type,
                                      std::string_view payload) {
    const auto signature = key.sign(trust::pre_authentication_encoding(payload_type, payload));
    return {key.public_key().keyid(),
            trust::to_base64({reinterpret_cast<const char*>(signature.data()), signature.size()})};
}

Result<std::string, std::string> seal(std::string_view kind, const std::string& payload,
                                      const std::vector<std::filesystem::path>& key_files) {
    codec::Envelope envelope{codec::payload_type_of(kind), trust::to_base64(payload), {}};
    for (const auto& file : key_files) {
        const auto key = read_key_file(file);
        if (!key) {
            return Failure{key.error()};
        }
        auto signature = signature_of(*key, envelope.payload_type, payload);
        for (const auto& before : envelope.signatures) {
            if (before.keyid == signature.keyid) {
                return Failure{file.string() + ": this key stands here twice, and would count once"};
            }
        }
        envelope.signatures.push_back(std::move(signature));
    }
    if (envelope.signatures.empty()) {
        return Failure{std::string{"nobody signs it: name at least one key file with --key"}};
    }
    return codec::write_envelope(envelope);
}

Result<ReadEnvelope, std::string> read_any_envelope(std::string_view text) {
    std::string why = "is no signed document";
    for (const auto& [kind, word] : enum_texts<DocumentKind>) {
        auto envelope = codec::read_envelope(text, word, codec::most_envelope_bytes);
        if (!envelope) {
            if (envelope.error().pointer != "/payloadType") {
                why = envelope.error().message();
            }
            continue;
        }
        auto payload = trust::from_base64(envelope->payload);
        if (!payload) {
            return Failure{std::string{"/payload: is not base64 with padding"}};
        }
        return ReadEnvelope{std::move(envelope).value(), std::string{word}, std::move(*payload)};
    }
    return Failure{std::move(why)};
}

Result<ReadEnvelope, std::string> read_envelope_file(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) {
        return Failure{file.string() + ": cannot be read"};
    }
    auto read = read_any_envelope(text.str());
    if (!read) {
        return Failure{file.string() + ": " + read.error()};
    }
    return read;
}

std::string with_signature(ReadEnvelope document, const trust::SigningKey& key) {
    auto& signatures = document.envelope.signatures;
    auto signature = signature_of(key, document.envelope.payload_type, document.payload);
    std::erase_if(signatures, [&](const codec::EnvelopeSignature& one) { return one.keyid == signature.keyid; });
    signatures.push_back(std::move(signature));
    return codec::write_envelope(document.envelope);
}

}  // namespace portcullis::sign
