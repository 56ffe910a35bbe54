#include "trust/hash.hpp"

#include <sodium.h>

#include "trust/bytes.hpp"

namespace portcullis::trust {

Hash256 sha256(std::string_view bytes) {
    Hash256 hash{};
    crypto_hash_sha256(hash.data(), as_bytes(bytes), bytes.size());
    return hash;
}

struct Sha256::State {
    crypto_hash_sha256_state running;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    crypto_hash_sha256_init(&state_->running);
}

Sha256::Sha256(const Sha256& other) : state_(std::make_unique<State>(*other.state_)) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::string_view bytes) {
    crypto_hash_sha256_update(&state_->running, as_bytes(bytes), bytes.size());
}

Hash256 Sha256::value() const {
    auto running = state_->running;
    Hash256 hash{};
    crypto_hash_sha256_final(&running, hash.data());
    return hash;
}

Hash256 hmac_sha256(std::span<const std::uint8_t> key, std::string_view message) {
    Hash256 hash{};
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key.data(), key.size());
    crypto_auth_hmacsha256_update(&state, as_bytes(message), message.size());
    crypto_auth_hmacsha256_final(&state, hash.data());
    return hash;
}

Hash256 chain_hash(const Hash256& previous, std::string_view record) {
    constexpr unsigned char entry = 0x00;  // RFC 6962: an entry cannot be taken for an inner node
    Hash256 hash{};
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, &entry, 1);
    crypto_hash_sha256_update(&state, previous.data(), previous.size());
    crypto_hash_sha256_update(&state, as_bytes(record), record.size());
    crypto_hash_sha256_final(&state, hash.data());
    return hash;
}

}  // namespace portcullis::trust
