#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

TEST_CASE("a released truck leaves: every step is kept, in order", "[lane]") {
    LaneBench bench;
    REQUIRE(bench.lane().view().mode == LaneMode::automatic);

    bench.truck_arrives();
    CHECK(bench.state() == PassageState::permitted);
    CHECK(bench.commanded(Role::arm_up) == 1);
    CHECK(bench.go() == LightColour::red);  // not before the open limit
    bench.arm_opens();
    CHECK(bench.go() == LightColour::green);
    bench.on(Role::arm_loop);
    CHECK(bench.go() == LightColour::red);
    CHECK(bench.state() == PassageState::passing);
    bench.truck_leaves();

    CHECK(bench.open() == 0);
    CHECK(bench.outcome() == "cleared");
    CHECK(bench.place() == UsageState::used);
    CHECK(bench.commanded(Role::arm_down_request) == 1);
    CHECK(bench.memory.empty());
    CHECK(bench.story() ==
          std::vector<std::string>{"passage.detected", "capture.requested", "reading.taken", "reading.taken",
                                   "load.judged", "passage.identified", "verdict.issued", "permission.began",
                                   "order.reserved", "arm.commanded", "arm.result", "arm.moved", "permission.ended",
                                   "order.used", "passage.ended", "arm.commanded", "arm.result", "arm.moved"});
}

TEST_CASE("verdict, permission, reservation and command are one transaction, and nothing moves before it", "[lane]") {
    LaneBench bench;
    bench.commits = Commits::by_hand;
    bench.truck_arrives();
    REQUIRE(bench.count("arm.commanded") == 1);
    CHECK(bench.commanded(Role::arm_up) == 0);
    std::uint64_t ticket = 0;
    for (const auto& one : bench.journal) {
        const auto& type = one.event.type;
        if (type == "verdict.issued") {
            ticket = one.ticket;
        }
        if (type == "permission.began" || type == "order.reserved" || type == "arm.commanded") {
            CHECK(one.ticket == ticket);
        }
    }
    bench.commit_all();
    CHECK(bench.commanded(Role::arm_up) == 1);
}

TEST_CASE("the next truck is released after the arm has closed behind the first", "[lane]") {
    LaneBench bench;
    for (int truck = 1; truck <= 3; ++truck) {
        bench.decides = [&](const PassageFacts& facts) {
            auto verdict = release_of(facts);
            for (auto& claim : verdict.claims) {
                claim.key.order = OrderId{"R-" + std::to_string(truck)};
            }
            return verdict;
        };
        bench.truck_arrives();
        bench.arm_opens();
        bench.truck_leaves();
        CHECK(bench.commanded(Role::arm_up) == truck);
        CHECK(bench.commanded(Role::arm_down_request) == truck);
        CHECK(bench.count("passage.ended") == truck);
    }
    CHECK(bench.count("arm.fault") == 0);
}

}  // namespace
}  // namespace portcullis::lane
