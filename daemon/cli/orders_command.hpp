#pragma once

#include <filesystem>
#include <iosfwd>

namespace portcullis::cli {

/// `portcullis orders import FILE`: begins the import and waits until it is over. 1 when something was refused.
[[nodiscard]] int import_orders(const std::filesystem::path& control_socket, const std::filesystem::path& file,
                                std::ostream& out, std::ostream& errors);

}  // namespace portcullis::cli
