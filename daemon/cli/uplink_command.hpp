#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>

namespace portcullis::cli {

/// Prints how far each destination is: sent, taken by the broker, stored by central; backlog, and why it stands.
/// Returns the exit code; 1 when no daemon answers.
[[nodiscard]] int show_uplinks(const std::filesystem::path& control_socket, bool json, std::ostream& out,
                               std::ostream& errors);

/// Prints one event's whole way, from the journal to each destination.
[[nodiscard]] int explain_event(const std::filesystem::path& control_socket, std::int64_t sequence, bool json,
                                std::ostream& out, std::ostream& errors);

}  // namespace portcullis::cli
