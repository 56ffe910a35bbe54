#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/hash256.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"

namespace portcullis {

/// What a camera answered when a passage asked for a snapshot. When exactly the camera made it nobody knows: not before
/// `asked`, and not after the observation's own time, at which its first byte was here. A picture shows a passage only
/// when both lie within it.
struct Picture {
    PassageId passage{};                                       ///< whose trigger asked for it
    Instant asked{};                                           ///< the request left
    std::string kind{};                                        ///< `jpeg`
    std::int64_t size = 0;                                     ///< bytes
    Hash256 sha256{};                                          ///< once it is stored
    std::shared_ptr<const std::vector<std::uint8_t>> bytes{};  ///< until it is stored
    std::string missing{};  ///< one word why there is no picture (events.md, evidence.missing); empty = there is one
};

}  // namespace portcullis
