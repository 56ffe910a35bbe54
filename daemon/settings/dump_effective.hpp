#pragma once

#include <string>

#include "settings/gate_settings.hpp"

namespace portcullis::settings {

/// The settings with every default written out, as YAML that loads again to the same settings.
[[nodiscard]] std::string dump_effective(const GateSettings& settings);

}  // namespace portcullis::settings
