#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "trust/sodium.hpp"

namespace portcullis::trust {

/// Ed25519.
using Signature = std::array<std::uint8_t, 64>;

/// From 64 raw bytes, or nothing.
[[nodiscard]] std::optional<Signature> signature_from_bytes(std::string_view bytes);

/// An Ed25519 public key that is a point of the main subgroup: a key of small order signs everything.
class PublicKey {
public:
    /// From 64 lower-case hex digits, or nothing.
    [[nodiscard]] static std::optional<PublicKey> parse(std::string_view hex);

    /// First 16 hex digits of SHA-256 of the raw key (contracts.md 2).
    [[nodiscard]] const std::string& keyid() const { return keyid_; }
    [[nodiscard]] std::string text() const;
    [[nodiscard]] bool verifies(std::string_view message, const Signature& signature) const;

    friend bool operator==(const PublicKey&, const PublicKey&) = default;

private:
    friend class SigningKey;
    explicit PublicKey(std::array<std::uint8_t, 32> bytes);
    std::array<std::uint8_t, 32> bytes_;
    std::string keyid_;
};

/// An Ed25519 key pair; wiped from memory when it goes.
class SigningKey {
public:
    [[nodiscard]] static SigningKey generate(const Sodium& sodium);
    /// From a seed of 64 lower-case hex digits, or nothing.
    [[nodiscard]] static std::optional<SigningKey> from_seed(std::string_view hex);

    SigningKey(SigningKey&& other) noexcept;
    SigningKey(const SigningKey&) = delete;
    SigningKey& operator=(const SigningKey&) = delete;
    SigningKey& operator=(SigningKey&&) = delete;
    ~SigningKey();

    [[nodiscard]] const PublicKey& public_key() const { return public_key_; }
    /// What `from_seed` takes: secret.
    [[nodiscard]] std::string seed_text() const;
    /// Deterministic: the same message has the same signature.
    [[nodiscard]] Signature sign(std::string_view message) const;

private:
    using SecretBytes = std::array<std::uint8_t, 64>;
    explicit SigningKey(const std::array<std::uint8_t, 32>& seed);
    SecretBytes secret_{};
    PublicKey public_key_;
};

/// The bytes that a DSSE signature is over: `DSSEv1 <length> <type> <length> <payload>` (DSSE v1, "PAE").
[[nodiscard]] std::string pre_authentication_encoding(std::string_view payload_type, std::string_view payload);

}  // namespace portcullis::trust
