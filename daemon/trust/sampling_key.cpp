#include "trust/sampling_key.hpp"

#include <sodium.h>

#include <utility>

#include "trust/bytes.hpp"
#include "trust/hash.hpp"

namespace portcullis::trust {
namespace {

std::array<std::uint8_t, 32> public_of(const std::array<std::uint8_t, 32>& secret) {
    std::array<std::uint8_t, 32> point{};
    crypto_scalarmult_base(point.data(), secret.data());
    return point;
}

}  // namespace

SamplingSecret SamplingSecret::generate(const Sodium& /*sodium*/) {
    SamplingSecret secret;
    randombytes_buf(secret.bytes_.data(), secret.bytes_.size());
    return secret;
}

std::optional<SamplingSecret> SamplingSecret::parse(std::string_view hex) {
    const auto bytes = bytes_from_hex<32>(hex);
    if (!bytes) {
        return std::nullopt;
    }
    SamplingSecret secret;
    secret.bytes_ = *bytes;
    return secret;
}

SamplingSecret::SamplingSecret(SamplingSecret&& other) noexcept : bytes_{other.bytes_} {
    other.wipe();
}

SamplingSecret& SamplingSecret::operator=(SamplingSecret&& other) noexcept {
    if (this != &other) {
        bytes_ = other.bytes_;
        other.wipe();
    }
    return *this;
}

SamplingSecret::~SamplingSecret() {
    wipe();
}

void SamplingSecret::wipe() noexcept {
    sodium_memzero(bytes_.data(), bytes_.size());
}

std::string SamplingSecret::text() const {
    return hex_text(bytes_);
}

Hash256 SamplingSecret::commitment() const {
    return sha256({reinterpret_cast<const char*>(bytes_.data()), bytes_.size()});
}

std::optional<BoxPublicKey> BoxPublicKey::parse(std::string_view hex) {
    const auto bytes = bytes_from_hex<32>(hex);
    if (!bytes) {
        return std::nullopt;
    }
    // libsodium refuses the product with a point of small order; any scalar shows it.
    const std::array<std::uint8_t, 32> scalar{1};
    std::array<std::uint8_t, 32> product{};
    if (crypto_scalarmult(product.data(), scalar.data(), bytes->data()) != 0) {
        return std::nullopt;
    }
    return BoxPublicKey{*bytes};
}

std::string BoxPublicKey::seal(const Sodium& /*sodium*/, const SamplingSecret& secret) const {
    std::array<unsigned char, 32 + crypto_box_SEALBYTES> box{};
    crypto_box_seal(box.data(), secret.bytes().data(), secret.bytes().size(), bytes_.data());
    return {reinterpret_cast<const char*>(box.data()), box.size()};
}

BoxKeyPair::BoxKeyPair(const std::array<std::uint8_t, 32>& secret) : secret_{secret}, public_key_{public_of(secret)} {}

BoxKeyPair::BoxKeyPair(BoxKeyPair&& other) noexcept : secret_{other.secret_}, public_key_{other.public_key_} {
    sodium_memzero(other.secret_.data(), other.secret_.size());
}

BoxKeyPair::~BoxKeyPair() {
    sodium_memzero(secret_.data(), secret_.size());
}

std::optional<BoxKeyPair> BoxKeyPair::parse(std::string_view hex) {
    const auto secret = bytes_from_hex<32>(hex);
    if (!secret) {
        return std::nullopt;
    }
    return BoxKeyPair{*secret};
}

std::optional<SamplingSecret> BoxKeyPair::open(std::string_view sealed) const {
    SamplingSecret secret;
    if (sealed.size() != secret.bytes_.size() + crypto_box_SEALBYTES ||
        crypto_box_seal_open(secret.bytes_.data(), as_bytes(sealed), sealed.size(), public_key_.bytes_.data(),
                             secret_.data()) != 0) {
        return std::nullopt;
    }
    return secret;
}

}  // namespace portcullis::trust
