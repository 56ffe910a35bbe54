#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>

namespace portcullis::cli {

struct TraceOptions {
    std::filesystem::path control_socket;
    std::string name;  ///< device or bus
    std::chrono::seconds seconds{60};
    std::uint64_t limit = std::uint64_t{10} * 1024 * 1024;  ///< bytes of the file
    std::filesystem::path file;
};

/// `portcullis device trace`: what goes over a bus as a file for Wireshark. Ends by itself: after its time, at its
/// size, or when the person has had enough.
[[nodiscard]] int trace_device(const TraceOptions& options, std::ostream& out, std::ostream& errors);

}  // namespace portcullis::cli
