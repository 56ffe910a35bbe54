#pragma once

#include <termios.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace portcullis::drivers {

/// `9600 8N1`: how a serial line is set.
struct LineSettings {
    enum class Parity : std::uint8_t { none, even, odd };
    int baud = 9600;
    int data_bits = 8;
    Parity parity = Parity::none;
    int stop_bits = 1;

    friend bool operator==(const LineSettings&, const LineSettings&) = default;
    [[nodiscard]] std::string text() const;
};

/// Nothing when it is not written so, or the speed is none of 1200 to 230400 that every port knows.
[[nodiscard]] std::optional<LineSettings> parse_line_settings(std::string_view text);

/// Raw bytes with these settings: no echo, no flow control, the modem lines left alone at close (no HUPCL: dropping
/// DTR resets readers), and every byte with a parity or framing error marked (PARMRK), so that it never becomes text.
void apply(const LineSettings& line, termios& attributes);

/// What `attributes` (read back) have otherwise than `line` asks, or nothing. A driver may ignore what it cannot do.
[[nodiscard]] std::optional<std::string> not_taken(const LineSettings& line, const termios& attributes);

}  // namespace portcullis::drivers
