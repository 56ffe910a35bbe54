#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

#include "core/value.hpp"

namespace portcullis::cli {

/// `portcullis trust show`
[[nodiscard]] int show_trust(const std::filesystem::path& control_socket, bool json, std::ostream& out,
                             std::ostream& errors);

/// `portcullis trust init` at a running daemon: it begins with the root that its settings name.
[[nodiscard]] int begin_trust(const std::filesystem::path& control_socket, std::ostream& out, std::ostream& errors);

/// `portcullis trust init --settings FILE` beside a stopped daemon: the floors are written, and its next start takes
/// the root from the settings' file.
[[nodiscard]] int begin_trust_here(const std::filesystem::path& settings, const std::string& at, std::ostream& out,
                                   std::ostream& errors);

/// `portcullis trust import FILE`: root and timestamp documents, one a line.
[[nodiscard]] int import_trust(const std::filesystem::path& control_socket, const std::filesystem::path& file,
                               std::ostream& out, std::ostream& errors);

/// `portcullis ruleset import FILE` and the like: one document of this kind.
[[nodiscard]] int import_document(const std::filesystem::path& control_socket, const std::string& kind,
                                  const std::filesystem::path& file, std::ostream& out, std::ostream& errors);

/// `portcullis ruleset show`
[[nodiscard]] int show_ruleset(const std::filesystem::path& control_socket, bool json, std::ostream& out,
                               std::ostream& errors);

/// `portcullis passes show`
[[nodiscard]] int show_passes(const std::filesystem::path& control_socket, bool json, std::ostream& out,
                              std::ostream& errors);

/// Lines of `portcullis status`.
void show_trust_line(const Value& trust, std::ostream& out);

/// `portcullis vehicles show`
[[nodiscard]] int show_vehicles(const std::filesystem::path& control_socket, bool json, std::ostream& out,
                                std::ostream& errors);

}  // namespace portcullis::cli
