#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace portcullis::simulators {

/// A request as it came in, or a reply as it goes out: function code and data, without the MBAP header.
using Pdu = std::vector<std::uint8_t>;

/// Ways in which a real unit or its network misbehaves.
struct ModbusFaults {
    bool mute = false;    ///< takes requests and answers nothing
    bool refuse = false;  ///< closes every connection at once
    std::optional<std::uint8_t> answer_as_unit;
    std::optional<std::uint16_t> answer_length;  ///< what the MBAP header claims
    bool late = false;                           ///< answers each request only when the next one has come
    bool noise = false;                          ///< bytes that nobody sent stand before each answer
    std::chrono::microseconds delay{0};          ///< before each answer
};

/// A Modbus TCP server written on Asio, so that it cannot share a fault with the daemon's libmodbus. Runs on the
/// caller's context; all calls come from there.
class ModbusServer {
public:
    using Handler = std::function<Pdu(std::span<const std::uint8_t> request)>;

    /// Listens on 127.0.0.1; port 0 takes a free one; unit 0 answers for all that have no handler of their own. Throws
    /// boost::system::system_error when it cannot.
    ModbusServer(boost::asio::io_context& context, std::uint16_t port, std::uint8_t unit, Handler handler);
    ~ModbusServer();
    ModbusServer(const ModbusServer&) = delete;
    ModbusServer& operator=(const ModbusServer&) = delete;
    ModbusServer(ModbusServer&&) = delete;
    ModbusServer& operator=(ModbusServer&&) = delete;

    /// One more unit behind the same address, as gateways have them.
    void add_unit(std::uint8_t unit, Handler handler) { units_[unit] = std::move(handler); }

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::size_t connections() const { return sessions_.size(); }
    /// Called whenever a client's bytes arrive: the module's own communication watchdog.
    void on_traffic(std::function<void()> traffic) { traffic_ = std::move(traffic); }
    /// Cuts every connection, and each new one at once (cable pulled, power gone); the port stays ours …
    void go_offline();
    /// … and serves again.
    void go_online() { offline_ = false; }

    ModbusFaults faults;

private:
    class Session;
    void listen();
    void accept();
    [[nodiscard]] const Handler* handler_of(std::uint8_t unit) const;

    boost::asio::io_context& context_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::uint16_t port_ = 0;
    std::map<std::uint8_t, Handler> units_;
    std::function<void()> traffic_;
    std::set<std::shared_ptr<Session>> sessions_;
    bool offline_ = false;
};

/// The exception reply of the Modbus specification.
[[nodiscard]] Pdu modbus_exception(std::uint8_t function, std::uint8_t code);

}  // namespace portcullis::simulators
