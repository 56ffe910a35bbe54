// Observations that a lane loses are caught, each in the way that it may lose them.
#include <string>
#include <vector>

#include "tests/simulation/observation_checks.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::simulation {

namespace {

using std::chrono::seconds;

constexpr Instant noon{seconds{5000}};
const std::string plate = "闽D12345";

/// One lane, its book and the check that reads it.
struct Observed {
    std::vector<LaneSettings> lanes = std::vector<LaneSettings>(1);
    Findings findings;
    Book book{1};
    ObservationCheck check{lanes, book, findings};

    void says(const std::string& type, Object data) {
        book.emitted(0, Event{type, "lane/out-1", {}, std::move(data), {}});
    }
    void detects(const PassageId& passage) {
        says("passage.detected", {{"passage", passage.text()}, {"position_in_lane", 1}});
    }
    void ends(const PassageId& passage) { says("passage.ended", {{"passage", passage.text()}}); }
    void is_automatic() { says("lane.mode", {{"to", "automatic"}}); }
    void reads(const lane::Record* record, Instant now = noon) {
        check.reading(0, Role::plate_front, plate, record, now);
    }
    void sees(Role role, InputSeen seen, const lane::Record* record = nullptr) {
        check.input(0, role, seen, record, true);
    }
    /// The lane goes on with a record that says so besides `told`.
    void goes_on(std::vector<Event> told) {
        lane::Record record;
        record.events = std::move(told);
        record.events.push_back({"lane.mode", "lane/out-1", {}, Object{{"to", "automatic"}}, {}});
        check.emitted(0, record);
    }
    [[nodiscard]] std::size_t found() const { return findings.violations().size(); }
    [[nodiscard]] bool found(const std::string& piece) const {
        return found() == 1 && findings.violations().front().what.find(piece) != std::string::npos;
    }
};

PassageId passage(std::uint8_t number) {
    return PassageId{{number}};
}

lane::Record record_of(std::vector<Event> events) {
    lane::Record record;
    record.events = std::move(events);
    return record;
}

Event taken_by(const std::string& whom) {
    return {"reading.taken", "device/plate_front", {}, Object{{"raw", plate}, {"passage", whom}}, {}};
}

Event unassigned() {
    return {"observation.unassigned", "lane/out-1", {}, Object{{"kind", "plate"}}, {}};
}

Event edges(int count) {
    return {"observation.unassigned",
            "lane/out-1",
            {},
            Object{{"kind", "edge"}, {"role", "arrival_loop"}, {"edges", count}},
            {}};
}

constexpr InputSeen on{Signal::on, 1};
constexpr InputSeen off{Signal::off, 1};
constexpr InputSeen off_again{Signal::off, 2};
constexpr InputSeen unknown{Signal::unknown, 1};

}  // namespace

TEST_CASE("A reading that nobody has ever had must be recorded") {
    Observed lane;
    SECTION("given to nobody") {
        lane.reads(nullptr);
        CHECK(lane.found() == 0);
        lane.check.due(noon + seconds{3});
        CHECK(lane.found("was given to nobody"));
    }
    SECTION("given to a passage that is not open") {
        const auto record = record_of({taken_by(passage(1).text())});
        lane.reads(&record);
        CHECK(lane.found("which is no open passage"));
    }
    SECTION("given to two passages") {
        lane.detects(passage(1));
        lane.detects(passage(2));
        const auto record = record_of({taken_by(passage(1).text()), taken_by(passage(2).text())});
        lane.reads(&record);
        CHECK(lane.found("was given to 2 passages"));
    }
    SECTION("called unassigned without an event that says so") {
        const auto record = record_of({taken_by("unassigned")});
        lane.reads(&record);
        CHECK(lane.found("was given to unassigned"));
    }
}

TEST_CASE("A reading that is repeated needs no record while its passage is open, and one afterwards") {
    Observed lane;
    lane.detects(passage(1));
    const auto record = record_of({taken_by(passage(1).text())});
    lane.reads(&record);
    lane.reads(nullptr, noon + seconds{300});
    REQUIRE(lane.found() == 0);
    lane.ends(passage(1));
    lane.detects(passage(2));
    lane.reads(nullptr, noon + seconds{301});
    lane.check.due(noon + seconds{304});
    CHECK(lane.found("was given to nobody"));
}

