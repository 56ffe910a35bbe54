#pragma once

#include <optional>
#include <string>

#include "core/time.hpp"
#include "core/value.hpp"

namespace portcullis {

/// One entry for the journal before it is numbered, salted and chained (contracts.md 3). Types and their data:
/// docs/events.
struct Event {
    std::string type;     ///< `passage.detected`: without prefix and version
    std::string subject;  ///< `lane/out-1`, `device/io`, `destination/supervision` or `gate`
    Now at;               ///< when the event was taken
    Value data = Object{};
    std::optional<EventToken> token;  ///< lets other events refer to this one's sequence before it has one
};

}  // namespace portcullis
