#include "drivers/transport/line_port.hpp"

#include <linux/serial.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "drivers/transport/serial_port.hpp"

namespace portcullis::drivers {

namespace {

std::string message_of(int error) {
    return std::generic_category().message(error);
}

/// Sets the kernel's RS-485 mode and reads it back: a driver may take the call and ignore a part.
std::optional<std::string> set_direction(int descriptor, Rs485 direction) {
    const auto flags = static_cast<__u32>(
        SER_RS485_ENABLED | (direction == Rs485::rts_high_sends ? SER_RS485_RTS_ON_SEND : SER_RS485_RTS_AFTER_SEND));
    constexpr auto looked_at = static_cast<__u32>(SER_RS485_ENABLED | SER_RS485_RTS_ON_SEND | SER_RS485_RTS_AFTER_SEND);
    serial_rs485 mode{};
    mode.flags = flags;
    if (::ioctl(descriptor, TIOCSRS485, &mode) != 0) {
        return "its driver switches no RS-485 direction (" + message_of(errno) +
               "); leave rs485 out when the adapter does it by itself";
    }
    serial_rs485 taken{};
    if (::ioctl(descriptor, TIOCGRS485, &taken) != 0 || (taken.flags & looked_at) != flags) {
        return std::string{"its driver does not take this RS-485 direction"};
    }
    return std::nullopt;
}

/// USB adapters collect what they hear for 16 ms unless they are told not to; ports that know no such thing say no.
void hand_over_at_once(int descriptor) {
    serial_struct port{};
    if (::ioctl(descriptor, TIOCGSERIAL, &port) == 0) {
        port.flags = static_cast<int>(static_cast<unsigned>(port.flags) | ASYNC_LOW_LATENCY);
        (void)::ioctl(descriptor, TIOCSSERIAL, &port);
    }
}

}  // namespace

LinePort::LinePort(Kind kind, Opener opener, const runtime::Clock& clock)
    : kind_(kind), opener_(std::move(opener)), clock_(clock) {}

LinePort::~LinePort() {
    close();
}

std::optional<std::string> LinePort::open(std::chrono::milliseconds limit) {
    close();
    auto opened = opener_(limit);
    if (!opened) {
        return opened.error();
    }
    descriptor_ = *opened;
    marks_ = {};
    return std::nullopt;
}

void LinePort::close() {
    if (descriptor_ >= 0) {
        ::tcflush(descriptor_, TCIOFLUSH);  // else close waits for output that no one takes; once: a gone port fails
        ::close(std::exchange(descriptor_, -1));
    }
}

bool LinePort::wait(short events, Instant until) const {
    const auto left = std::max(until - clock_.now().instant, Instant::duration{0});
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec limit{.tv_sec = seconds.count(), .tv_nsec = (left - seconds).count()};
    pollfd ready{.fd = descriptor_, .events = events, .revents = 0};
    return ::ppoll(&ready, 1, &limit, nullptr) > 0;
}

ssize_t LinePort::write(std::span<const std::uint8_t> bytes) const {
    return kind_ == Kind::local ? ::write(descriptor_, bytes.data(), bytes.size())
                                : ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

LinePort::Sent LinePort::send(std::span<const std::uint8_t> bytes, Instant until) {
    Sent sent;
    while (sent.bytes < bytes.size()) {
        const auto left = bytes.subspan(sent.bytes);
        const auto wrote = write(left);
        if (wrote > 0) {
            sent.bytes += static_cast<std::size_t>(wrote);
        } else if (const int error = errno; wrote < 0 && error != EAGAIN && error != EINTR) {
            sent.cause = message_of(error);
            break;
        } else if (!wait(POLLOUT, until)) {
            sent.cause = "the line takes no more bytes";
            break;
        }
    }
    if (!sent.cause.empty()) {
        close();
    }
    return sent;
}

LinePort::Got LinePort::receive(Instant until, std::size_t most) {
    if (!wait(POLLIN, until)) {
        return {};
    }
    return read(most);
}

LinePort::Got LinePort::read(std::size_t most) {
    Got got;
    std::array<std::uint8_t, 512> buffer{};
    const auto count = ::read(descriptor_, buffer.data(), std::min(most, buffer.size()));
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
        return got;
    }
    if (count <= 0) {
        // An unplugged port reads as an end or EIO, again and again.
        got.lost = count == 0 ? "end of file" : message_of(errno);
        close();
        return got;
    }
    const auto bytes = std::span{buffer}.first(static_cast<std::size_t>(count));
    if (kind_ == Kind::terminal_server) {
        got.bytes.assign(bytes.begin(), bytes.end());
        return got;
    }
    marks_.read(
        bytes,
        [&got](std::span<const std::uint8_t> good) { got.bytes.insert(got.bytes.end(), good.begin(), good.end()); },
        [&got] {
            got.has_damaged = true;
            got.damaged.insert(got.damaged.end(), got.bytes.begin(), got.bytes.end());
            got.bytes.clear();
        });
    return got;
}

LinePort::Opener serial_opener(std::string path, LineSettings line, std::optional<Rs485> direction) {
    return [path = std::move(path), line, direction](std::chrono::milliseconds) -> Result<int, std::string> {
        auto opened = open_serial(path, line);
        if (!opened) {
            return Failure{path + ": " + opened.error()};
        }
        hand_over_at_once(*opened);
        if (direction) {
            if (auto cause = set_direction(*opened, *direction)) {
                ::close(*opened);
                return Failure{path + ": " + *cause};
            }
        }
        return *opened;
    };
}

LinePort::Opener terminal_server_opener(Endpoint endpoint) {
    return [endpoint = std::move(endpoint)](std::chrono::milliseconds limit) -> Result<int, std::string> {
        auto made = connect_within(endpoint, static_cast<int>(limit.count()));
        if (!made.cause.empty()) {
            return Failure{"no connection to " + endpoint.text() + ": " + made.cause};
        }
        return made.socket;
    };
}

}  // namespace portcullis::drivers
