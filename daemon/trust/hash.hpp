#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "core/hash256.hpp"

namespace portcullis::trust {

[[nodiscard]] Hash256 sha256(std::string_view bytes);

/// SHA-256 of bytes that come piece by piece.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256& other);
    Sha256& operator=(const Sha256&) = delete;
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    void add(std::string_view bytes);
    /// Of all that was added so far.
    [[nodiscard]] Hash256 value() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The key may have any length (contracts.md 3: an event's salt, 16 bytes).
[[nodiscard]] Hash256 hmac_sha256(std::span<const std::uint8_t> key, std::string_view message);

/// h(n) = SHA-256(0x00 || h(n−1) || record): an entry of the journal's chain (contracts.md 3). h(0) is `Hash256{}`.
[[nodiscard]] Hash256 chain_hash(const Hash256& previous, std::string_view record);

}  // namespace portcullis::trust
