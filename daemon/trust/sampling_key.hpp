#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/hash256.hpp"
#include "trust/sodium.hpp"

/// The key of the draw, and how it comes to the one gate that it is for: in a box that only this gate opens.
namespace portcullis::trust {

/// The secret of one gate and period; wiped from memory when it goes.
class SamplingSecret {
public:
    [[nodiscard]] static SamplingSecret generate(const Sodium& sodium);
    /// From 64 lower-case hex digits, or nothing.
    [[nodiscard]] static std::optional<SamplingSecret> parse(std::string_view hex);

    SamplingSecret(const SamplingSecret& other) = default;
    SamplingSecret& operator=(const SamplingSecret& other) = default;
    SamplingSecret(SamplingSecret&& other) noexcept;
    SamplingSecret& operator=(SamplingSecret&& other) noexcept;
    ~SamplingSecret();

    [[nodiscard]] std::span<const std::uint8_t> bytes() const { return bytes_; }
    /// What `parse` takes: secret until the period is over.
    [[nodiscard]] std::string text() const;
    /// SHA-256 of the key: what the ruleset names before the period begins.
    [[nodiscard]] Hash256 commitment() const;

private:
    friend class BoxKeyPair;
    SamplingSecret() = default;
    void wipe() noexcept;

    std::array<std::uint8_t, 32> bytes_{};
};

/// A gate's X25519 key, to which central seals.
class BoxPublicKey {
public:
    /// From 64 lower-case hex digits, or nothing; a point of small order, to which everybody could open, is none.
    [[nodiscard]] static std::optional<BoxPublicKey> parse(std::string_view hex);

    [[nodiscard]] std::string text() const { return hex_text(bytes_); }
    /// The secret in a libsodium sealed box (80 bytes): the sender is not named, and cannot open it again.
    [[nodiscard]] std::string seal(const Sodium& sodium, const SamplingSecret& secret) const;

    friend bool operator==(const BoxPublicKey&, const BoxPublicKey&) = default;

private:
    friend class BoxKeyPair;
    explicit BoxPublicKey(std::array<std::uint8_t, 32> bytes) : bytes_(bytes) {}
    std::array<std::uint8_t, 32> bytes_;
};

/// The gate's own pair; wiped from memory when it goes.
class BoxKeyPair {
public:
    /// From a secret key of 64 lower-case hex digits, or nothing.
    [[nodiscard]] static std::optional<BoxKeyPair> parse(std::string_view hex);

    BoxKeyPair(BoxKeyPair&& other) noexcept;
    BoxKeyPair(const BoxKeyPair&) = delete;
    BoxKeyPair& operator=(const BoxKeyPair&) = delete;
    BoxKeyPair& operator=(BoxKeyPair&&) = delete;
    ~BoxKeyPair();

    [[nodiscard]] const BoxPublicKey& public_key() const { return public_key_; }
    /// What was sealed to this pair, or nothing: for another, or not whole.
    [[nodiscard]] std::optional<SamplingSecret> open(std::string_view sealed) const;

private:
    explicit BoxKeyPair(const std::array<std::uint8_t, 32>& secret);
    std::array<std::uint8_t, 32> secret_;
    BoxPublicKey public_key_;
};

}  // namespace portcullis::trust
