#include "cli/sign/sign_document.hpp"

#include "codec/envelope.hpp"
#include "trust/base64.hpp"

namespace portcullis::sign {

std::string sign_document(std::string_view kind, std::string_view payload, const trust::SigningKey& key) {
    const auto type = codec::payload_type_of(kind);
    const auto signature = key.sign(trust::pre_authentication_encoding(type, payload));
    const std::string_view bytes{reinterpret_cast<const char*>(signature.data()), signature.size()};
    return codec::write_envelope(
        {type, trust::to_base64(payload), {{key.public_key().keyid(), trust::to_base64(bytes)}}});
}

}  // namespace portcullis::sign
