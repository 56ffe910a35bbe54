#include "drivers/http/push_server.hpp"

#include <algorithm>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cctype>
#include <optional>
#include <utility>

#include "drivers/http/digest_auth.hpp"

namespace portcullis::drivers {

namespace {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr milliseconds patience{5'000};      ///< for one request, and its answer
constexpr milliseconds keeps_quiet{60'000};  ///< between requests
constexpr milliseconds shortest_pause{1'000};
constexpr milliseconds longest_wait{30'000};
constexpr std::uint32_t longest_header = 8192;

/// In a time that does not tell how much of it was right.
bool same(std::string_view a, std::string_view b) {
    unsigned differs = a.size() == b.size() ? 0 : 1;
    for (std::size_t i = 0; i < a.size() && !b.empty(); ++i) {
        differs |=
            unsigned{static_cast<unsigned char>(a[i])} ^ unsigned { static_cast<unsigned char>(b[i % b.size()]) };
    }
    return differs == 0;
}

bool is_json(std::string_view field) {
    constexpr std::string_view json = "application/json";
    const auto type = field.substr(0, field.find(';'));
    return type.size() >= json.size() && std::equal(json.begin(), json.end(), type.begin(), [](char a, char b) {
               return a == std::tolower(static_cast<unsigned char>(b));
           });
}

}  // namespace

/// One reader's connection: a request, its answer, the next.
class PushServer::Connection : public std::enable_shared_from_this<PushServer::Connection> {
public:
    Connection(tcp::socket socket, PushServer& owner)
        : socket_(std::move(socket)),
          owner_(&owner),
          buffer_(largest_body + longest_header),
          due_(owner.context_, owner.clock_, [this] { overdue(); }) {}

    void listen() {
        parser_.emplace();
        parser_->header_limit(longest_header);
        parser_->body_limit(largest_body);
        due_.set(owner_->clock_.now().instant + keeps_quiet);
        if (buffer_.size() > 0) {
            read();
            return;
        }
        socket_.async_wait(tcp::socket::wait_read, [weak = weak_from_this()](const error_code& error) {
            const auto self = weak.lock();
            if (self && self->owner_ != nullptr) {
                error ? self->leave() : self->read();
            }
        });
    }
    void stop() {
        owner_ = nullptr;
        due_.cancel();
        error_code ignored;
        socket_.close(ignored);
    }

private:
    void read() {
        at_ = owner_->clock_.now().instant;
        due_.set(at_ + patience);
        reading_ = true;
        http::async_read(socket_, buffer_, *parser_, [weak = weak_from_this()](const error_code& error, std::size_t) {
            const auto self = weak.lock();
            if (self && self->owner_ != nullptr) {
                self->taken(error);
            }
        });
    }

    void taken(const error_code& error) {
        reading_ = false;
        const auto& message = parser_->get();
        const auto* device = owner_->find(message.target());  // of a request line that came
        if (error == http::error::body_limit || error == http::error::header_limit ||
            error == http::error::buffer_overflow) {
            refuse(device, "too_large", http::status::payload_too_large);
        } else if (error) {
            if (device != nullptr && error != http::error::end_of_stream) {
                device->refused("cut", at_);
            }
            leave();
        } else if (device == nullptr) {
            answer(http::status::not_found, message.keep_alive());
        } else if (!owner_->authorization_.empty() &&
                   !same(message[http::field::authorization], owner_->authorization_)) {
            refuse(device, "authentication", http::status::unauthorized);
        } else if (message.method() != http::verb::post) {
            refuse(device, "method", http::status::method_not_allowed);
        } else if (!is_json(message[http::field::content_type])) {
            refuse(device, "content_type", http::status::unsupported_media_type);
        } else {
            const auto taken = device->pushed(message.body(), at_);
            answer(static_cast<http::status>(taken), message.keep_alive());
        }
    }

    void refuse(const PushEvents* device, std::string_view kind, http::status status) {
        if (device != nullptr) {
            device->refused(kind, at_);
        }
        answer(status, false);
    }

    void answer(http::status status, bool keep_alive) {
        if (owner_ == nullptr) {
            return;  // whoever was told stopped the server
        }
        answer_ = {};
        answer_.version(11);
        answer_.result(status);
        answer_.keep_alive(keep_alive && ++requests_ < most_requests);
        if (status == http::status::unauthorized) {
            answer_.set(http::field::www_authenticate, "Basic realm=\"portcullis\"");
        }
        if (status == http::status::method_not_allowed) {
            answer_.set(http::field::allow, "POST");
        }
        answer_.prepare_payload();
        http::async_write(socket_, answer_, [weak = weak_from_this()](const error_code& error, std::size_t) {
            const auto self = weak.lock();
            if (self && self->owner_ != nullptr) {
                !error && self->answer_.keep_alive() ? self->listen() : self->leave();
            }
        });
    }

    void overdue() {
        if (reading_) {
            const auto* device = owner_->find(parser_->get().target());
            if (device != nullptr) {
                device->refused("cut", at_);
            }
        }
        leave();
    }
    void leave() {
        if (auto* owner = owner_; owner != nullptr) {
            const auto keep = shared_from_this();
            stop();
            owner->leave(keep);
        }
    }

    tcp::socket socket_;
    PushServer* owner_;
    boost::beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    http::response<http::empty_body> answer_;
    Instant at_;
    bool reading_ = false;
    std::size_t requests_ = 0;
    runtime::Alarm due_;
};

PushServer::PushServer(Endpoint endpoint, const Credential& credential, boost::asio::io_context& context,
                       const runtime::Clock& clock)
    : endpoint_(std::move(endpoint)),
      authorization_(credential.empty() ? std::string{} : basic_authorization(credential)),
      context_(context),
      clock_(clock),
      acceptor_(context),
      back_off_(shortest_pause, longest_wait),
      again_(context, clock, [this] { open(); }) {}

PushServer::~PushServer() {
    close();
}

void PushServer::add(const std::string& path, PushEvents events) {
    paths_[path] = std::move(events);
    if (!acceptor_.is_open() && !again_.set_for()) {
        again_.set(clock_.now().instant);  // later: whoever starts is not told while it starts
    }
}

void PushServer::remove(const std::string& path) {
    paths_.erase(path);
    if (paths_.empty()) {
        close();
    }
}

const PushEvents* PushServer::find(std::string_view target) const {
    const auto found = paths_.find(target.substr(0, target.find('?')));
    return found == paths_.end() ? nullptr : &found->second;
}

void PushServer::open() {
    const tcp::endpoint at{boost::asio::ip::make_address(endpoint_.address), endpoint_.port};
    error_code error;
    acceptor_.open(at.protocol(), error);
    if (!error) {
        acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
        acceptor_.bind(at, error);
    }
    if (!error) {
        acceptor_.listen(boost::asio::socket_base::max_listen_connections, error);
    }
    if (error) {
        error_code ignored;
        acceptor_.close(ignored);
        again_.set(clock_.now().instant + back_off_.fail());
        tell("cannot listen at " + endpoint_.text() + ": " + error.message());
        return;
    }
    back_off_.reset();
    port_ = acceptor_.local_endpoint().port();
    self_ = std::make_shared<PushServer*>(this);
    tell({});
    accept();
}

void PushServer::close() {
    self_.reset();
    again_.cancel();
    error_code ignored;
    acceptor_.close(ignored);
    for (const auto& connection : std::exchange(connections_, {})) {
        connection->stop();
    }
}

void PushServer::tell(const std::string& cause) {
    const auto now = clock_.now().instant;
    for (const auto& [path, events] : paths_) {
        events.listening(cause, now);
    }
}

void PushServer::accept() {
    acceptor_.async_accept([this, weak = std::weak_ptr{self_}](const error_code& error, tcp::socket socket) {
        if (weak.expired()) {
            return;
        }
        if (error) {
            // No descriptor is left, or the address has gone: not at once again.
            error_code ignored;
            acceptor_.close(ignored);
            again_.set(clock_.now().instant + back_off_.fail());
            tell("cannot take connections at " + endpoint_.text() + ": " + error.message());
            return;
        }
        if (connections_.size() < most_connections) {
            const auto connection = std::make_shared<Connection>(std::move(socket), *this);
            connections_.insert(connection);
            connection->listen();
        }
        accept();
    });
}

void PushServer::leave(const std::shared_ptr<Connection>& connection) {
    connections_.erase(connection);
}

}  // namespace portcullis::drivers
