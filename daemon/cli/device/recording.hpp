#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/config_node.hpp"
#include "core/point.hpp"
#include "core/sign.hpp"

namespace portcullis::cli {

/// A question of the daemon to a Modbus device, and its answer; whole frames. In a frame of Modbus TCP the
/// transaction, which is the daemon's own, is 0.
struct RecordedExchange {
    std::vector<std::uint8_t> ask;
    std::vector<std::uint8_t> answer;  ///< empty = the device was silent
    bool over_tcp = true;
    friend bool operator==(const RecordedExchange&, const RecordedExchange&) = default;
};

/// One step of a stream's recording.
struct RecordedPiece {
    enum class What : std::uint8_t {
        bytes,    ///< came
        sent,     ///< the driver must have sent them since the step before
        silence,  ///< so long that what stood there is over
        damaged,  ///< a byte with a parity or framing error came
        wait,
        show  ///< a lane gives a sign its words
    };
    What what = What::bytes;
    std::vector<std::uint8_t> bytes;
    std::chrono::milliseconds wait{};
    SignFace face = {};
    friend bool operator==(const RecordedPiece&, const RecordedPiece&) = default;
};

/// What a product sent, and what its profile must make of it: a file of `tests/recordings` (README.md there).
struct Recording {
    std::string about;
    std::optional<ConfigNode> device;                          ///< the device's own options, as read
    std::vector<std::pair<std::string, std::string>> options;  ///< the same, to write
    std::vector<PointSetup> points;
    std::vector<RecordedExchange> exchanges;
    std::vector<RecordedPiece> pieces;
    bool over_http = false;                          ///< `answers` or `pushes`: only the drivers' own tests play it
    std::optional<std::vector<std::string>> expect;  ///< nothing = not said yet
};

/// Nothing, and problems with their places, when it is not so.
[[nodiscard]] std::optional<Recording> read_recording(const ConfigNode& root, ConfigProblems& problems);
[[nodiscard]] std::optional<Recording> read_recording_file(const std::filesystem::path& file, ConfigProblems& problems);

/// The recording as a file of its own. `expect` is left out where there is none.
[[nodiscard]] std::string recording_text(const Recording& recording);

/// A text as YAML writes it in double quotes.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// `02 3A FF`
[[nodiscard]] std::string spaced_hex(const std::vector<std::uint8_t>& bytes);

}  // namespace portcullis::cli
