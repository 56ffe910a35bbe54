// A close that does not go out is asked for again: for ever, as the arm is up, and ever more seldom.
#include <functional>

#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

/// Its truck has gone back and nobody closes the arm.
struct OpenArm : LaneBench {
    explicit OpenArm(LaneSettings settings = out_lane()) : LaneBench(std::move(settings)) {
        truck_arrives();
        arm_opens();
        off(Role::arrival_loop);
    }
    [[nodiscard]] int closes() const { return commanded(Role::arm_down_request); }
};

constexpr auto night = 10h;

TEST_CASE("a close that its device never writes: seldom, and never given up", "[lane]") {
    OpenArm bench;
    bench.arm_write = GENERATE(WriteOutcome::withdrawn, WriteOutcome::expired);
    bench.after(night);
    CHECK(bench.closes() > 590);
    CHECK(bench.closes() < 620);
    CHECK(bench.journal.size() < 10'000);
    CHECK(bench.count("arm.commanded") == bench.count("arm.result"));
}

TEST_CASE("a held contact that is never let go: the same", "[lane]") {
    auto settings = out_lane();
    settings.arm.control = ArmControl::maintained;
    OpenArm bench(settings);
    bench.arm_write = WriteOutcome::withdrawn;
    bench.after(night);
    CHECK(bench.commanded(Role::arm_up) > 590);
    CHECK(bench.commanded(Role::arm_up) < 620);
}

TEST_CASE("a close whose record is always durable too late: the same", "[lane]") {
    OpenArm bench;
    bench.commits = Commits::by_hand;
    auto waited = 0ms;
    for (int i = 0; i < 20; ++i) {
        for (const auto before = bench.count("arm.commanded"); bench.count("arm.commanded") == before;) {
            bench.after(100ms);
            waited += 100ms;
        }
        bench.after(2100ms);
        bench.commit_all();
    }
    CHECK(bench.closes() == 0);
    CHECK(waited > 12min);
    CHECK(waited < 18min);
}

TEST_CASE("it is asked for soon again when the arm has moved, when a vehicle has gone, and when the lane recovers",
          "[lane]") {
    using Change = std::function<void(LaneBench&)>;
    const auto change = GENERATE(values<Change>({
        [](LaneBench& bench) {
            bench.arm_leaves_open();
            bench.on(Role::arm_open_limit);
        },
        [](LaneBench& bench) {
            bench.on(Role::arrival_loop);
            bench.off(Role::arrival_loop);
            bench.after(5100ms);
        },
        [](LaneBench& bench) {
            bench.unknown(Role::exit_loop);
            bench.off(Role::exit_loop);
        },
    }));
    OpenArm bench;
    bench.arm_write = WriteOutcome::withdrawn;
    bench.after(10min);
    // Right after one of the seldom ones.
    for (const auto seldom = bench.closes(); bench.closes() == seldom;) {
        bench.after(100ms);
    }
    change(bench);
    const auto before = bench.closes();
    bench.after(2100ms);
    CHECK(bench.closes() == before + 1);
    bench.after(4100ms);
    CHECK(bench.closes() == before + 2);
}

TEST_CASE("what became of an arm-up says nothing of the close after it", "[lane]") {
    LaneBench bench;
    bench.arm_write = WriteOutcome::expired;
    bench.truck_arrives();
    REQUIRE(bench.state() == PassageState::referred);
    bench.off(Role::arrival_loop);
    bench.after(3s);
    bench.arm_write = WriteOutcome::done;
    bench.arm_opens();  // a key
    bench.after(3s);
    CHECK(bench.commanded(Role::arm_down_request) == 1);
}

}  // namespace
}  // namespace portcullis::lane
