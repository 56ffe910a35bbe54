#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "codec/refusal.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace portcullis::codec {

/// What a command says of itself (contracts.md 5), as far as it may be told on: nothing of it is proved. A member that
/// is absent, too long or of another form is `unknown`.
struct CommandClaim {
    std::string command = "unknown";  ///< letters, digits, `-` and `_`, at most 64
    std::string verb = "unknown";     ///< a word of lower-case letters, digits and `_`, at most 64
    std::string actor = "unknown";    ///< as `command`
    std::optional<WallTime> issued;
};

[[nodiscard]] Result<CommandClaim, Refusal> read_command_claim(std::string_view payload);

}  // namespace portcullis::codec
