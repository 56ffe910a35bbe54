#include "trust/signature.hpp"

#include <sodium.h>

#include <algorithm>
#include <span>

#include "core/hash256.hpp"
#include "trust/bytes.hpp"
#include "trust/hash.hpp"

namespace portcullis::trust {
namespace {

std::string keyid_of(const std::array<std::uint8_t, 32>& key) {
    const auto hash = sha256({reinterpret_cast<const char*>(key.data()), key.size()});
    return hex_text(std::span{hash}.first<8>());
}

}  // namespace

std::optional<Signature> signature_from_bytes(std::string_view bytes) {
    Signature signature{};
    if (bytes.size() != signature.size()) {
        return std::nullopt;
    }
    std::copy_n(as_bytes(bytes), signature.size(), signature.begin());
    return signature;
}

PublicKey::PublicKey(std::array<std::uint8_t, 32> bytes) : bytes_{bytes}, keyid_{keyid_of(bytes)} {}

std::optional<PublicKey> PublicKey::parse(std::string_view hex) {
    const auto bytes = bytes_from_hex<32>(hex);
    if (!bytes || crypto_core_ed25519_is_valid_point(bytes->data()) != 1) {
        return std::nullopt;
    }
    return PublicKey{*bytes};
}

std::string PublicKey::text() const {
    return hex_text(bytes_);
}

bool PublicKey::verifies(std::string_view message, const Signature& signature) const {
    return crypto_sign_verify_detached(signature.data(), as_bytes(message), message.size(), bytes_.data()) == 0;
}

SigningKey::SigningKey(const std::array<std::uint8_t, 32>& seed) : public_key_{std::array<std::uint8_t, 32>{}} {
    std::array<std::uint8_t, 32> point{};
    crypto_sign_seed_keypair(point.data(), secret_.data(), seed.data());
    public_key_ = PublicKey{point};
}

SigningKey::SigningKey(SigningKey&& other) noexcept : secret_{other.secret_}, public_key_{other.public_key_} {
    sodium_memzero(other.secret_.data(), other.secret_.size());
}

SigningKey::~SigningKey() {
    sodium_memzero(secret_.data(), secret_.size());
}

SigningKey SigningKey::generate(const Sodium& /*sodium*/) {
    std::array<std::uint8_t, 32> seed{};
    randombytes_buf(seed.data(), seed.size());
    SigningKey key{seed};
    sodium_memzero(seed.data(), seed.size());
    return key;
}

std::optional<SigningKey> SigningKey::from_seed(std::string_view hex) {
    const auto seed = bytes_from_hex<32>(hex);
    if (!seed) {
        return std::nullopt;
    }
    return SigningKey{*seed};
}

std::string SigningKey::seed_text() const {
    return hex_text(std::span{secret_}.first<crypto_sign_SEEDBYTES>());  // libsodium keeps the seed in front
}

Signature SigningKey::sign(std::string_view message) const {
    Signature signature{};
    crypto_sign_detached(signature.data(), nullptr, as_bytes(message), message.size(), secret_.data());
    return signature;
}

std::string pre_authentication_encoding(std::string_view payload_type, std::string_view payload) {
    std::string encoding{"DSSEv1 "};
    encoding.reserve(payload_type.size() + payload.size() + 32);
    encoding.append(std::to_string(payload_type.size())).append(" ").append(payload_type);
    encoding.append(" ").append(std::to_string(payload.size())).append(" ").append(payload);
    return encoding;
}

}  // namespace portcullis::trust
