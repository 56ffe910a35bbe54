#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/config_node.hpp"
#include "core/passes.hpp"

namespace portcullis::sign {

/// The pass list in the YAML that people write (docs/passes.md), as a gate reads it. Nothing, and every problem at its
/// place, when something is wrong. `name` is how messages call the file.
[[nodiscard]] std::optional<PassList> compile_passes(std::string_view text, const std::string& name,
                                                     ConfigProblems& problems);

}  // namespace portcullis::sign
