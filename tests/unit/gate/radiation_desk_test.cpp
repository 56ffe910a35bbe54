// Radiation monitors at the gate: what is believed of them, and the daily test object.
#include "gate/radiation_desk.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "codec/canonical.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;

const DeviceName rpm{"rpm"};

struct MonitorDesk {
    explicit MonitorDesk(settings::RadiationSettings settings = {}) : desk(settings, {rpm}, ports()) {
        desk.add_to(control);
        desk.restore({});
        says(RadiationWatch{true, ""});
    }

    RadiationDesk::Ports ports() {
        return {.submit =
                    [this](Submission submission) {
                        for (auto& event : submission.events) {
                            events.push_back(std::move(event));
                        }
                        for (auto& note : submission.gate_notes) {
                            notes.push_back(std::move(note));
                        }
                    },
                .now =
                    [this] {
                        return Now{now, WallTime{1'790'000'000'000ms + (now.time_since_epoch() / 1ms) * 1ms},
                                   ClockState::synchronised};
                    },
                .tell = [this](const Observation& seen) { told.push_back(std::get<RadiationSeen>(seen.what)); },
                .monitor_of = [](const std::string& name) { return name == "arch" ? rpm : DeviceName{}; },
                .acknowledge = [this](const std::string& lane, const Object&) { return lane == "out-1" && latched; }};
    }
    template <class What>
    void says(What what) {
        desk.observed({rpm, {}, now, RadiationSeen{std::move(what)}});
    }
    void health(DeviceState state) { desk.observed({rpm, {}, now, HealthChanged{state, ""}}); }
    void ends(OccupancyState state) {
        OccupancyEnded ended;
        ended.state = state;
        says(ended);
    }
    void after(std::chrono::milliseconds time) {
        now += time;
        desk.tick(ports().now());
    }
    std::string ask(Object question) {
        std::string answer;
        const auto text = codec::canonical_text(Value{std::move(question)});
        control.answer(*text, [&](const std::string& given) { answer = given; });
        return answer;
    }
    std::string test() { return ask({{"ask", "radiation_test"}, {"name", "arch"}, {"actor", "3507112"}}); }
    [[nodiscard]] const Value& last(std::string_view type, std::string_view member) const {
        static const Value none;
        for (auto event = events.rbegin(); event != events.rend(); ++event) {
            if (event->type == type) {
                const auto* const value = event->data.find(member);
                return value == nullptr ? none : *value;
            }
        }
        return none;
    }
    [[nodiscard]] auto count(std::string_view type) const {
        return std::count_if(events.begin(), events.end(), [&](const Event& event) { return event.type == type; });
    }

    Instant now{1h};
    bool latched = false;
    std::vector<Event> events;
    std::vector<lane::MemoryChange> notes;
    std::vector<RadiationSeen> told;
    ControlDesk control;
    RadiationDesk desk;
};

}  // namespace

TEST_CASE("what a test object does to a monitor is no vehicle's, and proves it", "[radiation]") {
    MonitorDesk bench;
    CHECK(bench.test().find("within_s") != std::string::npos);
    CHECK(bench.told.back() == RadiationSeen{RadiationWatch{false, "test"}});
    const auto before = bench.told.size();
    bench.says(OccupancyBegan{});
    bench.says(RadiationAlarm{true, false});
    CHECK(bench.told.size() == before);
    bench.ends(OccupancyState::gamma);
    CHECK(bench.last("radiation.tested", "result") == Value{"seen"});
    CHECK(bench.last("radiation.tested", "actor") == Value{"3507112"});
    CHECK(bench.told.back() == RadiationSeen{RadiationWatch{true, ""}});
    bench.says(OccupancyBegan{});
    CHECK(bench.told.back() == RadiationSeen{OccupancyBegan{}});
}

TEST_CASE("a test object that is not seen, or does not come, proves nothing", "[radiation]") {
    MonitorDesk bench;
    (void)bench.test();
    bench.says(OccupancyBegan{});
    bench.ends(OccupancyState::clean);
    CHECK(bench.last("radiation.tested", "result") == Value{"not_seen"});
    (void)bench.test();
    bench.after(10min);
    CHECK(bench.count("radiation.tested") == 2);
    CHECK(bench.last("radiation.tested", "result") == Value{"not_seen"});
}

