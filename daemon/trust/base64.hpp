#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace portcullis::trust {

/// Standard alphabet with padding (contracts.md 3).
[[nodiscard]] std::string to_base64(std::string_view bytes);

/// Strict: no white space, no missing padding, no stray bits in the last character; otherwise nothing.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace portcullis::trust
