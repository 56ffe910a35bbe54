#pragma once

#include <filesystem>
#include <iosfwd>

namespace portcullis::cli {

/// `portcullis status`: asks the running daemon over its control socket and shows lanes, devices and destinations; with
/// `json` its answer as it came. 0 when it answered, 1 when nobody does.
[[nodiscard]] int show_status(const std::filesystem::path& control_socket, bool json, std::ostream& out,
                              std::ostream& errors);

}  // namespace portcullis::cli
