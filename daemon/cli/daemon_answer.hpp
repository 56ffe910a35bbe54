#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "core/value.hpp"

namespace portcullis::cli {

/// Asks the daemon behind `control_socket`; nothing, and a message that says what to do, when it does not answer.
[[nodiscard]] std::optional<std::string> ask_daemon(const std::filesystem::path& control_socket,
                                                    std::string_view question, std::ostream& errors);

/// The daemon's answer as values; nothing, and a message, when it cannot be read or is an error.
[[nodiscard]] std::optional<Value> read_answer(std::string_view answer, std::ostream& errors);

/// A text or number to show; `-` where there is none.
[[nodiscard]] std::string shown(const Value& from, std::string_view member);
/// A member's number; nothing where it is none, as with `unknown`.
[[nodiscard]] std::optional<std::int64_t> number_in(const Value& from, std::string_view member);
/// A member's list; an empty one where it is none.
[[nodiscard]] const List& list_in(const Value& from, std::string_view member);

}  // namespace portcullis::cli
