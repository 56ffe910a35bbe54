#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace portcullis::simulators {

using Bytes = std::vector<std::uint8_t>;

/// Runs `context` until `done`, at most ten seconds.
inline bool run_until(boost::asio::io_context& context, const std::function<bool()>& done) {
    for (int i = 0; i < 1000 && !done(); ++i) {
        context.run_for(std::chrono::milliseconds{10});
    }
    return done();
}

/// A Modbus TCP client of raw frames on the same context as the server.
class ModbusClient {
public:
    ModbusClient(boost::asio::io_context& context, std::uint16_t port) : context_(context), socket_(context) {
        socket_.connect({boost::asio::ip::address_v4::loopback(), port});
    }

    void send(const Bytes& pdu, std::uint8_t unit = 1) {
        Bytes frame{0, ++transaction_, 0, 0, 0, static_cast<std::uint8_t>(pdu.size() + 1), unit};
        frame.insert(frame.end(), pdu.begin(), pdu.end());
        boost::asio::write(socket_, boost::asio::buffer(frame));
    }
    /// The next frame, header and all; nothing when the connection ends or no frame comes.
    std::optional<Bytes> receive() {
        std::array<std::uint8_t, 7> header{};
        if (!read(boost::asio::buffer(header))) {
            return std::nullopt;
        }
        Bytes frame(header.begin(), header.end());
        Bytes rest(static_cast<std::size_t>(header[5]) - 1);
        if (!read(boost::asio::buffer(rest))) {
            return std::nullopt;
        }
        frame.insert(frame.end(), rest.begin(), rest.end());
        return frame;
    }
    /// The reply's function and data.
    Bytes ask(const Bytes& pdu) {
        send(pdu);
        const auto frame = receive();
        return frame ? Bytes(frame->begin() + 7, frame->end()) : Bytes{};
    }

private:
    template <class Buffer>
    bool read(const Buffer& buffer) {
        std::optional<bool> done;
        boost::asio::async_read(socket_, buffer,
                                [&](const boost::system::error_code& error, std::size_t) { done = !error; });
        if (!run_until(context_, [&] { return done.has_value(); })) {
            socket_.close();
            run_until(context_, [&] { return done.has_value(); });
            return false;
        }
        return *done;
    }

    boost::asio::io_context& context_;
    boost::asio::ip::tcp::socket socket_;
    std::uint8_t transaction_ = 0;
};

}  // namespace portcullis::simulators
