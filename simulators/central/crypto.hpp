#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace portcullis::central {

using Digest = std::array<std::uint8_t, 32>;
using Salt = std::array<std::uint8_t, 16>;

[[nodiscard]] Digest sha256(std::string_view bytes);
[[nodiscard]] Digest hmac_sha256(const Salt& key, std::string_view message);
[[nodiscard]] std::string hex(const Digest& digest);

/// An Ed25519 key pair of an authority, made from its 32-byte seed.
class SigningKey {
public:
    explicit SigningKey(const Digest& seed);
    /// From 64 hex digits; throws std::invalid_argument.
    [[nodiscard]] static SigningKey from_hex(std::string_view text);

    /// 64 hex digits, as `trust.orders_key` of a gate's settings.
    [[nodiscard]] std::string public_key() const;
    /// The first 16 hex digits of the public key's SHA-256.
    [[nodiscard]] std::string key_id() const;
    /// A DSSE v1 envelope around `payload`.
    [[nodiscard]] std::string envelope(std::string_view payload_type, std::string_view payload) const;

private:
    Digest public_{};
    std::array<std::uint8_t, 64> secret_{};
};

/// The payload of an envelope that this program made.
[[nodiscard]] std::string payload_of(std::string_view base64);

}  // namespace portcullis::central
