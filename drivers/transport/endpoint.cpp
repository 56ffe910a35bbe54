#include "drivers/transport/endpoint.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <charconv>
#include <system_error>

namespace portcullis::drivers {

namespace {

std::string failure_of(int error) {
    return std::generic_category().message(error);
}

int wait_connected(int socket, int limit_ms) {
    pollfd wait{.fd = socket, .events = POLLOUT, .revents = 0};
    const int ready = ::poll(&wait, 1, limit_ms);
    if (ready < 0) {
        return errno;
    }
    if (ready == 0) {
        return ETIMEDOUT;
    }
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

}  // namespace

std::string Endpoint::text() const {
    const auto number = std::to_string(port);
    return address.find(':') == std::string::npos ? address + ":" + number : "[" + address + "]:" + number;
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    const auto number = text.substr(colon + 1);
    Endpoint endpoint;
    const auto [end, failed] = std::from_chars(number.data(), number.data() + number.size(), endpoint.port);
    if (failed != std::errc{} || end != number.data() + number.size() || endpoint.port == 0) {
        return std::nullopt;
    }
    auto address = text.substr(0, colon);
    const bool bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
    if (bracketed) {
        address = address.substr(1, address.size() - 2);
    }
    boost::system::error_code bad;
    const auto parsed = boost::asio::ip::make_address(std::string{address}, bad);
    if (bad || parsed.is_v6() != bracketed) {
        return std::nullopt;
    }
    endpoint.address = address;
    return endpoint;
}

ConnectResult connect_within(const Endpoint& endpoint, int limit_ms) {
    const boost::asio::ip::tcp::endpoint peer{boost::asio::ip::make_address(endpoint.address), endpoint.port};
    const int socket = ::socket(peer.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (socket < 0) {
        return {.socket = -1, .cause = failure_of(errno)};
    }
    int error = ::connect(socket, peer.data(), static_cast<socklen_t>(peer.size())) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
        error = wait_connected(socket, limit_ms);
    }
    if (error != 0) {
        ::close(socket);
        return {.socket = -1, .cause = failure_of(error)};
    }
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // a request is one small segment; wait for none
    return {.socket = socket, .cause = {}};
}

}  // namespace portcullis::drivers
