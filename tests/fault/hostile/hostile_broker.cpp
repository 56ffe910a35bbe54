#include "tests/fault/hostile/hostile_broker.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <utility>

namespace portcullis::fault {

namespace asio = boost::asio;
using boost::asio::ip::tcp;
using boost::system::error_code;
using Socket = std::shared_ptr<tcp::socket>;

namespace {

void close(const Socket& socket) {
    error_code ignored;
    socket->close(ignored);
}

/// One direction of what is passed on.
void pass_on(const Socket& from, const Socket& to, const std::shared_ptr<std::array<char, 65536>>& chunk) {
    from->async_read_some(asio::buffer(*chunk), [from, to, chunk](error_code error, std::size_t count) {
        if (error) {
            close(from);
            close(to);
            return;
        }
        asio::async_write(*to, asio::buffer(*chunk, count), [from, to, chunk](error_code failed, std::size_t) {
            if (failed) {
                close(from);
                close(to);
                return;
            }
            pass_on(from, to, chunk);
        });
    });
}

}  // namespace

/// A broker for one client; takes what it sends and plays the case at its moment.
class HostileBroker::Stub : public std::enable_shared_from_this<Stub> {
public:
    Stub(HostileBroker& broker, Socket socket, HostileCase hostile)
        : broker_(broker), socket_(std::move(socket)), case_(std::move(hostile)) {}

    void read() {
        socket_->async_read_some(asio::buffer(chunk_),
                                 [self = shared_from_this()](error_code error, std::size_t count) {
                                     if (error) {
                                         return self->end(error);
                                     }
                                     self->received_.append(self->chunk_.data(), count);
                                     self->take_packets();
                                     self->read();
                                 });
    }

private:
    using Stage = HostileCase::Stage;

    void take_packets() {
        for (;;) {
            std::size_t left = 0;
            std::size_t factor = 1;
            std::size_t at = 1;
            for (; at < received_.size(); ++at, factor *= 128) {
                const auto digit = static_cast<std::uint8_t>(received_[at]);
                left += (digit & 0x7fU) * factor;
                if ((digit & 0x80U) == 0) {
                    break;
                }
            }
            if (at >= received_.size() || received_.size() < at + 1 + left) {
                return;
            }
            answer(static_cast<std::uint8_t>(received_[0]), received_.substr(at + 1, left));
            received_.erase(0, at + 1 + left);
        }
    }

    void answer(std::uint8_t type, const std::string& body) {
        switch (type & 0xf0U) {
            case 0x10:  // CONNECT
                return case_.stage == Stage::connack ? play() : send(std::string("\x20\x03\0\0\0", 5));
            case 0x80:  // SUBSCRIBE
                return case_.stage == Stage::suback
                           ? play()
                           : send(std::string("\x90\x04", 2) + body.substr(0, 2) + std::string("\0\x01", 2));
            case 0x30:  // the first PUBLISH: every subscription was granted
                return case_.stage == Stage::online ? play() : void();
            default:
                return;
        }
    }

    void send(std::string bytes) {
        if (!playing_) {
            error_code ignored;
            asio::write(*socket_, asio::buffer(bytes), ignored);  // a few bytes: never waits
        }
    }

    void play() {
        if (!std::exchange(playing_, true)) {
            for (const auto& packet : case_.packets) {
                once_ += packet;
            }
            write();
        }
    }
    void write() {
        asio::async_write(*socket_, asio::buffer(once_),
                          [self = shared_from_this()](error_code error, std::size_t count) {
                              if (error) {
                                  return self->end(error);
                              }
                              self->broker_.written_ += static_cast<std::int64_t>(count);
                              if (--self->case_.repeats > 0) {
                                  return self->write();
                              }
                              self->broker_.played_ = true;
                          });
    }
    void end(error_code error) {
        if (error != asio::error::operation_aborted) {
            broker_.played_ = broker_.played_ || playing_;
            close(socket_);
        }
    }

    HostileBroker& broker_;
    Socket socket_;
    HostileCase case_;
    std::array<char, 65536> chunk_{};
    std::string received_;
    std::string once_;
    bool playing_ = false;
};

HostileBroker::HostileBroker(asio::io_context& context, std::uint16_t good_port)
    : context_(context), acceptor_(context, {asio::ip::address_v4::any(), 0}), good_port_(good_port) {
    accept();
}

HostileBroker::~HostileBroker() {
    acceptor_.close();
    end_all();
    context_.poll();  // what was cancelled refers to us
}

void HostileBroker::play(std::optional<HostileCase> hostile) {
    end_all();
    silent_ = false;
    played_ = false;
    written_ = 0;
    case_ = std::move(hostile);
}

void HostileBroker::be_silent() {
    play({});
    silent_ = true;
}

void HostileBroker::end_all() {
    for (const auto& socket : sockets_) {
        close(socket);
    }
    sockets_.clear();
}

void HostileBroker::accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket accepted) {
        if (error) {
            return;
        }
        auto client = std::make_shared<tcp::socket>(std::move(accepted));
        std::erase_if(sockets_, [](const Socket& socket) { return !socket->is_open(); });
        sockets_.push_back(client);
        if (case_) {
            std::make_shared<Stub>(*this, client, *case_)->read();
        } else if (!silent_) {
            auto broker = std::make_shared<tcp::socket>(context_);
            error_code failed;
            broker->connect({asio::ip::address_v4::loopback(), good_port_}, failed);
            sockets_.push_back(broker);
            pass_on(client, broker, std::make_shared<std::array<char, 65536>>());
            pass_on(broker, client, std::make_shared<std::array<char, 65536>>());
        }
        accept();
    });
}

}  // namespace portcullis::fault
