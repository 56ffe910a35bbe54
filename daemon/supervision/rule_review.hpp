#pragma once

#include <optional>
#include <string>

#include "core/rule.hpp"

namespace portcullis::supervision {

/// Why a rule can never match, whatever comes: two of its predicates ask for what no fact can be at once. Nothing when
/// none was found, which is no proof that one exists.
[[nodiscard]] std::optional<std::string> contradiction(const Rule& rule);

}  // namespace portcullis::supervision
