#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/datagram_protocol.hpp>
#include <filesystem>
#include <functional>
#include <string_view>

namespace portcullis::rig {

/// What systemd is to a service: the socket on which it says that it is ready.
class NotifySocket {
public:
    /// Called with each message as it came, as `READY=1\nSTATUS=…`.
    using Heard = std::function<void(std::string_view message)>;

    /// Throws boost::system::system_error when the path is too long or taken.
    NotifySocket(boost::asio::io_context& context, const std::filesystem::path& path, Heard heard);

private:
    void listen();

    boost::asio::local::datagram_protocol::socket socket_;
    std::array<char, 4096> buffer_{};
    Heard heard_;
};

}  // namespace portcullis::rig
