#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "simulators/devices/register_bank.hpp"
#include "simulators/devices/rtu_server.hpp"

namespace portcullis::bench {

/// Units for a bench, on a thread of their own: the daemon's side blocks in its own.
class SimulatedBus {
public:
    SimulatedBus() {
        thread_ = std::thread{[this] { context_.run(); }};
    }
    ~SimulatedBus() {
        there([this] {
            line_.reset();
            servers_.clear();
        });
        context_.stop();
        thread_.join();
    }
    SimulatedBus(const SimulatedBus&) = delete;
    SimulatedBus& operator=(const SimulatedBus&) = delete;

    /// RTU units 1 to `units` on a pty as slow as a line of `baud`. Returns the port's name.
    std::string line(int baud, std::uint8_t units) {
        std::string path;
        there([&] {
            line_ = std::make_unique<simulators::ModbusRtuServer>(context_);
            for (std::uint8_t unit = 1; unit <= units; ++unit) {
                line_->add_unit(unit, [this](std::span<const std::uint8_t> pdu) { return bank_.answer(pdu); });
            }
            line_->pace(baud);
            line_->serve_line({});
            path = line_->path();
        });
        return path;
    }

    /// A Modbus TCP server that takes `answers_after` for each answer. Returns its port.
    std::uint16_t server(std::chrono::microseconds answers_after) {
        std::uint16_t port = 0;
        there([&] {
            servers_.push_back(std::make_unique<simulators::ModbusServer>(
                context_, std::uint16_t{0}, std::uint8_t{1},
                [this](std::span<const std::uint8_t> pdu) { return bank_.answer(pdu); }));
            servers_.back()->faults.delay = answers_after;
            port = servers_.back()->port();
        });
        return port;
    }

    /// Runs it on the units' thread and waits.
    void there(const std::function<void()>& work) {
        std::promise<void> done;
        boost::asio::post(context_, [&] {
            work();
            done.set_value();
        });
        done.get_future().get();
    }

private:
    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_{context_.get_executor()};
    simulators::RegisterBank bank_;
    std::unique_ptr<simulators::ModbusRtuServer> line_;
    std::vector<std::unique_ptr<simulators::ModbusServer>> servers_;
    std::thread thread_;
};

}  // namespace portcullis::bench