TEST_CASE("A parked truck's number needs no second record for a minute") {
    Observed lane;
    const auto record = record_of({taken_by("unassigned"), unassigned()});
    lane.reads(&record);
    lane.reads(nullptr, noon + seconds{59});
    REQUIRE(lane.found() == 0);
    SECTION("a minute is over") {
        lane.reads(nullptr, noon + seconds{60});
    }
    SECTION("another process knows nothing of it") {
        lane.check.killed();
        lane.reads(nullptr, noon + seconds{59});
    }
    lane.check.due(noon + seconds{63});
    CHECK(lane.found("was given to nobody"));
}

TEST_CASE("An input that rises in an automatic lane belongs to a passage or is unassigned") {
    Observed lane;
    lane.is_automatic();
    SECTION("told") {
        const auto told = record_of({unassigned()});
        lane.sees(Role::arrival_loop, on, &told);
        CHECK(lane.found() == 0);
    }
    SECTION("given to an open passage") {
        lane.detects(passage(1));
        lane.sees(Role::arm_loop, on);
        CHECK(lane.found() == 0);
    }
    SECTION("lost") {
        lane.sees(Role::load_beam_fore, on);
        CHECK(lane.found("load_beam_fore rose for nobody"));
    }
    SECTION("lost when it comes back") {
        lane.sees(Role::exit_loop, unknown);
        lane.sees(Role::exit_loop, on);
        CHECK(lane.found("exit_loop rose for nobody"));
    }
    SECTION("a limit is the arm's") {
        lane.sees(Role::arm_open_limit, on);
        CHECK(lane.found() == 0);
    }
}

TEST_CASE("What comes and goes in a lane that is not automatic is told before the lane goes on") {
    Observed lane;
    lane.sees(Role::arrival_loop, on);
    SECTION("nobody tells") {
        lane.sees(Role::arrival_loop, off);
        lane.sees(Role::arrival_loop, off_again);
        lane.goes_on({});
        CHECK(lane.found("arrival_loop rose and fell for nobody, 1 times"));
    }
    SECTION("the event counts one of two") {
        for (int i = 0; i < 2; ++i) {
            lane.sees(Role::arrival_loop, on);
            lane.sees(Role::arrival_loop, unknown);
        }
        lane.goes_on({edges(1)});
        CHECK(lane.found("arrival_loop rose and fell for nobody, 1 times"));
    }
    SECTION("the event counts both") {
        for (int i = 0; i < 2; ++i) {
            lane.sees(Role::arrival_loop, on);
            lane.sees(Role::arrival_loop, unknown);
        }
        lane.goes_on({edges(2)});
        CHECK(lane.found() == 0);
    }
    SECTION("one read of off in between is no end") {
        lane.sees(Role::arrival_loop, off);
        lane.sees(Role::arrival_loop, on);
        lane.detects(passage(1));
        lane.goes_on({});
        CHECK(lane.found() == 0);
    }
    SECTION("its device is gone") {
        lane.check.lost(0, Role::arrival_loop);
        lane.goes_on({});
        CHECK(lane.found("arrival_loop rose and fell for nobody, 1 times"));
    }
    SECTION("it stands there, and has no passage") {
        lane.goes_on({});
        CHECK(lane.found("arrival_loop is on when the lane goes on, and no passage is open"));
    }
    SECTION("another process has seen nothing") {
        lane.check.killed();
        lane.goes_on({});
        CHECK(lane.found() == 0);
    }
}

TEST_CASE("What comes and goes while nothing can be recorded is not asked for") {
    Observed lane;
    lane.check.input(0, Role::arrival_loop, on, nullptr, false);
    lane.check.input(0, Role::arrival_loop, unknown, nullptr, false);
    lane.goes_on({});
    CHECK(lane.found() == 0);
}

}  // namespace portcullis::simulation
