#include "simulators/central/crypto.hpp"

#include <sodium.h>

#include <stdexcept>
#include <vector>

namespace portcullis::central {
namespace {

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

void need_sodium() {
    if (sodium_init() < 0) {
        throw std::runtime_error("libsodium does not start");
    }
}

std::string hex_of(const std::uint8_t* bytes, std::size_t count) {
    std::string text(count * 2 + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), bytes, count);
    text.pop_back();
    return text;
}

std::string base64(std::string_view bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes_of(bytes), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();
    return text;
}

}  // namespace

Digest sha256(std::string_view bytes) {
    Digest digest{};
    crypto_hash_sha256(digest.data(), bytes_of(bytes), bytes.size());
    return digest;
}

Digest hmac_sha256(const Salt& key, std::string_view message) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key.data(), key.size());
    crypto_auth_hmacsha256_update(&state, bytes_of(message), message.size());
    Digest digest{};
    crypto_auth_hmacsha256_final(&state, digest.data());
    return digest;
}

std::string hex(const Digest& digest) {
    return hex_of(digest.data(), digest.size());
}

SigningKey::SigningKey(const Digest& seed) {
    need_sodium();
    crypto_sign_seed_keypair(public_.data(), secret_.data(), seed.data());
}

SigningKey SigningKey::from_hex(std::string_view text) {
    Digest seed{};
    std::size_t length = 0;
    if (sodium_hex2bin(seed.data(), seed.size(), text.data(), text.size(), nullptr, &length, nullptr) != 0 ||
        length != seed.size() || text.size() != seed.size() * 2) {
        throw std::invalid_argument("a signing key is 64 hex digits");
    }
    return SigningKey{seed};
}

std::string SigningKey::public_key() const {
    return hex_of(public_.data(), public_.size());
}

std::string SigningKey::key_id() const {
    const std::string_view raw{reinterpret_cast<const char*>(public_.data()), public_.size()};
    return hex(sha256(raw)).substr(0, 16);
}

std::string SigningKey::envelope(std::string_view payload_type, std::string_view payload) const {
    const auto signed_text = "DSSEv1 " + std::to_string(payload_type.size()) + " " + std::string{payload_type} + " " +
                             std::to_string(payload.size()) + " " + std::string{payload};
    std::string signature(crypto_sign_BYTES, '\0');
    crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr, bytes_of(signed_text),
                         signed_text.size(), secret_.data());
    return R"({"payloadType":")" + std::string{payload_type} + R"(","payload":")" + base64(payload) +
           R"(","signatures":[{"keyid":")" + key_id() + R"(","sig":")" + base64(signature) + R"("}]})";
}

std::string payload_of(std::string_view text) {
    std::string payload(text.size(), '\0');
    std::size_t length = 0;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(payload.data()), payload.size(), text.data(), text.size(),
                          nullptr, &length, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0) {
        throw std::invalid_argument("the payload is no base64");
    }
    payload.resize(length);
    return payload;
}

}  // namespace portcullis::central
