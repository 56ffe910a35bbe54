#pragma once

#include <chrono>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "cli/device/recording.hpp"

namespace portcullis::cli {

/// Where to listen to a device that talks by itself.
struct ListenOptions {
    std::filesystem::path control_socket;
    std::string where;                 ///< `/dev/serial/by-path/…` or `192.0.2.11:4001`
    std::string line = "9600 8N1";     ///< of a serial port
    std::chrono::seconds seconds{30};  ///< or until Ctrl-C
};

/// Listens and says nothing itself: what came, and where pauses were. A port that the daemon owns is refused: what it
/// hears is asked of the daemon (`device record NAME`). Nothing, and a message, when it cannot be opened.
[[nodiscard]] std::optional<std::vector<RecordedPiece>> listen(const ListenOptions& options, std::ostream& errors);

/// True when `where` is a port or an endpoint and no device's name.
[[nodiscard]] bool is_place(const std::string& where);

/// Why this port or endpoint may not be opened: the running daemon has it. Nothing when it has not, or no daemon runs;
/// then `errors` says that nobody could be asked.
[[nodiscard]] std::optional<std::string> owned_by_daemon(const std::filesystem::path& control_socket,
                                                         const std::string& where, std::ostream& errors);

}  // namespace portcullis::cli
