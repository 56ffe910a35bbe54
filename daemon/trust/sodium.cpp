#include "trust/sodium.hpp"

#include <sodium.h>

#include <array>
#include <stdexcept>

namespace portcullis::trust {

Sodium::Sodium() {
    if (sodium_init() < 0) {
        throw std::runtime_error{"libsodium: the system gives no random bytes"};
    }
}

IdSource random_ids(const Sodium& /*sodium*/) {
    return [] {
        std::array<std::uint8_t, 16> bytes{};
        randombytes_buf(bytes.data(), bytes.size());
        return bytes;
    };
}

}  // namespace portcullis::trust
