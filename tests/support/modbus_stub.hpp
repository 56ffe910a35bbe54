#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace portcullis::testing {

using Bytes = std::vector<std::uint8_t>;

/// A Modbus TCP server on 127.0.0.1 that answers as its script says: honestly, wrongly, late, slowly or not at all.
/// Written on Asio and raw frames, so that it shares no fault with the link under test; its own thread, because the
/// link blocks. Bits and registers from 0 on; unit ids are answered as they are asked.
class ModbusStub {
public:
    struct Memory {
        std::vector<bool> bits = std::vector<bool>(8192);
        std::vector<std::uint16_t> registers = std::vector<std::uint16_t>(8192);
    };
    enum class Act : std::uint8_t { send, drip, silence, close, reset };
    struct Reply {
        Act act = Act::send;
        Bytes bytes;
    };
    /// The request and the honest answer, both whole frames. Runs on the stub's thread.
    using Script = std::function<Reply(const Bytes& request, const Bytes& honest)>;

    ModbusStub();
    ~ModbusStub();
    ModbusStub(const ModbusStub&) = delete;
    ModbusStub& operator=(const ModbusStub&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    void script(Script script);
    void honest();
    void change(const std::function<void(Memory&)>& change);
    void set_bit(std::size_t at, bool value);
    /// Refuses connections and cuts those that stand, until `back`.
    void go_away();
    void come_back();

    [[nodiscard]] bool bit(std::size_t at);
    [[nodiscard]] std::vector<Bytes> requests();  ///< in order, as received
    [[nodiscard]] std::size_t connections();      ///< ever accepted

private:
    class Session;
    void listen();
    void accept();
    [[nodiscard]] Bytes answer(const Bytes& request);
    /// Runs it on the stub's thread and waits.
    void there(const std::function<void()>& work);

    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_{context_.get_executor()};
    boost::asio::ip::tcp::acceptor acceptor_{context_};
    std::uint16_t port_ = 0;
    Memory memory_;
    Script script_;
    std::vector<Bytes> requests_;
    std::vector<std::weak_ptr<Session>> sessions_;
    std::thread thread_;
};

}  // namespace portcullis::testing
