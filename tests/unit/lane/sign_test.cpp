// What the lane's sign says, and what it never says.
#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

LaneSettings sign_lane() {
    auto settings = out_lane();
    settings.roles.insert(Role::sign);
    settings.sign_language = "zh-CN";
    return settings;
}

std::string said(const LaneBench& bench) {
    return bench.text("lane.sign", "text_id");
}

TEST_CASE("a sign says come, stop, wait and go, and tells each change", "[lane][sign]") {
    LaneBench bench(sign_lane());
    CHECK(said(bench) == "lane_free");
    bench.on(Role::arrival_loop);
    CHECK(said(bench) == "stop");
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::container_rear, a_box);
    CHECK(said(bench) == "wait");  // released, and the arm is not open yet
    CHECK(bench.text("lane.sign", "language") == "zh-CN");
    CHECK(bench.text("lane.sign", "proved") == "unsupervised");
    bench.arm_opens();
    CHECK(said(bench) == "go");
    CHECK(bench.go() == LightColour::green);
    bench.on(Role::arm_loop);
    CHECK(said(bench) == "stop");  // to who comes behind
    bench.truck_leaves();
    CHECK(said(bench) == "lane_free");
    CHECK(bench.shown.size() == static_cast<std::size_t>(bench.count("lane.sign")));
}

TEST_CASE("whoever is sent to a zone reads which one, only once it is decided", "[lane][sign]") {
    LaneBench bench(sign_lane());
    bench.decides = [](const PassageFacts&) { return inspect(); };
    bench.truck_arrives();
    CHECK(said(bench) == "wait");
    bench.arm_opens();
    CHECK(said(bench) == "go_to_zone");
    CHECK(bench.text("lane.sign", "zone") == "Z2");
    CHECK(bench.shown.back() == SignMessage{SignText::go_to_zone, "Z2"});
}

TEST_CASE("nobody reads on a sign that sampling or targeting chose it", "[lane][sign]") {
    const auto secret = GENERATE(ReasonCode::targeting_hold, ReasonCode::targeting_inspect, ReasonCode::targeting_near,
                                 ReasonCode::sampling_drawn, ReasonCode::sampling_unknown, ReasonCode::rule_hold);
    const auto open = GENERATE(as<std::optional<ReasonCode>>{}, std::nullopt, ReasonCode::plate_unread,
                               ReasonCode::order_missing, ReasonCode::order_held);
    const auto says = [&](bool with_secret) {
        LaneBench bench(sign_lane());
        bench.decides = [&](const PassageFacts&) {
            auto verdict = hold_for(open.value_or(ReasonCode::policy_hold));
            if (with_secret) {
                verdict.reasons.push_back(hold_for(secret).reasons.front());
            }
            return verdict;
        };
        bench.truck_arrives();
        REQUIRE(bench.state() == PassageState::referred);
        return said(bench);
    };
    CHECK(says(true) == says(false));
}

TEST_CASE("a driver sees why a person has to come where its own papers are the reason", "[lane][sign]") {
    struct Row {
        ReasonCode code;
        std::string text;
    };
    const auto row = GENERATE(values<Row>({{ReasonCode::container_unread, "not_read"},
                                           {ReasonCode::readers_disagree, "not_read"},
                                           {ReasonCode::order_missing, "no_order"},
                                           {ReasonCode::order_held, "wait_person"},
                                           {ReasonCode::targeting_hold, "wait_person"}}));
    LaneBench bench(sign_lane());
    bench.decides = [&](const PassageFacts&) { return hold_for(row.code); };
    bench.truck_arrives();
    CHECK(said(bench) == row.text);
}

TEST_CASE("a lane out of service says so, and a dead sign stops nobody", "[lane][sign]") {
    LaneBench bench(sign_lane());
    bench.unknown(Role::exit_loop);
    CHECK(said(bench) == "lane_closed");
    LaneBench other(sign_lane());
    other.offline(Role::sign);
    other.truck_arrives();
    other.arm_opens();
    CHECK(other.go() == LightColour::green);
}

TEST_CASE("a lane without a sign tells of none", "[lane][sign]") {
    LaneBench bench;
    bench.truck_arrives();
    CHECK(bench.count("lane.sign") == 0);
    CHECK(bench.shown.empty());
}

}  // namespace
}  // namespace portcullis::lane
