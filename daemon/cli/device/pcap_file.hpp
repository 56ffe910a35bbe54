#pragma once

#include <chrono>
#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <vector>

namespace portcullis::cli {

/// A capture file (pcap, microseconds) that Wireshark opens. A Modbus bus is written as a TCP connection that stands
/// for it, so that the dissectors work: port 502 for Modbus TCP, port 4502 for RTU frames (`-d tcp.port==4502,mbrtu`).
/// All else is of link type USER0 (147): one byte 0 (to the daemon) or 1 (from it), then the bytes of the wire.
class PcapFile {
public:
    enum class Form : std::uint8_t { modbus_tcp, modbus_rtu, stream };

    /// Writes the file's head. `out` outlives it. `device` is the device's address, `192.0.2.10:502`; what is no IPv4
    /// address is written as 192.0.2.2.
    PcapFile(std::ostream& out, Form form, const std::string& device);

    /// `at` counts from 1970 in UTC.
    void write(bool from_daemon, std::span<const std::uint8_t> bytes, std::chrono::microseconds at);

    /// Bytes that the file has by now, and that a frame of this many bytes would add.
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] std::uint64_t room_for(std::size_t bytes) const;
    [[nodiscard]] std::uint64_t frames() const { return frames_; }

    static constexpr std::uint16_t rtu_port = 4502;

private:
    [[nodiscard]] std::vector<std::uint8_t> wrapped(bool from_daemon, std::span<const std::uint8_t> bytes);
    void put(std::span<const std::uint8_t> bytes);

    std::ostream& out_;
    Form form_;
    std::uint32_t device_address_;
    std::uint32_t sequence_of_daemon_ = 1;
    std::uint32_t sequence_of_device_ = 1;
    std::uint16_t packet_ = 0;
    std::uint64_t size_ = 0;
    std::uint64_t frames_ = 0;
};

}  // namespace portcullis::cli
