#include "drivers/transport/serial_port.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <system_error>
#include <utility>

namespace portcullis::drivers {

namespace {

Failure<std::string> failure(int descriptor, const std::string& what, int error) {
    if (descriptor >= 0) {
        ::close(descriptor);
    }
    return {what + ": " + std::generic_category().message(error)};
}

/// A pty keeps TIOCEXCL as long as its other side stands: after a kill it would lock our own restart out.
bool is_pty(int descriptor) {
    constexpr unsigned first_pty_major = 136;  // Linux, UNIX98 slaves
    constexpr unsigned last_pty_major = 143;
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 && major(status.st_rdev) >= first_pty_major &&
           major(status.st_rdev) <= last_pty_major;
}

/// Sets the line and reads it back: tcsetattr succeeds when anything at all was taken.
std::optional<std::string> set_line(int descriptor, const LineSettings& line) {
    termios attributes{};
    if (::tcgetattr(descriptor, &attributes) != 0) {
        return "no serial port: " + std::generic_category().message(errno);
    }
    apply(line, attributes);
    if (::tcsetattr(descriptor, TCSANOW, &attributes) != 0 || ::tcgetattr(descriptor, &attributes) != 0) {
        return "cannot be set: " + std::generic_category().message(errno);
    }
    return not_taken(line, attributes);
}

}  // namespace

Result<int, std::string> open_serial(const std::string& path, const LineSettings& line) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) {
        return failure(descriptor, "cannot be opened", errno);
    }
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        return failure(descriptor, "another program holds it", errno);
    }
    if (!is_pty(descriptor) && ::ioctl(descriptor, TIOCEXCL) != 0) {
        return failure(descriptor, "cannot be made exclusive", errno);
    }
    if (auto cause = set_line(descriptor, line)) {
        ::close(descriptor);
        return Failure{std::move(*cause)};
    }
    ::tcflush(descriptor, TCIOFLUSH);  // what came before we listened is of an earlier truck
    return descriptor;
}

SerialPort::SerialPort(std::string path, LineSettings line, boost::asio::io_context& context,
                       const runtime::Clock& clock)
    : path_(std::move(path)),
      line_(line),
      clock_(clock),
      port_(context),
      again_(context, clock, [this] { open(); }),
      write_due_(context, clock, [this] { lose(path_ + ": takes no bytes"); }),
      self_(std::make_shared<SerialPort*>(this)) {}

SerialPort::~SerialPort() {
    close();
}

void SerialPort::start(ByteStreamEvents events) {
    self_ = std::make_shared<SerialPort*>(this);  // stopped before: started again
    events_ = std::move(events);
    again_.set(clock_.now().instant);
}

void SerialPort::stop() {
    again_.cancel();
    close();
    self_.reset();
}

void SerialPort::close() {
    write_due_.cancel();
    out_.clear();
    ++opened_;
    if (port_.is_open()) {
        ::tcflush(port_.native_handle(), TCIOFLUSH);  // else close waits for output that no one takes
        boost::system::error_code ignored;
        port_.close(ignored);
    }
}

void SerialPort::open() {
    auto opened = open_serial(path_, line_);
    if (!opened) {
        lose(path_ + ": " + opened.error());
        return;
    }
    marked_ = {};
    port_.assign(*opened);
    const auto now = clock_.now().instant;
    tap_.note("opened " + path_, now);
    events_.opened(now);
    read();
}

void SerialPort::read() {
    port_.async_read_some(
        boost::asio::buffer(buffer_),
        [weak = std::weak_ptr{self_}, opened = opened_](const boost::system::error_code& error, std::size_t length) {
            const auto self = weak.lock();
            if (self && (*self)->opened_ == opened) {
                (*self)->received(error, length);
            }
        });
}

bool SerialPort::send(std::span<const std::uint8_t> bytes) {
    if (!port_.is_open() || !out_.empty()) {
        return false;
    }
    out_.assign(bytes.begin(), bytes.end());
    const auto now = clock_.now().instant;
    write_due_.set(now + write_limit);
    tap_.put(WireDirection::out, bytes, now);
    boost::asio::async_write(
        port_, boost::asio::buffer(out_),
        [weak = std::weak_ptr{self_}, opened = opened_](const boost::system::error_code& error, std::size_t) {
            const auto self = weak.lock();
            if (self && (*self)->opened_ == opened) {
                (*self)->written(error);
            }
        });
    return true;
}

void SerialPort::written(const boost::system::error_code& error) {
    write_due_.cancel();
    out_.clear();
    if (error) {
        lose(path_ + ": " + error.message());
    }
}

void SerialPort::received(const boost::system::error_code& error, std::size_t length) {
    if (!port_.is_open()) {
        return;
    }
    if (error || length == 0) {
        // An unplugged port reads as an end or EIO, again and again: never read it once more.
        lose(path_ + ": " + (error ? error.message() : "end of file"));
        return;
    }
    back_off_.reset();
    const auto at = clock_.now().instant;
    marked_.read(
        std::span{buffer_}.first(length),
        [this, at](std::span<const std::uint8_t> bytes) {
            tap_.put(WireDirection::in, bytes, at);
            events_.bytes(bytes, at);
        },
        [this, at] {
            tap_.note("damaged byte (parity, framing or break)", at);
            events_.damaged(at);
        });
    if (port_.is_open()) {
        read();
    }
}

void SerialPort::lose(const std::string& cause) {
    close();
    const auto now = clock_.now().instant;
    again_.set(now + back_off_.fail());
    tap_.note(cause, now);
    events_.lost(cause, now);
}

}  // namespace portcullis::drivers
