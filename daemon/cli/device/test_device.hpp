#pragma once

#include <chrono>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace portcullis::cli {

struct TestOptions {
    std::filesystem::path control_socket;
    std::string name;
    std::string reason = "test by hand";
    std::string move;  ///< an output to move while the test goes on, or `all` outputs one by one; empty = none
    std::string act = "pulse";
    std::chrono::milliseconds pulse{0};  ///< 0 = as the lane pulses it
    bool arms = false;
    std::optional<std::chrono::seconds> seconds;  ///< nothing = until Ctrl-C
};

/// `portcullis device test`: the device is taken from its lanes; shows each input as it changes, moves outputs where
/// that is asked. 0 when the test ended as it was meant to and every output moved.
[[nodiscard]] int test_device(const TestOptions& options, std::ostream& out, std::ostream& errors);

/// `portcullis device disable` and `enable`.
[[nodiscard]] int set_in_service(const std::filesystem::path& control_socket, const std::string& name, bool in_service,
                                 const std::string& reason, std::ostream& out, std::ostream& errors);

}  // namespace portcullis::cli
