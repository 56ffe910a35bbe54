#include "drivers/http/http_get.hpp"

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cctype>
#include <optional>
#include <string_view>
#include <utility>

#include "runtime/alarm.hpp"

namespace portcullis::drivers {

namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t most_buffered = std::size_t{64} * 1024;
constexpr std::uint32_t longest_header = 8192;

std::string media_type(std::string_view field) {
    std::string type{field.substr(0, field.find(';'))};
    while (!type.empty() && type.back() == ' ') {
        type.pop_back();
    }
    std::transform(type.begin(), type.end(), type.begin(),
                   [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
    return type;
}

std::string_view cause_of(const error_code& error) {
    if (error == http::error::body_limit || error == http::error::header_limit ||
        error == http::error::buffer_overflow) {
        return "too_large";
    }
    if (error == http::error::partial_message || error == http::error::end_of_stream ||
        error == boost::asio::error::eof || error == boost::asio::error::connection_reset) {
        return "cut";
    }
    return error.category() == http::make_error_code(http::error::bad_version).category() ? "not_http" : "offline";
}

}  // namespace

/// What the handlers of one GET share. They hold it weakly: whoever destroys the GET hears nothing more.
class HttpGet::Exchange : public std::enable_shared_from_this<HttpGet::Exchange> {
    /// A handler that goes on with `next`, or tells why not.
    template <class Next>
    auto step(Next next) {
        return [weak = weak_from_this(), next](const error_code& error, std::size_t length = 0) {
            const auto self = weak.lock();
            if (!self || !self->done_) {
                return;
            }
            if (error) {
                self->fail(cause_of(error), error.message());
                return;
            }
            next(*self, length);
        };
    }

public:
    Exchange(boost::asio::io_context& context, const runtime::Clock& clock, Request request, HttpLimits limits,
             HttpDone done)
        : clock_(clock),
          request_(std::move(request)),
          limits_(limits),
          done_(std::move(done)),
          socket_(context),
          buffer_(most_buffered),
          due_(context, clock, [this] { fail(late_, "within the limit of this step"); }) {
        parser_.header_limit(longest_header);
        parser_.body_limit(limits_.most);
    }

    void begin() {
        wait(limits_.connect, "offline");
        error_code bad;
        const boost::asio::ip::tcp::endpoint peer{boost::asio::ip::make_address(request_.endpoint.address, bad),
                                                  request_.endpoint.port};
        socket_.async_connect(peer, step([](Exchange& self, std::size_t) { self.ask(); }));
    }
    void end() {
        due_.cancel();
        error_code ignored;
        socket_.close(ignored);
        done_ = nullptr;
    }

private:
    void ask() {
        message_.method(http::verb::get);
        message_.version(11);
        message_.target(request_.target);
        message_.set(http::field::host, request_.endpoint.text());
        message_.set(http::field::accept, "image/jpeg");
        message_.set(http::field::cache_control, "no-cache");
        message_.set(http::field::connection, "close");
        if (!request_.authorization.empty()) {
            message_.set(http::field::authorization, request_.authorization);
        }
        answer_.asked = clock_.now().instant;
        wait(limits_.answer, "timeout");
        http::async_write(socket_, message_, step([](Exchange& self, std::size_t) { self.listen(); }));
    }
    void listen() {
        socket_.async_wait(boost::asio::ip::tcp::socket::wait_read, step([](Exchange& self, std::size_t) {
                               self.answer_.first_byte = self.clock_.now().instant;
                               self.wait(self.limits_.body, "cut");
                               self.read();
                           }));
    }
    void read() {
        http::async_read(socket_, buffer_, parser_, step([](Exchange& self, std::size_t) { self.take(); }));
    }
    void take() {
        auto& message = parser_.get();
        answer_.status = message.result_int();
        answer_.content_type = media_type(message[http::field::content_type]);
        const auto fields = message.equal_range(http::field::www_authenticate);
        for (auto field = fields.first; field != fields.second; ++field) {
            answer_.authenticate.emplace_back(field->value());
        }
        const auto age = message[http::field::age];
        answer_.cached = !age.empty() && age != "0";
        answer_.body = std::move(message.body());
        finish(std::move(answer_));
    }

    void wait(std::chrono::milliseconds limit, std::string_view late) {
        late_ = late;
        due_.set(clock_.now().instant + limit);
    }
    void fail(std::string_view cause, const std::string& detail) {
        finish(Failure{HttpFailure{std::string{cause}, request_.endpoint.text() + ": " + detail}});
    }
    void finish(Result<HttpAnswer, HttpFailure> result) {
        const auto keep = shared_from_this();  // `done` may destroy the GET
        const auto done = std::exchange(done_, nullptr);
        end();
        if (done) {
            done(std::move(result));
        }
    }

    const runtime::Clock& clock_;
    Request request_;
    HttpLimits limits_;
    HttpDone done_;
    boost::asio::ip::tcp::socket socket_;
    boost::beast::flat_buffer buffer_;
    http::request<http::empty_body> message_;
    http::response_parser<http::vector_body<std::uint8_t>> parser_;
    HttpAnswer answer_;
    std::string_view late_;  ///< what it is called when the step takes too long
    runtime::Alarm due_;
};

HttpGet::HttpGet(boost::asio::io_context& context, const runtime::Clock& clock, Request request, HttpLimits limits,
                 HttpDone done)
    : exchange_(std::make_shared<Exchange>(context, clock, std::move(request), limits, std::move(done))) {
    exchange_->begin();
}

HttpGet::~HttpGet() {
    exchange_->end();
}

}  // namespace portcullis::drivers
