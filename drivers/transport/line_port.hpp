#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/enum_text.hpp"
#include "core/result.hpp"
#include "drivers/transport/endpoint.hpp"
#include "drivers/transport/line_settings.hpp"
#include "drivers/transport/marked_bytes.hpp"
#include "runtime/clock.hpp"

namespace portcullis::drivers {

/// Bytes over a serial line, here or behind a terminal server, for a Worker: every call blocks, none longer than it
/// is told. A port that vanishes is closed at once and never read again until it is opened by its name.
class LinePort {
public:
    /// A descriptor that does not block, or why there is none; within the limit.
    using Opener = std::function<Result<int, std::string>(std::chrono::milliseconds limit)>;

    /// A local port marks damaged bytes (PARMRK), as `open_serial` sets it; a terminal server has no word for them.
    enum class Kind : std::uint8_t { local, terminal_server };

    LinePort(Kind kind, Opener opener, const runtime::Clock& clock);
    ~LinePort();
    LinePort(const LinePort&) = delete;
    LinePort& operator=(const LinePort&) = delete;

    [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
    /// Nothing, or why it cannot be opened.
    [[nodiscard]] std::optional<std::string> open(std::chrono::milliseconds limit);
    void close();

    struct Sent {
        std::size_t bytes = 0;
        std::string cause;  ///< empty when all was sent; else the port is closed
    };
    [[nodiscard]] Sent send(std::span<const std::uint8_t> bytes, Instant until);

    struct Got {
        std::vector<std::uint8_t> damaged;  ///< what came before the last byte with a parity or framing error
        bool has_damaged = false;
        std::vector<std::uint8_t> bytes;  ///< good ones, after that
        std::string lost;                 ///< why the port is gone, and now closed; else empty
    };
    /// What comes next, at most `most` bytes (of 512); nothing when nothing has come until then. Returns at once when
    /// bytes are there.
    [[nodiscard]] Got receive(Instant until, std::size_t most = 512);

private:
    /// False when nothing is ready until then; else the events are for `read` or `write` to meet.
    [[nodiscard]] bool wait(short events, Instant until) const;
    [[nodiscard]] ssize_t write(std::span<const std::uint8_t> bytes) const;
    [[nodiscard]] Got read(std::size_t most);

    Kind kind_;
    Opener opener_;
    const runtime::Clock& clock_;
    int descriptor_ = -1;
    MarkedBytes marks_;
};

/// How a local port drives an RS-485 line: the kernel's driver switches the direction, with this level of RTS while
/// it sends. Not every driver can.
enum class Rs485 : std::uint8_t { rts_high_sends, rts_low_sends };

/// A local port, ours alone.
[[nodiscard]] LinePort::Opener serial_opener(std::string path, LineSettings line, std::optional<Rs485> direction);
/// The same bytes over TCP from a terminal server.
[[nodiscard]] LinePort::Opener terminal_server_opener(Endpoint endpoint);

}  // namespace portcullis::drivers

namespace portcullis {

template <>
inline constexpr auto enum_texts<drivers::Rs485> = std::to_array<EnumText<drivers::Rs485>>({
    {drivers::Rs485::rts_high_sends, "rts_high_sends"},
    {drivers::Rs485::rts_low_sends, "rts_low_sends"},
});

}  // namespace portcullis
