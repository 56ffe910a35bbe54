#pragma once

#include <string>
#include <vector>

#include "settings/gate_settings.hpp"

namespace portcullis::settings {

/// What is allowed and worth a second look, a sentence each, as `portcullis check` prints it.
[[nodiscard]] std::vector<std::string> remarks_of(const GateSettings& settings);

}  // namespace portcullis::settings
