#include "drivers/transport/modbus_bus.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "points_rig.hpp"

using namespace portcullis;
using namespace portcullis::drivers;
using namespace portcullis::testing;

namespace {

/// A bus whose jobs ask nothing: only their order counts.
struct BusRig {
    boost::asio::io_context main;
    runtime::SystemClock clock;
    ModbusBus bus{BusName{"field"}, Endpoint{}, main, clock};
    std::vector<ModbusBus::Priority> order;

    ~BusRig() {
        bus.begin_stop();
        CHECK(bus.finish_stop(std::chrono::minutes{1}));
    }
    void submit(ModbusBus::Priority priority, const std::function<void()>& then = {}) {
        REQUIRE(bus.submit({.priority = priority,
                            .work = [](ModbusLink&) {},
                            .done =
                                [this, priority, then](const std::vector<BadFrame>&) {
                                    order.push_back(priority);
                                    if (then) {
                                        then();
                                    }
                                }}));
    }
    /// Units that take so long that one of them always waits for its turn.
    void keep_reading_inputs() {
        submit(ModbusBus::Priority::input, [this] { keep_reading_inputs(); });
    }
    void run(std::size_t jobs) {
        const auto give_up = clock.now().instant + 60s;
        while (order.size() < jobs) {
            REQUIRE(clock.now().instant < give_up);
            main.restart();
            main.run_one_for(5ms);
        }
    }
    [[nodiscard]] auto done(ModbusBus::Priority priority) const {
        return std::count(order.begin(), order.end(), priority);
    }
};

}  // namespace

TEST_CASE("a bus that is busy with inputs still reads its slow registers now and then") {
    BusRig rig;
    rig.keep_reading_inputs();
    rig.keep_reading_inputs();
    for (int i = 0; i < 5; ++i) {
        rig.submit(ModbusBus::Priority::slow);
    }
    rig.run(100);
    CHECK(rig.done(ModbusBus::Priority::slow) == 5);
    const auto first = std::find(rig.order.begin(), rig.order.end(), ModbusBus::Priority::slow);
    CHECK(first - rig.order.begin() >= 4);  // inputs go before, but for that
}

TEST_CASE("a write goes before everything that waits") {
    BusRig rig;
    rig.keep_reading_inputs();
    rig.keep_reading_inputs();
    rig.submit(ModbusBus::Priority::slow);
    rig.run(20);
    rig.submit(ModbusBus::Priority::write);
    const auto before = rig.order.size();
    rig.run(before + 2);
    CHECK(std::count(rig.order.begin() + static_cast<std::ptrdiff_t>(before), rig.order.end(),
                     ModbusBus::Priority::write) == 1);
}

TEST_CASE("safe states of many outputs are one job each, so that a slow module does not look like a hung bus") {
    PointsRig rig;
    std::set<Instant> jobs;
    rig.stub.script([&](const Bytes& request, const Bytes& honest) {
        if (request[7] == write_function) {
            jobs.insert(rig.buses.workers().front()->progress().busy_since.value());
        }
        return Reply{Act::send, honest};
    });
    rig.add_io({output("do0"), output("do1"), output("do2"), output("do3"), output("do4"), output("do5")});
    rig.start();
    rig.until([&] { return rig.written(first_output + 5).size() == 1; });
    rig.stop();
    rig.stub.honest();  // the stub's thread does not touch `jobs` any more
    CHECK(jobs.size() == 12);
}
