#pragma once

#include <string_view>

#include "core/hash256.hpp"

namespace portcullis::codec {

inline constexpr std::string_view digest_prefix = "sha256:";

/// A personal value of this form could stand for another one after an erasure (design.md 6): no event may carry it.
[[nodiscard]] inline bool looks_like_digest(std::string_view text) {
    return text.starts_with(digest_prefix) && hash256_from_hex(text.substr(digest_prefix.size()));
}

}  // namespace portcullis::codec
