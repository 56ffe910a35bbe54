#pragma once

#include <filesystem>
#include <iosfwd>

namespace portcullis::cli {

/// `portcullis device list`: every device of the running daemon, its bus, and how it is.
[[nodiscard]] int list_devices(const std::filesystem::path& control_socket, bool json, std::ostream& out,
                               std::ostream& errors);

}  // namespace portcullis::cli
