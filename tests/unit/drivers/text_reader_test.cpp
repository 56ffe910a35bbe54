#include "drivers/device_clock.hpp"
#include "drivers/device_reporter.hpp"
#include "drivers/seen_window.hpp"
#include "stream_replay.hpp"
#include "yaml.hpp"

using namespace portcullis;
using namespace portcullis::drivers;
using namespace std::chrono_literals;
using portcullis::testing::ManualClock;
using portcullis::testing::pass;
using portcullis::testing::StreamReplay;
using portcullis::testing::yaml;
using portcullis::testing::yaml_file;

namespace {

std::vector<std::uint8_t> octets_of(const std::string& text) {
    return {text.begin(), text.end()};
}

std::string first_problem_of(const std::string& profile) {
    ConfigProblems problems;
    const BusSettings bus = SerialSettings{"/dev/serial/by-id/x", {}};
    (void)plan_device(yaml("{}"), yaml(profile), bus, problems);
    REQUIRE_FALSE(problems.empty());
    return problems.all().front().what;
}

constexpr auto head = "product: x\ndriver: text_reader\nsource: x\nverified: []\nencoding: utf-8\nkind: seal\n";

}  // namespace

TEST_CASE("a reader's own clock is compared with ours at the wire") {
    boost::asio::io_context context;
    ManualClock clock;  // 2026-11-24T01:02:02Z
    StreamReplay replay{context, clock, yaml(R"({ clock_offset: "+08:00" })"),
                        yaml_file("config/profiles/plate-line-utf8.yaml")};
    replay.give(
        octets_of("\x02"
                  "20261124090205"
                  "03"
                  "AB123"
                  "\x03"));
    CHECK(replay.device().view().clock_skew == 3s);
    clock.advance(10s);
    replay.give(
        octets_of("\x02"
                  "20261124090205"
                  "03"
                  "AB123"
                  "\x03"));
    CHECK(replay.device().view().clock_skew == -7s);

    StreamReplay unset{context, clock, yaml("{}"), yaml_file("config/profiles/plate-line-utf8.yaml")};
    unset.give(
        octets_of("\x02"
                  "20261124090205"
                  "03"
                  "AB123"
                  "\x03"));
    CHECK_FALSE(unset.device().view().clock_skew);
}

TEST_CASE("the skew of a device's clock is in its summary, once it was seen in that hour") {
    boost::asio::io_context context;
    ManualClock clock;
    DeviceReporter reporter{DeviceName{"plate"}, context, clock};
    std::vector<DeviceSummary> summaries;
    reporter.start([&summaries](const Observation& seen) {
        if (const auto* summary = std::get_if<DeviceSummary>(&seen.what)) {
            summaries.push_back(*summary);
        }
    });
    reporter.clock_skew(-1500ms);
    reporter.summarise();
    reporter.summarise();
    REQUIRE(summaries.size() == 2);
    CHECK(summaries[0].clock_skew == -1500ms);
    CHECK_FALSE(summaries[1].clock_skew);
}

TEST_CASE("a device's time is read as it writes it, or not at all") {
    const DeviceClock clock{.format = "YYYY-MM-DD hh:mm:ss", .offset = -90min};
    CHECK(clock.time_of("1970-01-01 00:00:00") == WallTime{std::chrono::milliseconds{90min}});
    CHECK_FALSE(clock.time_of("1970-02-30 00:00:00"));
    CHECK_FALSE(clock.time_of("1970-01-01 24:00:00"));
    CHECK_FALSE(clock.time_of("1970-01-01T00:00:00"));
    CHECK_FALSE(clock.time_of("1970-01-01 00:00:0x"));
    CHECK_FALSE(clock.time_of(""));
    CHECK(clock.offset_text() == "\"-01:30\"");
}

TEST_CASE("what is in view is bounded, whatever comes") {
    SeenWindow seen{5s, 2s};
    Instant now{1h};
    for (int tag = 0; tag < 10'000; ++tag) {
        now += 1ms;
        CHECK(seen.see(std::to_string(tag), now));
        CHECK(seen.in_view() <= SeenWindow::most);
    }
    CHECK_FALSE(seen.see("9999", now));
}

TEST_CASE("a reader that must talk is offline when it is silent") {
    boost::asio::io_context context;
    ManualClock clock;
    StreamReplay replay{
        context, clock, yaml("{}"),
        yaml(std::string{head} + "framing: { end: \"0A\" }\npattern: \"{text}\"\nsilent_after: 200 ms\n")};
    replay.give(octets_of("A\n"));
    CHECK(replay.device().view().state == DeviceState::online);
    pass(context, clock, 150ms);
    replay.give(octets_of("B\n"));
    pass(context, clock, 150ms);
    CHECK(replay.device().view().state == DeviceState::online);
    pass(context, clock, 100ms);
    CHECK(replay.device().view().state == DeviceState::offline);
    CHECK(replay.device().view().cause == "silent");
    replay.give(octets_of("C\n"));
    CHECK(replay.device().view().state == DeviceState::online);
}

TEST_CASE("a profile of a reader that cannot work says why") {
    const std::string framing = "framing: { end: \"0A\" }\n";
    CHECK(first_problem_of(head + framing) == "it needs `pattern`, or `fields` of bytes");
    CHECK(first_problem_of(head + framing + "pattern: \"{text},{state}\"\nstates: { A: absent }\n") ==
          "`absent` is judged and not read");
    CHECK(first_problem_of(head + framing + "fields: { time: { at: 0, length: 4, as: hex } }\n") != "");
    CHECK(first_problem_of(head + framing + "pattern: \"{text}\"\nclock: YYYY-MM-DD\n") ==
          "no form of a date with its time");
    CHECK(first_problem_of(head + framing + "pattern: \"{text}\"\npoll: { request: x, every: 1 s, timeout: 1 s }\n") ==
          "not 1 to 64 bytes in hex");
}
