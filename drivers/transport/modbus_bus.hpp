#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/ids.hpp"
#include "drivers/bad_frame.hpp"
#include "drivers/transport/endpoint.hpp"
#include "drivers/transport/modbus_link.hpp"
#include "runtime/worker.hpp"

namespace portcullis::drivers {

/// One Modbus TCP endpoint or RTU line with all its units: one link, one Worker, one piece of work in the worker at a
/// time. What waits is chosen on the main context, writes before inputs before slow registers, so that a write waits
/// for at most one job; a slow one is let through now and then. Main context only.
class ModbusBus {
public:
    enum class Priority : std::uint8_t { write, input, slow };

    struct Job {
        Priority priority = Priority::input;
        std::function<void(ModbusLink&)> work;                   ///< in the worker: touches nothing of ours but atomics
        std::function<void(const std::vector<BadFrame>&)> done;  ///< on the main context, with the frames refused
    };

    ModbusBus(const BusName& name, std::unique_ptr<ModbusLink> link, boost::asio::io_context& context,
              const runtime::Clock& clock);
    /// Of Modbus TCP.
    ModbusBus(const BusName& name, Endpoint endpoint, boost::asio::io_context& context, const runtime::Clock& clock);
    ModbusBus(const ModbusBus&) = delete;
    ModbusBus& operator=(const ModbusBus&) = delete;
    ~ModbusBus();

    /// False, and nothing happens, when 64 jobs of this priority wait already or the bus is stopping.
    [[nodiscard]] bool submit(Job job);

    /// Drops the reads that wait and hands the writes that wait (the safe states) to the worker. `done` of no job is
    /// called any more.
    void begin_stop();
    /// Waits until the worker has done them, at most so long; false = it still has not.
    [[nodiscard]] bool finish_stop(std::chrono::milliseconds limit) { return worker_.ended_within(limit); }

    /// What goes over the wire, for whoever looks at it.
    [[nodiscard]] WireTap& tap() { return tap_; }

    [[nodiscard]] const runtime::Worker& worker() const { return worker_; }

private:
    void next();
    void run(Job job);

    boost::asio::io_context& context_;
    const runtime::Clock& clock_;
    WireTap tap_;
    std::unique_ptr<ModbusLink> link_;  // the worker's alone while it runs
    std::array<std::deque<Job>, 3> waiting_;
    int inputs_in_a_row_ = 0;  // while a slow job waited
    bool busy_ = false;
    bool stopping_ = false;
    std::shared_ptr<ModbusBus*> self_;  // gone = results that come later are dropped
    runtime::Worker worker_;            // last: joined before anything that its work uses ends
};

/// Submits work that makes a `Value` in the worker and is done with it on the main context.
template <class Value, class Work, class Done>
[[nodiscard]] bool submit_for(ModbusBus& bus, ModbusBus::Priority priority, Work work, Done done) {
    auto made = std::make_shared<std::optional<Value>>();
    return bus.submit({.priority = priority,
                       .work = [made, work = std::move(work)](ModbusLink& link) { made->emplace(work(link)); },
                       .done = [made, done = std::move(done)](
                                   const std::vector<BadFrame>& frames) { done(std::move(**made), frames); }});
}

}  // namespace portcullis::drivers
