#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace portcullis {

/// RFC 3339 UTC with milliseconds, `2026-11-23T01:02:03.004Z`: the one way in which wall times are written.
/// Years 0000 to 9999 (a wall time outside is clamped to that range's ends).
[[nodiscard]] std::string time_text(WallTime time);

/// Exactly that form, or nothing. No leap second: UTC here is the system's, which has none.
[[nodiscard]] std::optional<WallTime> time_from_text(std::string_view text);

}  // namespace portcullis
