#include "simulators/devices/rtu_server.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <system_error>
#include <utility>

namespace portcullis::simulators {

namespace asio = boost::asio;

namespace {

using RtuBytes = std::vector<std::uint8_t>;
constexpr std::size_t rtu_check_size = 2;
constexpr std::size_t longest_frame = 256;

std::uint16_t rtu_check(std::span<const std::uint8_t> bytes) {
    constexpr unsigned polynomial = 0xA001;
    unsigned crc = 0xFFFF;
    for (const auto byte : bytes) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc & 1U) != 0 ? crc >> 1U ^ polynomial : crc >> 1U;
        }
    }
    return static_cast<std::uint16_t>(crc);
}

/// Bytes of the question that begins here, or 0 when more are needed to tell. An unknown function is told by the CRC.
std::size_t question_length(const RtuBytes& bytes) {
    constexpr std::size_t plain = 8;
    constexpr std::size_t masked = 10;
    constexpr std::size_t count_of_write = 6;
    constexpr std::size_t count_of_both = 10;
    if (bytes.size() < 2) {
        return 0;
    }
    switch (bytes[1]) {
        case 15:
        case 16:
            return bytes.size() > count_of_write ? count_of_write + 1 + bytes[count_of_write] + rtu_check_size : 0;
        case 22:
            return masked;
        case 23:
            return bytes.size() > count_of_both ? count_of_both + 1 + bytes[count_of_both] + rtu_check_size : 0;
        default:
            return plain;
    }
}

[[noreturn]] void no_pty(const char* what) {
    throw std::system_error{errno, std::generic_category(), what};
}

}  // namespace

/// One end of a line: collects questions, and gives the answers back when their time has come.
class ModbusRtuServer::Session {
public:
    Session() = default;
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    virtual ~Session() = default;
    virtual void stop() = 0;
};

template <class Stream>
class ModbusRtuServer::StreamSession final : public Session,
                                             public std::enable_shared_from_this<StreamSession<Stream>> {
public:
    StreamSession(Stream stream, ModbusRtuServer& server) : stream_(std::move(stream)), server_(&server) {}

    void read() {
        stream_.async_read_some(asio::buffer(buffer_), [self = this->shared_from_this()](
                                                           const boost::system::error_code& error, std::size_t size) {
            if (!error && self->server_ != nullptr) {
                self->take(size);
                self->read();
            }
        });
    }

    void stop() override {
        server_ = nullptr;
        boost::system::error_code ignored;
        stream_.close(ignored);
    }

private:
    void take(std::size_t size) {
        bytes_.insert(bytes_.end(), buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(size));
        while (auto question = next()) {
            const auto characters = question->size();
            auto answer = server_->answer(*question);
            if (!answer.empty()) {
                const auto wait = wait_for(characters, answer.size());
                send_after(wait, std::move(answer));
            }
        }
    }

    [[nodiscard]] std::chrono::nanoseconds wait_for(std::size_t asked, std::size_t answered) const {
        const auto silence = server_->time_of(7) / 2;  // 3.5 characters
        return server_->time_of(asked + answered) + silence + server_->faults.delay;
    }

    /// The next whole question; bytes that begin none are passed over.
    std::optional<RtuBytes> next() {
        while (bytes_.size() >= 4) {
            const auto length = question_length(bytes_);
            if (length == 0 || (bytes_.size() < length && length <= longest_frame)) {
                return std::nullopt;
            }
            const auto end = bytes_.begin() + static_cast<std::ptrdiff_t>(std::min(length, bytes_.size()));
            RtuBytes question{bytes_.begin(), end};
            const auto check = rtu_check(std::span{question}.first(question.size() - rtu_check_size));
            const bool whole = question[question.size() - 2] == (check & 0xFFU) && question.back() == check >> 8U;
            if (whole) {
                bytes_.erase(bytes_.begin(), end);
                return question;
            }
            bytes_.erase(bytes_.begin());
        }
        return std::nullopt;
    }

    void send_after(std::chrono::nanoseconds wait, RtuBytes answer) {
        if (wait.count() == 0) {
            send(std::move(answer));
            return;
        }
        const auto due = std::make_shared<asio::steady_timer>(stream_.get_executor(), wait);
        due->async_wait(
            [due, self = this->shared_from_this(), answer = std::move(answer)](const boost::system::error_code& error) {
                if (!error && self->server_ != nullptr) {
                    self->send(answer);
                }
            });
    }

    void send(RtuBytes answer) {
        auto kept = std::make_shared<RtuBytes>(std::move(answer));
        asio::async_write(stream_, asio::buffer(*kept),
                          [kept, self = this->shared_from_this()](const boost::system::error_code&, std::size_t) {});
    }

    Stream stream_;
    ModbusRtuServer* server_;
    std::array<std::uint8_t, 512> buffer_{};
    RtuBytes bytes_;
};

ModbusRtuServer::ModbusRtuServer(asio::io_context& context) : context_(context), acceptor_(context) {}

