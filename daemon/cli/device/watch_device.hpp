#pragma once

#include <chrono>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

#include "cli/device/frame_text.hpp"
#include "cli/device/wire_question.hpp"

namespace portcullis::cli {

struct WatchOptions {
    std::filesystem::path control_socket;
    std::string name;                             ///< device or bus
    std::optional<std::chrono::seconds> seconds;  ///< nothing = until Ctrl-C
};

/// `portcullis device watch`: what goes over the wire in hex, beside what it means. 0 when the person ended it.
[[nodiscard]] int watch_device(const WatchOptions& options, std::ostream& out, std::ostream& errors);

/// Frames and words of one device in the order of their times, a line each: time, direction, hex, meaning.
class WatchLines {
public:
    /// Frames of other units of the bus are left out.
    void show(const WireLook& look, std::ostream& out);

private:
    [[nodiscard]] std::string meaning(const WireLook& look, const SeenFrame& frame);

    std::optional<ModbusWords> modbus_;
};

}  // namespace portcullis::cli
