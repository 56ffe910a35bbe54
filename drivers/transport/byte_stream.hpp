#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "core/time.hpp"
#include "drivers/transport/wire_tap.hpp"

namespace portcullis::drivers {

/// What a stream of bytes tells the one device on it. Always called on the main context.
struct ByteStreamEvents {
    std::function<void(Instant)> opened;
    std::function<void(std::span<const std::uint8_t>, Instant)> bytes;
    std::function<void(Instant)>
        damaged;  ///< a byte with a parity or framing error came here: what it was is not known
    std::function<void(const std::string& cause, Instant)> lost;  ///< it opens again by itself, with a back-off
};

/// Bytes from and to the one device on a line: a local serial port, or the same bytes over TCP from a terminal server.
class ByteStream {
public:
    ByteStream() = default;
    ByteStream(const ByteStream&) = delete;
    ByteStream& operator=(const ByteStream&) = delete;
    virtual ~ByteStream() = default;

    virtual void start(ByteStreamEvents events) = 0;
    /// Closes. Nothing is told any more.
    virtual void stop() = 0;
    /// Writes what a device is asked or shown. False when it is not open, or what was written before is not out yet:
    /// nothing of `bytes` is sent then. What does not go out within 1 s loses the connection.
    [[nodiscard]] virtual bool send(std::span<const std::uint8_t> bytes) = 0;

    /// What goes over it, for whoever looks.
    [[nodiscard]] WireTap& tap() { return tap_; }

protected:
    WireTap tap_;
};

/// What does not go out within so long: the other side takes nothing any more.
inline constexpr std::chrono::milliseconds write_limit{1000};

}  // namespace portcullis::drivers
