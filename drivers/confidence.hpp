#pragma once

#include <cmath>
#include <optional>

namespace portcullis::drivers {

/// A reader's confidence as 0 to 100; nothing when it lies outside the reader's own scale.
[[nodiscard]] inline std::optional<int> confidence_of(double given, double scale) {
    if (!(given >= 0 && given <= scale)) {
        return std::nullopt;
    }
    return static_cast<int>(std::lround(given * 100 / scale));
}

}  // namespace portcullis::drivers
