#include "simulators/devices/line_reader.hpp"

#include <fcntl.h>
#include <iconv.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace portcullis::simulators {

namespace {

constexpr std::size_t most_waiting_bytes = 65536;

[[noreturn]] void fail(const char* what) {
    throw std::system_error{errno, std::generic_category(), what};
}

}  // namespace

LineReader::LineReader(boost::asio::io_context& context) : master_(context) {
    open();
}

LineReader::~LineReader() {
    unplug();
}

void LineReader::open() {
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    std::array<char, 128> name{};
    if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0 ||
        ::ptsname_r(master, name.data(), name.size()) != 0) {
        fail("a pty for a serial reader");
    }
    path_ = name.data();
    slave_keeper_ = ::open(path_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    termios line{};
    if (slave_keeper_ < 0 || ::tcgetattr(slave_keeper_, &line) != 0) {
        fail("the slave of a pty");
    }
    ::cfmakeraw(&line);
    if (::tcsetattr(slave_keeper_, TCSANOW, &line) != 0) {
        fail("raw mode of a pty");
    }
    master_.assign(master);
    point_link();
}

void LineReader::keep_link(const std::filesystem::path& link) {
    link_ = link.string();
    point_link();
}

void LineReader::point_link() const {
    if (!link_.empty()) {
        std::filesystem::remove(link_);
        std::filesystem::create_symlink(path_, link_);
    }
}

void LineReader::send(std::string_view bytes) {
    if (!master_.is_open() || waiting_bytes_ + bytes.size() > most_waiting_bytes) {
        return;
    }
    waiting_.emplace_back(bytes);
    waiting_bytes_ += bytes.size();
    flush();
}

void LineReader::flush() {
    if (writing_ || waiting_.empty()) {
        return;
    }
    writing_ = true;
    boost::asio::async_write(master_, boost::asio::buffer(waiting_.front()),
                             [this](const boost::system::error_code& error, std::size_t) {
                                 if (error) {
                                     return;  // unplugged, or this reader is gone
                                 }
                                 writing_ = false;
                                 waiting_bytes_ -= waiting_.front().size();
                                 waiting_.pop_front();
                                 flush();
                             });
}

void LineReader::on_bytes(std::function<void(std::string_view)> heard) {
    heard_ = std::move(heard);
    listen();
}

void LineReader::listen() {
    if (!heard_ || !master_.is_open()) {
        return;
    }
    master_.async_read_some(boost::asio::buffer(hearing_),
                            [this, plug = plugged_](const boost::system::error_code& error, std::size_t length) {
                                if (error || plug != plugged_) {
                                    return;  // unplugged, or this reader is gone
                                }
                                heard_({hearing_.data(), length});
                                listen();
                            });
}

void LineReader::unplug() {
    ++plugged_;
    if (!link_.empty()) {
        std::error_code ignored;
        std::filesystem::remove(link_, ignored);
    }
    boost::system::error_code ignored;
    master_.close(ignored);
    if (slave_keeper_ >= 0) {
        ::close(std::exchange(slave_keeper_, -1));
    }
}

void LineReader::replug() {
    unplug();
    waiting_.clear();
    waiting_bytes_ = 0;
    writing_ = false;
    open();
    listen();
}

std::string seal_frame(std::string_view number, std::string_view state) {
    const std::string content = std::string{number} + ",," + std::string{state} + ",";
    unsigned check = 0;
    for (const char byte : content) {
        check ^= static_cast<unsigned char>(byte);
    }
    constexpr std::string_view digits = "0123456789ABCDEF";
    return "\x02" + content + digits[check >> 4U & 0xFU] + digits[check & 0xFU] + "\x03";
}

std::string to_gbk(std::string_view text) {
    const auto converter = ::iconv_open("GBK", "UTF-8");
    if (converter == reinterpret_cast<iconv_t>(-1)) {  // NOLINT: iconv's own failure value
        throw std::runtime_error{"this system has no GBK in iconv"};
    }
    std::string in{text};
    std::string out(text.size() * 2 + 4, '\0');
    char* from = in.data();
    char* to = out.data();
    std::size_t left = in.size();
    std::size_t room = out.size();
    const auto done = ::iconv(converter, &from, &left, &to, &room);
    ::iconv_close(converter);
    if (done == static_cast<std::size_t>(-1)) {
        throw std::runtime_error{"'" + in + "' cannot be written in GBK"};
    }
    out.resize(out.size() - room);
    return out;
}

}  // namespace portcullis::simulators
