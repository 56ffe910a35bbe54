#include "drivers/transport/modbus_bus.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "drivers/transport/modbus_tcp_link.hpp"

namespace portcullis::drivers {

namespace {

constexpr std::size_t most_waiting = 64;
// Inputs that go before a slow job that waits: units that answer slowly would otherwise fill the bus with their polls.
constexpr int most_inputs_in_a_row = 8;
// A job is at most a connect (1 s) and three exchanges with the longest time-out that settings allow (1 s).
constexpr std::chrono::milliseconds job_allowed{5000};

}  // namespace

ModbusBus::ModbusBus(const BusName& name, Endpoint endpoint, boost::asio::io_context& context,
                     const runtime::Clock& clock)
    : ModbusBus(name, std::make_unique<ModbusTcpLink>(std::move(endpoint), clock), context, clock) {}

ModbusBus::ModbusBus(const BusName& name, std::unique_ptr<ModbusLink> link, boost::asio::io_context& context,
                     const runtime::Clock& clock)
    : context_(context),
      clock_(clock),
      link_(std::move(link)),
      self_(std::make_shared<ModbusBus*>(this)),
      worker_({.name = "bus " + name.text(), .capacity = most_waiting + 1, .allowed = job_allowed}, clock) {}

ModbusBus::~ModbusBus() = default;

bool ModbusBus::submit(Job job) {
    auto& queue = waiting_.at(static_cast<std::size_t>(job.priority));
    if (stopping_ || queue.size() >= most_waiting) {
        return false;
    }
    queue.push_back(std::move(job));
    next();
    return true;
}

void ModbusBus::next() {
    if (busy_) {
        return;
    }
    auto& [writes, inputs, slow] = waiting_;
    const bool slow_has_waited = !slow.empty() && inputs_in_a_row_ >= most_inputs_in_a_row;
    auto& queue = !writes.empty() ? writes : !inputs.empty() && !slow_has_waited ? inputs : slow;
    if (queue.empty()) {
        return;
    }
    if (&queue != &writes) {
        inputs_in_a_row_ = &queue == &inputs && !slow.empty() ? inputs_in_a_row_ + 1 : 0;
    }
    auto job = std::move(queue.front());
    queue.pop_front();
    run(std::move(job));
}

void ModbusBus::run(Job job) {
    busy_ = worker_.post([this, weak = std::weak_ptr{self_}, work = std::move(job.work), done = std::move(job.done),
                          tapped = tap_.listening(clock_.now().instant)] {
        link_->keep_wire(tapped);
        work(*link_);
        boost::asio::post(context_, [weak, done, frames = link_->take_bad_frames(), wire = link_->take_wire()] {
            const auto self = weak.lock();
            if (!self || (*self)->stopping_) {
                return;
            }
            (*self)->busy_ = false;
            for (const auto& frame : wire) {
                (*self)->tap_.put(frame);
            }
            done(frames);
            if (!weak.expired()) {
                (*self)->next();
            }
        });
    });
}

void ModbusBus::begin_stop() {
    stopping_ = true;
    auto waiting = std::exchange(waiting_, {});
    for (auto& job : waiting.at(static_cast<std::size_t>(Priority::write))) {
        run(std::move(job));  // the worker holds as many as may wait
    }
    worker_.begin_stop();
}

}  // namespace portcullis::drivers
