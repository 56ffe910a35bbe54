#include "simulators/rig/notify_socket.hpp"

#include <boost/asio/buffer.hpp>
#include <utility>

namespace portcullis::rig {

NotifySocket::NotifySocket(boost::asio::io_context& context, const std::filesystem::path& path, Heard heard)
    : socket_(context, boost::asio::local::datagram_protocol::endpoint{path.string()}), heard_(std::move(heard)) {
    listen();
}

void NotifySocket::listen() {
    socket_.async_receive(boost::asio::buffer(buffer_),
                          [this](const boost::system::error_code& error, std::size_t size) {
                              if (!error) {
                                  heard_({buffer_.data(), size});
                                  listen();
                              }
                          });
}

}  // namespace portcullis::rig
