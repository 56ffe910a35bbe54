#pragma once

#include <string>
#include <string_view>

#include "core/hash256.hpp"

namespace portcullis::codec {

inline constexpr std::string_view digest_prefix = "sha256:";

/// A personal value of this form could stand for another one after an erasure (design.md 6): no event may carry it.
[[nodiscard]] inline bool looks_like_digest(std::string_view text) {
    return text.starts_with(digest_prefix) && hash256_from_hex(text.substr(digest_prefix.size()));
}

/// Something personal was in the event of these canonical bytes: a digest stands nowhere else.
[[nodiscard]] inline bool holds_digest(std::string_view erased) {
    return erased.find('"' + std::string{digest_prefix}) != std::string_view::npos;
}

}  // namespace portcullis::codec
