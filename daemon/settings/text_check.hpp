#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/config_node.hpp"

namespace portcullis::settings {

/// The first thing of the bytes themselves that keeps a file from being read: size, encoding, line ends, tabs.
[[nodiscard]] std::optional<ConfigProblem> text_problem(std::string_view text, const std::string& name,
                                                        std::size_t most);

}  // namespace portcullis::settings
