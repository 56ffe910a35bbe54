#include "simulators/devices/modbus_server.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace portcullis::simulators {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::size_t header_size = 7;
constexpr std::size_t longest_pdu = 253;

std::uint8_t high(std::size_t value) {
    return static_cast<std::uint8_t>(value >> 8U);
}
std::uint8_t low(std::size_t value) {
    return static_cast<std::uint8_t>(value & 0xFFU);
}

}  // namespace

Pdu modbus_exception(std::uint8_t function, std::uint8_t code) {
    return {static_cast<std::uint8_t>(function | 0x80U), code};
}

/// One client's connection: one request at a time, as the protocol has it.
class ModbusServer::Session : public std::enable_shared_from_this<Session> {
public:
    Session(tcp::socket socket, ModbusServer& server) : socket_(std::move(socket)), server_(&server) {}

    void start() { read_header(); }
    void stop() {
        server_ = nullptr;
        boost::system::error_code ignored;
        socket_.close(ignored);
    }

private:
    void read_header() {
        asio::async_read(socket_, asio::buffer(header_),
                         [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                             self->got_header(error);
                         });
    }

    void got_header(const boost::system::error_code& error) {
        if (server_ == nullptr) {
            return;
        }
        const auto length = static_cast<std::size_t>(header_[4] << 8U | header_[5]);
        if (error || header_[2] != 0 || header_[3] != 0 || length < 2 || length > longest_pdu + 1) {
            leave();
            return;
        }
        request_.resize(length - 1);
        asio::async_read(socket_, asio::buffer(request_),
                         [self = shared_from_this()](const boost::system::error_code& failed, std::size_t) {
                             self->got_request(failed);
                         });
    }

    void got_request(const boost::system::error_code& error) {
        if (server_ == nullptr) {
            return;
        }
        if (error) {
            leave();
            return;
        }
        if (server_->traffic_) {
            server_->traffic_();
        }
        if (const auto* handler = server_->handler_of(header_[6]); handler != nullptr && !server_->faults.mute) {
            answer((*handler)(request_));
        }
        read_header();
    }

    void answer(const Pdu& pdu) {
        const auto& faults = server_->faults;
        const std::size_t length = faults.answer_length.value_or(static_cast<std::uint16_t>(pdu.size() + 1));
        std::vector<std::uint8_t> frame{
            header_[0], header_[1], 0, 0, high(length), low(length), faults.answer_as_unit.value_or(header_[6])};
        frame.insert(frame.end(), pdu.begin(), pdu.end());
        if (faults.noise) {
            frame.insert(frame.begin(), {0xFF, 0x00, 0xA5});
        }
        if (faults.late) {
            std::swap(frame, held_back_);
        }
        if (faults.delay.count() == 0) {
            send(frame);
            return;
        }
        const auto due = std::make_shared<asio::steady_timer>(socket_.get_executor(), faults.delay);
        due->async_wait([due, self = shared_from_this(), frame](const boost::system::error_code& error) {
            if (!error && self->server_ != nullptr) {
                self->send(frame);
            }
        });
    }

    void send(const std::vector<std::uint8_t>& frame) {
        out_.insert(out_.end(), frame.begin(), frame.end());
        flush();
    }

    void flush() {
        if (writing_ || out_.empty()) {
            return;
        }
        writing_ = true;
        on_wire_.swap(out_);
        out_.clear();
        asio::async_write(socket_, asio::buffer(on_wire_),
                          [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                              self->writing_ = false;
                              if (!error && self->server_ != nullptr) {
                                  self->flush();
                              }
                          });
    }

    void leave() {
        auto* server = std::exchange(server_, nullptr);
        server->sessions_.erase(shared_from_this());
    }

    tcp::socket socket_;
    ModbusServer* server_;
    std::array<std::uint8_t, header_size> header_{};
    Pdu request_;
    std::vector<std::uint8_t> out_;
    std::vector<std::uint8_t> on_wire_;
    std::vector<std::uint8_t> held_back_;
    bool writing_ = false;
};

ModbusServer::ModbusServer(asio::io_context& context, std::uint16_t port, std::uint8_t unit, Handler handler)
    : context_(context), acceptor_(context), port_(port) {
    add_unit(unit, std::move(handler));
    listen();
}

const ModbusServer::Handler* ModbusServer::handler_of(std::uint8_t unit) const {
    const auto own = units_.find(unit);
    const auto found = own == units_.end() ? units_.find(0) : own;
    return found == units_.end() ? nullptr : &found->second;
}

ModbusServer::~ModbusServer() {
    go_offline();
    boost::system::error_code ignored;
    acceptor_.close(ignored);
}

void ModbusServer::listen() {
    const tcp::endpoint endpoint{asio::ip::address_v4::loopback(), port_};
    acceptor_.open(endpoint.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address{true});
    acceptor_.bind(endpoint);
    acceptor_.listen();
    port_ = acceptor_.local_endpoint().port();
    accept();
}

void ModbusServer::accept() {
    acceptor_.async_accept(context_, [this](const boost::system::error_code& error, tcp::socket socket) {
        if (error == asio::error::operation_aborted) {
            return;
        }
        if (!error && !faults.refuse && !offline_) {
            socket.set_option(tcp::no_delay{true});
            const auto session = std::make_shared<Session>(std::move(socket), *this);
            sessions_.insert(session);
            session->start();
        }
        accept();
    });
}

void ModbusServer::go_offline() {
    offline_ = true;
    for (const auto& session : std::exchange(sessions_, {})) {
        session->stop();
    }
}

}  // namespace portcullis::simulators
