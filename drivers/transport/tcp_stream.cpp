#include "drivers/transport/tcp_stream.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace portcullis::drivers {

namespace {

constexpr std::chrono::milliseconds connect_limit{1000};
constexpr std::chrono::milliseconds settle{200};

/// A terminal server that lost its power says nothing: the kernel asks it after 10 s, and gives it up after 25 s.
void ask_when_silent(int socket) {
    const auto set = [socket](int level, int option, int value) {
        ::setsockopt(socket, level, option, &value, sizeof value);
    };
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, 10);
    set(IPPROTO_TCP, TCP_KEEPINTVL, 5);
    set(IPPROTO_TCP, TCP_KEEPCNT, 3);
}

}  // namespace

TcpStream::TcpStream(Endpoint endpoint, boost::asio::io_context& context, const runtime::Clock& clock)
    : endpoint_(std::move(endpoint)),
      clock_(clock),
      socket_(context),
      alarm_(context, clock, [this] { alarm(); }),
      write_due_(context, clock, [this] { lose(endpoint_.text() + ": takes no bytes"); }),
      self_(std::make_shared<TcpStream*>(this)) {}

void TcpStream::start(ByteStreamEvents events) {
    self_ = std::make_shared<TcpStream*>(this);  // stopped before: started again
    state_ = State::waiting;
    events_ = std::move(events);
    alarm_.set(clock_.now().instant);
}

void TcpStream::stop() {
    alarm_.cancel();
    write_due_.cancel();
    self_.reset();
    boost::system::error_code ignored;
    socket_.close(ignored);
}

void TcpStream::alarm() {
    switch (state_) {
        case State::waiting:
            connect();
            break;
        case State::connecting:
            lose("no connection to " + endpoint_.text() + " within 1 s");
            break;
        case State::settling:
            state_ = State::open;
            break;
        case State::open:
            break;
    }
}

void TcpStream::connect() {
    state_ = State::connecting;
    alarm_.set(clock_.now().instant + connect_limit);
    const boost::asio::ip::tcp::endpoint peer{boost::asio::ip::make_address(endpoint_.address), endpoint_.port};
    // `attempt` tells a completion of a socket that was given up from one of its successor.
    socket_.async_connect(peer,
                          [weak = std::weak_ptr{self_}, attempt = ++attempt_](const boost::system::error_code& e) {
                              const auto self = weak.lock();
                              if (self && (*self)->attempt_ == attempt) {
                                  (*self)->connected(e);
                              }
                          });
}

void TcpStream::connected(const boost::system::error_code& error) {
    if (error) {
        lose("no connection to " + endpoint_.text() + ": " + error.message());
        return;
    }
    ask_when_silent(socket_.native_handle());
    state_ = State::settling;
    const auto now = clock_.now().instant;
    alarm_.set(now + settle);
    tap_.note("opened " + endpoint_.text(), now);
    events_.opened(now);
    read();
}

void TcpStream::read() {
    socket_.async_read_some(
        boost::asio::buffer(buffer_),
        [weak = std::weak_ptr{self_}, attempt = attempt_](const boost::system::error_code& error, std::size_t length) {
            const auto self = weak.lock();
            if (self && (*self)->attempt_ == attempt) {
                (*self)->received(error, length);
            }
        });
}

bool TcpStream::send(std::span<const std::uint8_t> bytes) {
    if ((state_ != State::open && state_ != State::settling) || !out_.empty()) {
        return false;
    }
    out_.assign(bytes.begin(), bytes.end());
    const auto now = clock_.now().instant;
    write_due_.set(now + write_limit);
    tap_.put(WireDirection::out, bytes, now);
    boost::asio::async_write(
        socket_, boost::asio::buffer(out_),
        [weak = std::weak_ptr{self_}, attempt = attempt_](const boost::system::error_code& error, std::size_t) {
            const auto self = weak.lock();
            if (self && (*self)->attempt_ == attempt) {
                (*self)->written(error);
            }
        });
    return true;
}

void TcpStream::written(const boost::system::error_code& error) {
    write_due_.cancel();
    out_.clear();
    if (error) {
        lose(endpoint_.text() + ": " + error.message());
    }
}

void TcpStream::received(const boost::system::error_code& error, std::size_t length) {
    if (error) {
        lose(endpoint_.text() + ": " + error.message());
        return;
    }
    const auto came = std::span{buffer_}.first(length);
    const auto now = clock_.now().instant;
    tap_.put(WireDirection::in, came, now);
    if (state_ == State::open) {
        back_off_.reset();
        events_.bytes(came, now);
    } else {
        tap_.note("dropped: it came within 200 ms of the connection", now);
    }
    if (socket_.is_open()) {
        read();
    }
}

void TcpStream::lose(const std::string& cause) {
    ++attempt_;
    write_due_.cancel();
    out_.clear();
    boost::system::error_code ignored;
    socket_.close(ignored);
    state_ = State::waiting;
    const auto now = clock_.now().instant;
    alarm_.set(now + back_off_.fail());
    tap_.note(cause, now);
    events_.lost(cause, now);
}

}  // namespace portcullis::drivers
