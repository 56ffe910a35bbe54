// What a lane knows of its passages after a restart: of the process, or of the machine with its clock.
#include "codec/canonical.hpp"
#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

/// Inputs as the devices report them after a start: somebody under an open arm.
void report_under_arm(LaneBench& bench, bool behind) {
    behind ? bench.on(Role::arrival_loop) : bench.off(Role::arrival_loop);
    bench.on(Role::arm_loop);
    bench.off(Role::exit_loop);
    bench.off(Role::arm_closed_limit);
    bench.on(Role::arm_open_limit);
}

void truck_under_arm(LaneBench& bench) {
    bench.truck_arrives();
    bench.arm_opens();
    bench.on(Role::arm_loop);
    bench.off(Role::arrival_loop);
    bench.after(2s);
}

void goes_on_through(LaneBench& bench) {
    bench.on(Role::exit_loop);
    bench.off(Role::arm_loop);
    bench.after(2s);
    bench.off(Role::exit_loop);
    bench.after(1100ms);
}

TEST_CASE("who is ahead is known over a restart of the machine, whose clock begins anew", "[lane]") {
    LaneBench bench;
    truck_under_arm(bench);
    const auto first = bench.text("passage.detected", "passage");
    bench.reboot();
    report_under_arm(bench, false);
    REQUIRE(bench.state() == PassageState::passing);
    bench.on(Role::arrival_loop);  // the next truck comes up, at an earlier time than the first
    REQUIRE(bench.open() == 2);
    bench.restart();
    CHECK(bench.lane().view().passages.front().id.text() == first);
    report_under_arm(bench, true);
    REQUIRE(bench.open() == 2);
    CHECK(bench.state(0) == PassageState::passing);
    goes_on_through(bench);
    CHECK(bench.outcome() == "cleared");
    CHECK(bench.text("passage.ended", "passage") == first);
}

std::string time_of(const LaneBench& bench, std::string_view step) {
    const auto* at = bench.last("passage.ended").find("times")->find(step);
    const auto* words = at->get<std::string>();
    return words == nullptr ? std::to_string(*at->get<std::int64_t>()) : *words;
}

TEST_CASE("after a restart of the process a passage still knows its times and its zone", "[lane]") {
    LaneBench bench;
    bench.decides = [](const PassageFacts&) { return inspect(); };
    truck_under_arm(bench);
    bench.restart();
    report_under_arm(bench, false);
    goes_on_through(bench);
    REQUIRE(bench.outcome() == "cleared");
    CHECK(bench.text("passage.ended", "zone") == "Z2");
    CHECK(time_of(bench, "detected") == std::to_string(mono_ms(bench.first("passage.detected").at.instant)));
    CHECK(time_of(bench, "verdict") == std::to_string(mono_ms(bench.first("verdict.issued").at.instant)));
    CHECK(time_of(bench, "arm_open") != "none");
}

TEST_CASE("after a restart of the machine the times of before are unknown, the zone is not", "[lane]") {
    LaneBench bench;
    bench.decides = [](const PassageFacts&) { return inspect(); };
    truck_under_arm(bench);
    bench.reboot();
    report_under_arm(bench, false);
    SECTION("at once") {}
    SECTION("also when the process starts once more") {
        bench.restart();
        report_under_arm(bench, false);
    }
    goes_on_through(bench);
    REQUIRE(bench.outcome() == "cleared");
    CHECK(bench.text("passage.ended", "zone") == "Z2");
    for (const auto* step : {"detected", "stopped", "identified", "verdict", "arm_open"}) {
        INFO(step);
        CHECK(time_of(bench, step) == "unknown");
    }
    CHECK(time_of(bench, "cleared") != "unknown");
}

TEST_CASE("a step that was never reached is none, whatever restarts", "[lane]") {
    LaneBench bench;
    bench.decides = nullptr;
    bench.truck_arrives();
    bench.reboot();
    bench.all_quiet();
    REQUIRE(bench.outcome() == "interrupted");
    CHECK(time_of(bench, "detected") == "unknown");
    CHECK(time_of(bench, "arm_open") == "none");
    CHECK(bench.text("passage.ended", "zone") == "none");
}

TEST_CASE("a note of an older form is read: what it does not say is unknown", "[lane]") {
    LaneBench bench;
    bench.decides = [](const PassageFacts&) { return inspect(); };
    truck_under_arm(bench);
    for (auto& [key, body] : bench.memory) {
        std::erase_if(*body.get<Object>(), [](const auto& member) {
            return member.name == "rank" || member.name == "boot" || member.name == "times" || member.name == "zone";
        });
    }
    bench.restart();
    report_under_arm(bench, false);
    goes_on_through(bench);
    REQUIRE(bench.outcome() == "cleared");
    CHECK(bench.text("passage.ended", "verdict") == "inspect");
    CHECK(bench.text("passage.ended", "zone") == "unknown");
    CHECK(time_of(bench, "detected") == "unknown");
}

TEST_CASE("a machine that is up for a year: its notes can still be written", "[lane]") {
    LaneBench bench;
    bench.after(24h * 365);
    truck_under_arm(bench);
    REQUIRE_FALSE(bench.memory.empty());
    for (const auto& [key, body] : bench.memory) {
        CHECK(codec::canonical_text(body));
    }
}

TEST_CASE("who came against the way stays ahead over a restart", "[lane]") {
    LaneBench bench;
    bench.on(Role::arrival_loop);
    bench.on(Role::exit_loop);
    REQUIRE(bench.open() == 2);
    const auto against = bench.text("passage.wrong_way", "passage");
    bench.restart();
    CHECK(bench.lane().view().passages.front().id.text() == against);
}

}  // namespace
}  // namespace portcullis::lane
