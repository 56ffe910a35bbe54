// A worker that never comes back from a call: the daemon says which, feeds the watchdog no more, and whoever watches it
// – here the test, in systemd's place – ends it and starts it again. Nothing is lost of it.
#include <stdlib.h>

#include <fstream>
#include <iterator>

#include "tests/integration/gate_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::testing {
namespace {

using namespace std::chrono_literals;

const Truck truck{"闽D12345", "CSQU3054383"};

/// Twelve ticks of the daemon, each of which feeds a watchdog that is fed.
constexpr auto unfed = 3s;

class HungGate {
public:
    explicit HungGate(const std::string& thread) {
        // The rig hands our environment on; the loader of this process itself has long read it.
        ::setenv("HANG_THREAD", thread.c_str(), 1);
        ::setenv("HANG_WHEN", when().c_str(), 1);
        ::setenv("LD_PRELOAD", (std::filesystem::path{std::getenv("PORTCULLIS_BIN")} / "libhang_at.so").c_str(), 1);
        bench.start();
        ::unsetenv("LD_PRELOAD");
        bench.order({released(truck)});
        const auto fed = bench.gate().watchdog_fed();
        bench.until("the watchdog is fed", [&] { return bench.gate().watchdog_fed() > fed; });
    }

    /// From now on the thread hangs in the next of its calls; a vehicle, and orders, give each of them something to do.
    void hang() {
        std::ofstream{when()} << "now\n";
        bench.lane().rig().set_input(Role::arrival_loop, true);
        bench.gate().publish_orders("ciq", {});
    }

    void wait_until_not_fed(const std::string& worker) {
        bench.until("the log names " + worker, [&] { return told_of(worker); });
        const auto& clock = bench.gate().clock();
        const auto fed = bench.gate().watchdog_fed();
        const auto end = clock.now().instant + unfed;
        bench.until("the watchdog has not been fed for long enough", [&] { return clock.now().instant > end; });
        CHECK(bench.gate().watchdog_fed() == fed);
        CHECK(bench.status().has_value());  // it is a worker that hangs, not who decides
    }

    void restart() {
        std::filesystem::remove(when());
        const auto fed = bench.gate().watchdog_fed();
        bench.kill_and_restart();
        bench.until("the watchdog is fed again", [&] { return bench.gate().watchdog_fed() > fed; });
    }

    void let_the_truck_through() {
        auto& lane = bench.lane();
        bench.until("the truck has a passage", [&] {
            const auto status = bench.status();
            return status && !status->states(lane.name()).empty();
        });
        lane.is_read(truck);
        lane.arm_opens();
        lane.goes_under();
        lane.leaves();
        lane.arm_closes();
    }

    GateBench bench;

private:
    [[nodiscard]] std::filesystem::path when() const { return folder_.path() / "hang"; }
    [[nodiscard]] bool told_of(const std::string& worker) {
        std::ifstream in{bench.gate().log()};
        const std::string log{std::istreambuf_iterator<char>{in}, {}};
        const auto told = log.find("a worker makes no progress");
        return told != std::string::npos && log.find(worker, told) != std::string::npos;
    }

    store::testing::TemporaryDirectory folder_;
};

void check_hung(const std::string& thread) {
    HungGate gate{thread};
    gate.hang();
    gate.wait_until_not_fed(thread);
    gate.restart();
    gate.let_the_truck_through();
    gate.bench.prove_stream();
    CHECK(gate.bench.outcomes() == std::vector<std::string>{"cleared"});
}

TEST_CASE("The journal's disk hangs in a commit: the watchdog is not fed, and a restart lets the truck through") {
    check_hung("journal");
}

TEST_CASE("The orders' disk hangs in a batch: the watchdog is not fed, and a restart lets the truck through") {
    check_hung("orders");
}

TEST_CASE("The disk hangs in a sync of orders: the watchdog is not fed, and a restart lets the truck through") {
    check_hung("documents");
}

TEST_CASE("A bus hangs in a request: the watchdog is not fed, and a restart lets the truck through") {
    check_hung("bus");
}

TEST_CASE("The MQTT library hangs in a publication: the watchdog is not fed, and a restart lets the truck through") {
    check_hung("mqtt");
}

}  // namespace
}  // namespace portcullis::testing
