#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/time.hpp"

namespace portcullis::drivers {

/// One frame that was refused: counted, reported in sum, and without any other effect. `kind` is one of a driver's
/// few words (events.md, device.bad_frame).
struct BadFrame {
    std::string_view kind;  ///< of static life
    std::vector<std::uint8_t> bytes;
    Instant at;
};

}  // namespace portcullis::drivers
