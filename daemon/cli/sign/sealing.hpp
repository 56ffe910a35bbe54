#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "codec/envelope.hpp"
#include "core/result.hpp"
#include "trust/signature.hpp"

namespace portcullis::sign {

/// A signature of `key` over a payload of this type.
[[nodiscard]] codec::EnvelopeSignature signature_of(const trust::SigningKey& key, std::string_view payload_type,
                                                    std::string_view payload);

/// A payload in its envelope, signed by the keys of these files. Same input, same bytes.
[[nodiscard]] Result<std::string, std::string> seal(std::string_view kind, const std::string& payload,
                                                    const std::vector<std::filesystem::path>& key_files);

/// An envelope of whatever kind, opened without a word about its signatures.
struct ReadEnvelope {
    codec::Envelope envelope;
    std::string kind;
    std::string payload;
};
[[nodiscard]] Result<ReadEnvelope, std::string> read_any_envelope(std::string_view text);
[[nodiscard]] Result<ReadEnvelope, std::string> read_envelope_file(const std::filesystem::path& file);

/// The same envelope with one more signature; a key that has signed already signs anew in its place.
[[nodiscard]] std::string with_signature(ReadEnvelope document, const trust::SigningKey& key);

}  // namespace portcullis::sign
