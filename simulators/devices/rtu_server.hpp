#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "simulators/devices/modbus_server.hpp"

namespace portcullis::simulators {

/// Ways in which units of an RTU line and the line itself misbehave.
struct RtuFaults {
    bool mute = false;  ///< takes questions and answers nothing
    std::optional<std::uint8_t> answer_as_unit;
    std::chrono::milliseconds delay{0};    ///< before the answer
    bool late = false;                     ///< answers each question only when the next one has come
    bool wrong_check = false;              ///< the CRC is off by a bit
    bool doubled = false;                  ///< every answer twice
    bool swap_bytes = false;               ///< the bytes of every register that is read change places
    std::optional<std::size_t> cut_after;  ///< only the first bytes of an answer
    std::vector<std::uint8_t> noise_before;
    std::vector<std::uint8_t> noise_after;
    bool echo = false;  ///< gives the question back first, as a simple RS-485 adapter does
};

/// Modbus RTU units on a serial line (the master side of a pty whose slave the daemon opens) or behind a terminal
/// server (TCP), written on Asio and raw frames. Runs on the caller's context; all calls come from there.
class ModbusRtuServer {
public:
    using Handler = ModbusServer::Handler;

    explicit ModbusRtuServer(boost::asio::io_context& context);
    ~ModbusRtuServer();
    ModbusRtuServer(const ModbusRtuServer&) = delete;
    ModbusRtuServer& operator=(const ModbusRtuServer&) = delete;
    ModbusRtuServer(ModbusRtuServer&&) = delete;
    ModbusRtuServer& operator=(ModbusRtuServer&&) = delete;

    /// One unit of the line, or a new handler for it. Without one it is not there, and silent.
    void add_unit(std::uint8_t unit, Handler handler) { units_[unit] = std::move(handler); }
    void remove_unit(std::uint8_t unit) { units_.erase(unit); }

    /// A pty; `link` (may be empty) is kept as a stable name for its slave, as udev does for a serial port. Throws
    /// std::system_error when the system has none left.
    void serve_line(const std::filesystem::path& link);
    /// The name to open: the link, or the slave's own.
    [[nodiscard]] const std::string& path() const { return link_.empty() ? slave_ : link_; }
    /// The cable out: whoever has it open is told …
    void unplug();
    /// … and in again, as a new device under the same link.
    void replug();

    /// Listens on 127.0.0.1; port 0 takes a free one. Throws boost::system::system_error when it cannot.
    void serve_tcp(std::uint16_t port);
    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// Connections ever accepted.
    [[nodiscard]] std::int64_t accepted() const { return accepted_; }

    /// As slow as a real line of this speed (10 bits a character unless told): a question is taken, and an answer
    /// given, only after the time that its bytes need, with 3.5 characters of silence before the answer.
    void pace(int baud, int bits_a_character = 10);

    /// Called whenever a whole question arrives, with its unit.
    void on_question(std::function<void(std::uint8_t unit)> question) { question_ = std::move(question); }
    /// Whole questions with a right CRC, of any unit.
    [[nodiscard]] std::int64_t questions() const { return questions_; }

    RtuFaults faults;

private:
    class Session;
    template <class Stream>
    class StreamSession;
    using Bytes = std::vector<std::uint8_t>;

    void accept();
    void close_slave();
    /// The bytes that go out for one question, in order; empty = silence.
    [[nodiscard]] Bytes answer(const Bytes& question);
    [[nodiscard]] Bytes damaged(Bytes frame);
    [[nodiscard]] std::chrono::nanoseconds time_of(std::size_t characters) const;

    boost::asio::io_context& context_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::map<std::uint8_t, Handler> units_;
    std::function<void(std::uint8_t)> question_;
    std::vector<std::shared_ptr<Session>> sessions_;
    std::string slave_;
    std::string link_;
    int slave_keeper_ = -1;  ///< keeps the line up while nobody has it open
    std::uint16_t port_ = 0;
    std::int64_t accepted_ = 0;
    std::int64_t questions_ = 0;
    std::chrono::nanoseconds character_{0};
    Bytes held_back_;
};

}  // namespace portcullis::simulators
