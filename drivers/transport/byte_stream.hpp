#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "core/time.hpp"

namespace portcullis::drivers {

/// What a stream of bytes tells the one device on it. Always called on the main context.
struct ByteStreamEvents {
    std::function<void(Instant)> opened;
    std::function<void(std::span<const std::uint8_t>, Instant)> bytes;
    std::function<void(Instant)>
        damaged;  ///< a byte with a parity or framing error came here: what it was is not known
    std::function<void(const std::string& cause, Instant)> lost;  ///< it opens again by itself, with a back-off
};

/// Bytes from a device that talks by itself: a local serial port, or the same bytes over TCP from a terminal server.
class ByteStream {
public:
    ByteStream() = default;
    ByteStream(const ByteStream&) = delete;
    ByteStream& operator=(const ByteStream&) = delete;
    virtual ~ByteStream() = default;

    virtual void start(ByteStreamEvents events) = 0;
    /// Closes. Nothing is told any more.
    virtual void stop() = 0;
};

}  // namespace portcullis::drivers
