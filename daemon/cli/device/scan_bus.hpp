#pragma once

#include <chrono>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace portcullis::cli {

struct ScanOptions {
    std::filesystem::path control_socket;
    std::string where;           ///< `/dev/serial/by-path/…` or `192.0.2.10:502`
    bool rtu_over_tcp = false;   ///< the endpoint is a terminal server with RTU units behind it
    std::string units = "1-32";  ///< `1-247`, `1,5,17`
    std::vector<int> bauds{9600, 19200};
    std::vector<std::string> characters{"8N1", "8E1"};
    int function = 3;  ///< of the one read that each unit is asked: 1 to 4
    int address = 0;
    std::chrono::milliseconds timeout{200};
};

/// `portcullis device scan`: which Modbus units answer, by reads only. A bus of the running daemon is refused: two
/// masters on one line spoil each other's frames. 0 when a unit was found.
[[nodiscard]] int scan_bus(const ScanOptions& options, std::ostream& out, std::ostream& errors);

/// The units of `1-32` or `1,5,17`, ascending; empty when it is not written so, or one is not 1 to 247.
[[nodiscard]] std::vector<int> units_of(const std::string& text);

}  // namespace portcullis::cli