ModbusRtuServer::~ModbusRtuServer() {
    unplug();
    boost::system::error_code ignored;
    acceptor_.close(ignored);
}

void ModbusRtuServer::serve_line(const std::filesystem::path& link) {
    link_ = link.string();
    replug();
}

void ModbusRtuServer::unplug() {
    for (const auto& session : std::exchange(sessions_, {})) {
        session->stop();
    }
    if (!link_.empty()) {
        std::error_code ignored;
        std::filesystem::remove(link_, ignored);
    }
    close_slave();
}

void ModbusRtuServer::close_slave() {
    if (slave_keeper_ >= 0) {
        ::close(std::exchange(slave_keeper_, -1));
    }
}

void ModbusRtuServer::replug() {
    unplug();
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    std::array<char, 128> name{};
    if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0 ||
        ::ptsname_r(master, name.data(), name.size()) != 0) {
        no_pty("a pty for an RTU line");
    }
    slave_ = name.data();
    slave_keeper_ = ::open(slave_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    termios line{};
    if (slave_keeper_ < 0 || ::tcgetattr(slave_keeper_, &line) != 0) {
        no_pty("the slave of an RTU line");
    }
    ::cfmakeraw(&line);
    if (::tcsetattr(slave_keeper_, TCSANOW, &line) != 0) {
        no_pty("raw mode of an RTU line");
    }
    if (!link_.empty()) {
        std::filesystem::create_symlink(slave_, link_);
    }
    using Line = StreamSession<asio::posix::stream_descriptor>;
    const auto session = std::make_shared<Line>(asio::posix::stream_descriptor{context_, master}, *this);
    sessions_.push_back(session);
    session->read();
}

void ModbusRtuServer::serve_tcp(std::uint16_t port) {
    const asio::ip::tcp::endpoint here{asio::ip::address_v4::loopback(), port};
    acceptor_.open(here.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address{true});
    acceptor_.bind(here);
    acceptor_.listen();
    port_ = acceptor_.local_endpoint().port();
    accept();
}

void ModbusRtuServer::accept() {
    acceptor_.async_accept(context_, [this](const boost::system::error_code& error, asio::ip::tcp::socket socket) {
        if (error) {
            return;
        }
        ++accepted_;
        for (const auto& session : std::exchange(sessions_, {})) {
            session->stop();  // a terminal server gives its line to one at a time
        }
        socket.set_option(asio::ip::tcp::no_delay{true});
        const auto session = std::make_shared<StreamSession<asio::ip::tcp::socket>>(std::move(socket), *this);
        sessions_.push_back(session);
        session->read();
        accept();
    });
}

void ModbusRtuServer::pace(int baud, int bits_a_character) {
    character_ = std::chrono::nanoseconds{std::int64_t{1'000'000'000} * bits_a_character / baud};
}

std::chrono::nanoseconds ModbusRtuServer::time_of(std::size_t characters) const {
    return character_ * static_cast<std::int64_t>(characters);
}

ModbusRtuServer::Bytes ModbusRtuServer::answer(const Bytes& question) {
    ++questions_;
    const auto unit = question.front();
    if (question_) {
        question_(unit);
    }
    Bytes out;
    if (faults.echo) {
        out = question;
    }
    const auto found = units_.find(unit);
    if (faults.mute || found == units_.end()) {
        return out;
    }
    Bytes frame{faults.answer_as_unit.value_or(unit)};
    const auto pdu = found->second(std::span{question}.subspan(1, question.size() - 1 - rtu_check_size));
    frame.insert(frame.end(), pdu.begin(), pdu.end());
    auto sent = damaged(std::move(frame));
    if (faults.late) {
        std::swap(sent, held_back_);
    }
    out.insert(out.end(), sent.begin(), sent.end());
    return out;
}

ModbusRtuServer::Bytes ModbusRtuServer::damaged(Bytes frame) {
    constexpr std::size_t values_at = 3;
    if (faults.swap_bytes && (frame[1] == 3 || frame[1] == 4)) {
        for (std::size_t i = values_at; i + 1 < frame.size(); i += 2) {
            std::swap(frame[i], frame[i + 1]);
        }
    }
    const auto check = static_cast<unsigned>(rtu_check(frame)) ^ (faults.wrong_check ? 1U : 0U);
    frame.push_back(static_cast<std::uint8_t>(check & 0xFFU));
    frame.push_back(static_cast<std::uint8_t>(check >> 8U));
    if (faults.cut_after && *faults.cut_after < frame.size()) {
        frame.resize(*faults.cut_after);
    }
    Bytes out = faults.noise_before;
    out.insert(out.end(), frame.begin(), frame.end());
    if (faults.doubled) {
        out.insert(out.end(), frame.begin(), frame.end());
    }
    out.insert(out.end(), faults.noise_after.begin(), faults.noise_after.end());
    return out;
}

}  // namespace portcullis::simulators
