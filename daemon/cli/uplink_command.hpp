#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>

#include "core/value.hpp"

namespace portcullis::cli {

/// Prints how far each destination is: sent, taken by the broker, stored by central; backlog, and why it stands.
/// Returns the exit code; 1 when no daemon answers.
[[nodiscard]] int show_uplinks(const std::filesystem::path& control_socket, bool json, std::ostream& out,
                               std::ostream& errors);

/// Prints one event's whole way, from the journal to each destination.
[[nodiscard]] int explain_event(const std::filesystem::path& control_socket, std::int64_t sequence, bool json,
                                std::ostream& out, std::ostream& errors);

/// Lets a destination connect again whose session another client had taken over.
[[nodiscard]] int resume_uplink(const std::filesystem::path& control_socket, const std::string& destination,
                                std::ostream& out, std::ostream& errors);

/// What is printed of an answer.
void print_uplinks(const Value& overview, std::ostream& out);
void print_way(const Value& explained, std::ostream& out);

}  // namespace portcullis::cli