TEST_CASE("no test begins while something stands in the beam, twice, or without a name", "[radiation]") {
    MonitorDesk bench;
    CHECK(bench.ask({{"ask", "radiation_test"}, {"name", "arch"}}).find("error") != std::string::npos);
    CHECK(bench.ask({{"ask", "radiation_test"}, {"name", "yard"}, {"actor", "a"}}).find("error") != std::string::npos);
    bench.says(OccupancyBegan{});
    CHECK(bench.test().find("stands in the beam") != std::string::npos);
    bench.ends(OccupancyState::clean);
    (void)bench.test();
    CHECK(bench.test().find("already") != std::string::npos);
}

TEST_CASE("without a test for a day nothing is clean, and an alarm still is one", "[radiation]") {
    MonitorDesk bench;
    bench.after(24h + 1s);
    CHECK(bench.told.back() == RadiationSeen{RadiationWatch{false, "not_tested"}});
    bench.says(OccupancyBegan{});
    bench.ends(OccupancyState::clean);
    CHECK(std::get<OccupancyEnded>(bench.told.back().what).state == OccupancyState::not_monitored);
    bench.says(OccupancyBegan{});
    bench.ends(OccupancyState::gamma);
    CHECK(std::get<OccupancyEnded>(bench.told.back().what).state == OccupancyState::gamma);
    bench.after(30s);
    CHECK(bench.last("condition.began", "condition") == Value{"radiation_not_monitored"});
    CHECK(bench.last("condition.began", "cause") == Value{"not_tested"});
    (void)bench.test();
    bench.says(OccupancyBegan{});
    bench.ends(OccupancyState::neutron);
    bench.after(250ms);
    CHECK(bench.told.back() == RadiationSeen{RadiationWatch{true, ""}});
    CHECK(bench.count("condition.ended") == 1);
}

TEST_CASE("the time of the last test survives a restart", "[radiation]") {
    MonitorDesk first;
    first.after(20h);
    (void)first.test();
    first.says(OccupancyBegan{});
    first.ends(OccupancyState::gamma);
    REQUIRE_FALSE(first.notes.empty());
    MonitorDesk second;
    second.now = first.now;
    second.desk.restore({{first.notes.back().key, *first.notes.back().body}});
    second.after(20h);
    CHECK(second.told.back() == RadiationSeen{RadiationWatch{true, ""}});
    second.after(5h);
    CHECK(second.told.back() == RadiationSeen{RadiationWatch{false, "not_tested"}});
}

TEST_CASE("a monitor that is away is not believed, and is again as it was when it is back", "[radiation]") {
    MonitorDesk bench;
    bench.health(DeviceState::offline);
    CHECK(bench.told.back() == RadiationSeen{RadiationWatch{false, "offline"}});
    bench.after(29s);
    CHECK(bench.count("condition.began") == 0);
    bench.after(1s);
    CHECK(bench.count("condition.began") == 1);
    bench.health(DeviceState::online);
    CHECK(bench.told.back() == RadiationSeen{RadiationWatch{true, ""}});
    bench.after(250ms);
    CHECK(bench.count("condition.ended") == 1);
}

TEST_CASE("an acknowledgement names who and why, and a lane that has an alarm", "[radiation]") {
    MonitorDesk bench;
    const auto acknowledge = [&](const std::string& reason) {
        return bench.ask(
            {{"ask", "radiation_acknowledge"}, {"lane", "out-1"}, {"actor", "3507112"}, {"reason_text", reason}});
    };
    CHECK(acknowledge("measured by hand").find("error") != std::string::npos);
    bench.latched = true;
    CHECK(acknowledge("").find("error") != std::string::npos);
    CHECK(acknowledge("measured by hand").find("\"acknowledged\":\"yes\"") != std::string::npos);
}

}  // namespace portcullis::gate
