#pragma once

#include <chrono>
#include <filesystem>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/device/frame_text.hpp"
#include "cli/device/wire_question.hpp"

namespace portcullis::cli {

struct WatchOptions {
    std::filesystem::path control_socket;
    std::string name;                             ///< device or bus
    std::optional<std::chrono::seconds> seconds;  ///< nothing = until Ctrl-C
    bool all = false;                             ///< polls that bring nothing new, too
};

/// `portcullis device watch`: what goes over the wire in hex, beside what it means. 0 when the person ended it.
[[nodiscard]] int watch_device(const WatchOptions& options, std::ostream& out, std::ostream& errors);

/// Frames and words of one device in the order of their times, a line each: time, direction, hex, meaning. Polls whose
/// answer is the one of before are only counted.
class WatchLines {
public:
    explicit WatchLines(bool all) : all_(all) {}

    /// Frames of other units of the bus are left out.
    void show(const WireLook& look, std::ostream& out);

private:
    struct Line {
        std::chrono::microseconds at{};
        std::string way;
        std::vector<std::uint8_t> bytes;
        std::string meaning;
    };

    void take(const WireLook& look, const SeenFrame& frame, std::vector<Line>& lines);
    void take_modbus(const WireLook& look, const SeenFrame& frame, std::vector<Line>& lines);
    static void show_line(const WireLook& look, const Line& line, std::ostream& out);

    bool all_;
    std::optional<ModbusWords> modbus_;
    std::vector<Line> question_;                  ///< that has no answer yet: none or one
    std::map<std::string, std::string> answers_;  ///< the last one to each question, in words
    std::uint64_t unchanged_ = 0;                 ///< since the last line
    std::chrono::microseconds told_{};
};

}  // namespace portcullis::cli
