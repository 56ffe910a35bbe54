#include "simulators/devices/json_pusher.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <sstream>
#include <utility>

namespace portcullis::simulators {

namespace {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using boost::system::error_code;

class OnePush : public std::enable_shared_from_this<OnePush> {
public:
    OnePush(boost::asio::io_context& context, std::string bytes, bool cut, std::function<void(unsigned)> answered)
        : socket_(context), bytes_(std::move(bytes)), cut_(cut), answered_(std::move(answered)) {}

    void start(std::uint16_t port) {
        socket_.async_connect(
            {boost::asio::ip::address_v4::loopback(), port},
            [self = shared_from_this()](const error_code& error) { error ? self->end(0) : self->send(); });
    }

private:
    void send() {
        boost::asio::async_write(socket_, boost::asio::buffer(bytes_),
                                 [self = shared_from_this()](const error_code& error, std::size_t) {
                                     error || self->cut_ ? self->end(0) : self->hear();
                                 });
    }
    void hear() {
        http::async_read(socket_, buffer_, answer_, [self = shared_from_this()](const error_code& error, std::size_t) {
            self->end(error ? 0 : self->answer_.result_int());
        });
    }
    void end(unsigned status) {
        error_code ignored;
        socket_.close(ignored);
        if (answered_) {
            answered_(status);
        }
    }

    tcp::socket socket_;
    std::string bytes_;
    bool cut_;
    std::function<void(unsigned)> answered_;
    boost::beast::flat_buffer buffer_;
    http::response<http::string_body> answer_;
};

}  // namespace

void JsonPusher::push(const Push& push, std::function<void(unsigned status)> answered) {
    http::request<http::string_body> request{http::string_to_verb(push.method), push.path, 11};
    request.set(http::field::host, "gate");
    request.set(http::field::content_type, push.type);
    if (!push.authorization.empty()) {
        request.set(http::field::authorization, push.authorization);
    }
    request.body() = push.body;
    request.prepare_payload();
    std::ostringstream text;
    text << request;
    auto bytes = text.str();
    if (push.cut) {
        bytes.resize(bytes.size() - push.body.size() / 2);
    }
    std::make_shared<OnePush>(context_, std::move(bytes), push.cut, std::move(answered))->start(port_);
}

}  // namespace portcullis::simulators
