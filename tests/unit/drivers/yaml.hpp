#pragma once

#include <string>

#include "core/config_node.hpp"

namespace portcullis::testing {

/// A settings tree of YAML text, and of a file under the source tree's root.
[[nodiscard]] ConfigNode yaml(const std::string& text);
[[nodiscard]] ConfigNode yaml_file(const std::string& path);

}  // namespace portcullis::testing
