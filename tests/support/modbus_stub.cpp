#include "tests/support/modbus_stub.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <future>

namespace portcullis::testing {

namespace asio = boost::asio;
using boost::system::error_code;

class ModbusStub::Session : public std::enable_shared_from_this<Session> {
public:
    Session(ModbusStub& stub, asio::ip::tcp::socket socket)
        : stub_(stub), socket_(std::move(socket)), pace_(socket_.get_executor()) {}

    void read() {
        // Every request of the functions 1 to 6 has 12 bytes.
        asio::async_read(socket_, asio::buffer(request_),
                         [self = shared_from_this()](const error_code& error, std::size_t /*length*/) {
                             if (!error) {
                                 self->reply();
                             }
                         });
    }

    void cut(bool reset) {
        error_code ignored;
        if (reset) {
            socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
        }
        pace_.cancel();
        socket_.close(ignored);
    }

private:
    void reply() {
        const Bytes request{request_.begin(), request_.end()};
        stub_.requests_.push_back(request);
        const auto honest = stub_.answer(request);
        auto reply = stub_.script_ ? stub_.script_(request, honest) : Reply{.act = Act::send, .bytes = honest};
        switch (reply.act) {
            case Act::send:
                send(std::move(reply.bytes));
                break;
            case Act::drip:
                drip(std::move(reply.bytes), 0);
                break;
            case Act::silence:
                break;
            case Act::close:
                cut(false);
                return;
            case Act::reset:
                cut(true);
                return;
        }
        read();
    }

    void send(Bytes bytes) {
        auto kept = std::make_shared<Bytes>(std::move(bytes));
        asio::async_write(socket_, asio::buffer(*kept), [kept](const error_code&, std::size_t) {});
    }

    void drip(Bytes bytes, std::size_t at) {
        if (at >= bytes.size()) {
            return;
        }
        send({bytes[at]});
        pace_.expires_after(std::chrono::milliseconds{20});
        pace_.async_wait([self = shared_from_this(), bytes = std::move(bytes), at](const error_code& error) {
            if (!error) {
                self->drip(bytes, at + 1);
            }
        });
    }

    ModbusStub& stub_;
    asio::ip::tcp::socket socket_;
    asio::steady_timer pace_;
    std::array<std::uint8_t, 12> request_{};
};

ModbusStub::ModbusStub() {
    listen();
    thread_ = std::thread{[this] { context_.run(); }};
}

ModbusStub::~ModbusStub() {
    context_.stop();
    thread_.join();
}

void ModbusStub::there(const std::function<void()>& work) {
    std::promise<void> done;
    asio::post(context_, [&work, &done] {
        work();
        done.set_value();
    });
    done.get_future().get();
}

void ModbusStub::listen() {
    const asio::ip::tcp::endpoint here{asio::ip::address_v4::loopback(), port_};
    acceptor_.open(here.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address{true});
    acceptor_.bind(here);
    acceptor_.listen();
    port_ = acceptor_.local_endpoint().port();
    accept();
}

void ModbusStub::accept() {
    acceptor_.async_accept([this](const error_code& error, asio::ip::tcp::socket socket) {
        if (error) {
            return;
        }
        const auto session = std::make_shared<Session>(*this, std::move(socket));
        sessions_.push_back(session);
        session->read();
        accept();
    });
}

Bytes ModbusStub::answer(const Bytes& request) {
    const auto address = static_cast<std::size_t>(unsigned{request[8]} << 8U | request[9]);
    const auto operand = static_cast<std::size_t>(unsigned{request[10]} << 8U | request[11]);
    Bytes body{request[7]};
    if (request[7] == 5) {
        memory_.bits.at(address) = operand != 0;
    } else if (request[7] == 6) {
        memory_.registers.at(address) = static_cast<std::uint16_t>(operand);
    }
    if (request[7] >= 5) {
        body.insert(body.end(), request.begin() + 8, request.end());
    } else if (request[7] >= 3) {
        body.push_back(static_cast<std::uint8_t>(operand * 2));
        for (std::size_t i = 0; i < operand; ++i) {
            const auto word = memory_.registers.at(address + i);
            body.push_back(static_cast<std::uint8_t>(word >> 8U));
            body.push_back(static_cast<std::uint8_t>(word & 0xFFU));
        }
    } else {
        Bytes bits((operand + 7) / 8);
        for (std::size_t i = 0; i < operand; ++i) {
            bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | (memory_.bits.at(address + i) ? 1U : 0U) << (i % 8));
        }
        body.push_back(static_cast<std::uint8_t>(bits.size()));
        body.insert(body.end(), bits.begin(), bits.end());
    }
    Bytes frame{request[0], request[1], 0, 0, 0, static_cast<std::uint8_t>(body.size() + 1), request[6]};
    frame.insert(frame.end(), body.begin(), body.end());
    return frame;
}

void ModbusStub::script(Script script) {
    there([&] { script_ = std::move(script); });
}

void ModbusStub::honest() {
    script(nullptr);
}

void ModbusStub::change(const std::function<void(Memory&)>& change) {
    there([&] { change(memory_); });
}

void ModbusStub::set_bit(std::size_t at, bool value) {
    there([&] { memory_.bits.at(at) = value; });
}

bool ModbusStub::bit(std::size_t at) {
    bool value = false;
    there([&] { value = memory_.bits.at(at); });
    return value;
}

void ModbusStub::go_away() {
    there([&] {
        error_code ignored;
        acceptor_.close(ignored);
        for (const auto& weak : sessions_) {
            if (const auto session = weak.lock()) {
                session->cut(true);
            }
        }
    });
}

void ModbusStub::come_back() {
    there([&] { listen(); });
}

std::vector<Bytes> ModbusStub::requests() {
    std::vector<Bytes> copy;
    there([&] { copy = requests_; });
    return copy;
}

std::size_t ModbusStub::connections() {
    std::size_t count = 0;
    there([&] { count = sessions_.size(); });
    return count;
}

}  // namespace portcullis::testing
