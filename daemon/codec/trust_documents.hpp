#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "codec/refusal.hpp"
#include "core/documents.hpp"
#include "core/result.hpp"

namespace portcullis::codec {

/// Of root and timestamp documents: they name keys and versions, and no more than this of them.
inline constexpr std::size_t most_trust_payload_bytes = std::size_t{64} * 1024;
inline constexpr std::size_t most_trust_envelope_bytes = most_trust_payload_bytes / 3 * 4 + std::size_t{8} * 1024;
inline constexpr std::size_t most_root_keys = 64;
inline constexpr std::size_t most_role_keys = 16;
inline constexpr std::size_t most_authorities = 32;
inline constexpr std::size_t most_timestamp_entries = 256;

/// Reads the payload of a root document (docs/keys.md). The first thing that is wrong anywhere refuses all of it.
[[nodiscard]] Result<RootDocument, Refusal> read_root(std::string_view payload);
/// The same document always as the same bytes.
[[nodiscard]] std::string write_root(const RootDocument& root);

[[nodiscard]] Result<TimestampDocument, Refusal> read_timestamp(std::string_view payload);
[[nodiscard]] std::string write_timestamp(const TimestampDocument& timestamp);

/// What any payload says that it is, for people and for timestamps; nothing of it is checked beyond its form.
struct PayloadClaim {
    DocumentName name;
    std::int64_t version = 0;  ///< of orders: the batch's number
    std::optional<WallTime> issued;
    std::optional<WallTime> expires;
    std::string terminal;
};
[[nodiscard]] Result<PayloadClaim, Refusal> read_payload_claim(std::string_view payload);

}  // namespace portcullis::codec
