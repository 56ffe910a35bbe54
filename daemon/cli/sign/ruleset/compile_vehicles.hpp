#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/config_node.hpp"
#include "core/vehicles.hpp"

namespace portcullis::sign {

/// The vehicle list in the YAML that people write (docs/weight.md), as a gate reads it. Nothing, and every problem at
/// its place, when something is wrong. `name` is how messages call the file.
[[nodiscard]] std::optional<VehicleList> compile_vehicles(std::string_view text, const std::string& name,
                                                          ConfigProblems& problems);

}  // namespace portcullis::sign
