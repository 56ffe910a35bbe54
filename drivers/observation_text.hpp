#pragma once

#include <optional>
#include <string>

#include "core/observation.hpp"

namespace portcullis::drivers {

/// An observation as recordings expect it and as `portcullis device watch` shows it: `di0 on`, `reading TEXT
/// confidence 98 time … face rear seal intact battery 870`, `size_type 22G1`, `unread`, `online`, `bad encoding`
/// (tests/recordings/README.md). Nothing for what tells nothing new there: the second equal read of an input, hourly
/// counts, what the device says it is.
[[nodiscard]] std::optional<std::string> words_of(const Observation& seen);

}  // namespace portcullis::drivers
