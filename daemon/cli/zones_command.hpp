#pragma once

#include <filesystem>
#include <iosfwd>

namespace portcullis::cli {

/// `portcullis zones`: which boxes are on their way to an inspection zone, or in one.
[[nodiscard]] int show_zones(const std::filesystem::path& control_socket, bool json, std::ostream& out,
                             std::ostream& errors);

}  // namespace portcullis::cli
