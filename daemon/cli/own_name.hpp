#pragma once

#include <string>

namespace portcullis::cli {

/// Who asks, as the system knows them; the socket's mode says who may.
[[nodiscard]] std::string own_name();

}  // namespace portcullis::cli
