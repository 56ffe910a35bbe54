#include "gate/gate_conditions.hpp"

#include "codec/event_schemas.hpp"
#include "codec/event_writer.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/event_schema.hpp"
#include "trust/hash.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;

struct Watched {
    GateConditions conditions;
    Instant at{1h};
    ClockState clock = ClockState::synchronised;
    std::optional<std::int64_t> links_down;
    std::vector<Event> told;

    void after(std::chrono::seconds time) {
        for (const auto end = at + time; at < end;) {
            at += 250ms;
            for (auto& event : conditions.watch({at, WallTime{}, clock}, links_down)) {
                told.push_back(std::move(event));
            }
        }
    }
    [[nodiscard]] std::string condition(std::size_t index) const {
        return *told.at(index).data.find("condition")->get<std::string>();
    }
    [[nodiscard]] std::int64_t number(std::size_t index, std::string_view field) const {
        return *told.at(index).data.find(field)->get<std::int64_t>();
    }
};

TEST_CASE("no required destination for ten seconds: link_down, until one is back") {
    Watched gate;
    gate.links_down = 2;
    gate.after(9s);
    CHECK(gate.told.empty());
    gate.after(600s);
    REQUIRE(gate.told.size() == 1);
    CHECK(gate.told[0].type == "condition.began");
    CHECK(gate.told[0].subject == "gate");
    CHECK(gate.condition(0) == "link_down");
    CHECK(gate.number(0, "value") == 2);
    gate.links_down.reset();
    gate.after(1s);
    REQUIRE(gate.told.size() == 2);
    CHECK(gate.told[1].type == "condition.ended");
    CHECK(gate.number(1, "since_mono_ms") == gate.number(0, "since_mono_ms"));
    CHECK(gate.number(1, "duration_ms") == 609'000);
}

TEST_CASE("a link that comes back in time is no condition") {
    Watched gate;
    for (int i = 0; i < 5; ++i) {
        gate.links_down = 1;
        gate.after(8s);
        gate.links_down.reset();
        gate.after(1s);
    }
    CHECK(gate.told.empty());
}

TEST_CASE("a clock that nobody synchronises for a minute: clock_unsynchronised, and a short holdover is none") {
    Watched gate;
    gate.clock = ClockState::holdover;
    gate.after(120s);
    CHECK(gate.told.empty());
    gate.clock = ClockState::unsynchronised;
    gate.after(61s);
    REQUIRE(gate.told.size() == 1);
    CHECK(gate.condition(0) == "clock_unsynchronised");
    gate.clock = ClockState::synchronised;
    gate.after(1s);
    REQUIRE(gate.told.size() == 2);
    CHECK(gate.told[1].type == "condition.ended");
    CHECK(gate.condition(1) == "clock_unsynchronised");
}

TEST_CASE("conditions of the gate are events as docs/events declares them") {
    Watched gate;
    gate.links_down = 1;
    gate.after(11s);
    gate.links_down.reset();
    gate.after(1s);
    REQUIRE(gate.told.size() == 2);
    const portcullis::testing::EventSchemas schemas;
    const codec::EventCatalogue catalogue{codec::embedded_event_schemas()};
    const codec::EventWriter writer{catalogue, trust::hmac_sha256};
    codec::EventStamp stamp;
    stamp.salt.emplace();
    stamp.source = "/portcullis/xmht/g07";
    for (const auto& event : gate.told) {
        ++stamp.sequence;
        const auto written = writer.write(event, stamp);
        REQUIRE(written);
        const auto problems = schemas.problems(written->published);
        CAPTURE(problems);
        CHECK(problems.empty());
    }
}

}  // namespace
}  // namespace portcullis::gate
