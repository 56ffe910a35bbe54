#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/back_off.hpp"
#include "drivers/transport/byte_stream.hpp"
#include "drivers/transport/endpoint.hpp"
#include "runtime/alarm.hpp"

namespace portcullis::drivers {

/// The bytes of a serial device over TCP from a terminal server. Connects within 1 s or tries again with a back-off.
/// What comes in the first 200 ms is dropped: terminal servers replay lines of an earlier truck after a reconnect.
class TcpStream final : public ByteStream {
public:
    TcpStream(Endpoint endpoint, boost::asio::io_context& context, const runtime::Clock& clock);

    void start(ByteStreamEvents events) override;
    void stop() override;
    [[nodiscard]] bool send(std::span<const std::uint8_t> bytes) override;

private:
    void written(const boost::system::error_code& error);
    void connect();
    void connected(const boost::system::error_code& error);
    void read();
    void received(const boost::system::error_code& error, std::size_t length);
    void lose(const std::string& cause);
    void alarm();

    Endpoint endpoint_;
    const runtime::Clock& clock_;
    ByteStreamEvents events_;
    boost::asio::ip::tcp::socket socket_;
    std::array<std::uint8_t, 512> buffer_{};
    BackOff back_off_{first_pause, longest_pause};
    enum class State : std::uint8_t { waiting, connecting, settling, open };
    State state_ = State::waiting;
    runtime::Alarm alarm_;           ///< of the state: try again, give up connecting, settled
    std::vector<std::uint8_t> out_;  ///< what is being written; empty = nothing
    runtime::Alarm write_due_;
    std::shared_ptr<TcpStream*> self_;
    std::uint64_t attempt_ = 0;
};

}  // namespace portcullis::drivers
