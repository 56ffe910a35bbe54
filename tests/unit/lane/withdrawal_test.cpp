// A bus may be slow. What it has not written when its reason has gone is taken back (design.md 10, invariant 3).
#include <algorithm>
#include <functional>
#include <string>

#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

/// A released truck whose arm-up waits in a device.
struct SlowBus : LaneBench {
    SlowBus() {
        answer_arm = false;
        truck_arrives();
        REQUIRE(commanded(Role::arm_up) == 1);
        REQUIRE(withdrawn.empty());
    }
    [[nodiscard]] bool up_is_withdrawn() const {
        const auto up = std::find_if(performed.begin(), performed.end(),
                                     [](const Command& one) { return one.output == Role::arm_up; });
        return withdrawn == std::vector{up->id};
    }
};

TEST_CASE("whatever ends a permission takes its arm-up back, once", "[lane]") {
    using Story = std::pair<std::string, std::function<void(SlowBus&)>>;
    const auto [cause, happens] = GENERATE(values<Story>({
        {"superseded",
         [](SlowBus& bench) {
             bench.decides = [](const PassageFacts&) { return hold_for(ReasonCode::order_revoked); };
             bench.orders_changed();
         }},
        {"journal_outage", [](SlowBus& bench) { bench.journal_lost(); }},
        {"input_unknown", [](SlowBus& bench) { bench.unknown(Role::exit_loop); }},
        {"uncertain",
         [](SlowBus& bench) {
             bench.off(Role::arrival_loop);
             bench.after(1100ms);
             bench.on(Role::arrival_loop);
         }},
    }));
    SlowBus bench;
    happens(bench);
    CHECK(bench.text("permission.ended", "cause") == cause);
    CHECK(bench.up_is_withdrawn());
    CHECK(bench.commanded(Role::arm_up) == 1);
}

TEST_CASE("what was taken back is told when the device has answered, and the arm is free for the next", "[lane]") {
    SlowBus bench;
    bench.decides = [](const PassageFacts&) { return hold_for(ReasonCode::order_revoked); };
    bench.orders_changed();
    CHECK(bench.count("arm.result") == 0);
    bench.decides = release_of;
    bench.orders_changed();
    CHECK(bench.commanded(Role::arm_up) == 1);  // nobody knows yet whether it was written
    bench.device_answers();
    CHECK(bench.text("arm.result", "write") == "withdrawn");
    CHECK(bench.commanded(Role::arm_up) == 2);
    CHECK(bench.withdrawn.size() == 1);
}

TEST_CASE("stricter, and open too, while the arm-up waits in a device: it rests on the new verdict or does not go",
          "[lane]") {
    SlowBus bench;
    bench.decides = [](const PassageFacts&) { return inspect(); };
    bench.orders_changed();
    CHECK(bench.up_is_withdrawn());
    CHECK(bench.count("permission.ended") == 1);
    bench.device_answers();
    CHECK(bench.commanded(Role::arm_up) == 2);
    CHECK(bench.count("permission.began") == 2);
    CHECK(bench.count("verdict.issued") == 2);
}

TEST_CASE("presence while the arm lowers takes back a close that waits in a device", "[lane]") {
    LaneBench bench;
    bench.truck_arrives();
    bench.arm_opens();
    bench.answer_arm = false;
    bench.off(Role::arrival_loop);
    bench.after(5100ms);
    REQUIRE(bench.commanded(Role::arm_down_request) == 1);
    bench.arm_leaves_open();
    bench.on(Role::arm_loop);
    CHECK(bench.withdrawn.size() == 1);
    CHECK(bench.text("arm.obstructed", "withdrawn") == "yes");
}

}  // namespace
}  // namespace portcullis::lane
