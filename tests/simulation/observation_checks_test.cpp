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

constexpr InputSeen on{Signal::on, 1};
constexpr InputSeen off{Signal::off, 1};
constexpr InputSeen off_again{Signal::off, 2};
constexpr InputSeen unknown{Signal::unknown, 1};

}  // namespace

TEST_CASE("A reading that nobody has ever had must be recorded") {
    Observed lane;
    SECTION("given to nobody") {
        lane.reads(nullptr);
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
    CHECK(lane.found("was given to nobody"));
}

TEST_CASE("A presence input that rises belongs to a passage or is unassigned") {
    Observed lane;
    lane.check.input(0, Role::arrival_loop, off, nullptr);
    lane.check.input(0, Role::arrival_loop, off_again, nullptr);
    const auto told = record_of({unassigned()});

    SECTION("told") {
        lane.check.input(0, Role::arrival_loop, on, &told);
        CHECK(lane.found() == 0);
    }
    SECTION("given to an open passage of an automatic lane") {
        lane.is_automatic();
        lane.detects(passage(1));
        lane.check.input(0, Role::arm_loop, on, nullptr);
        CHECK(lane.found() == 0);
    }
    SECTION("lost in an automatic lane without passages") {
        lane.is_automatic();
        lane.check.input(0, Role::arrival_loop, on, nullptr);
        CHECK(lane.found("arrival_loop rose for nobody"));
    }
    SECTION("lost in a lane that is not automatic, whoever is open") {
        lane.detects(passage(1));
        lane.check.input(0, Role::arrival_loop, on, nullptr);
        CHECK(lane.found("arrival_loop rose for nobody"));
    }
    SECTION("lost when it came back") {
        lane.check.input(0, Role::exit_loop, unknown, nullptr);
        lane.check.input(0, Role::exit_loop, on, nullptr);
        CHECK(lane.found("exit_loop rose for nobody"));
    }
    SECTION("one read of off in between is no rise") {
        lane.check.input(0, Role::arrival_loop, on, &told);
        lane.check.input(0, Role::arrival_loop, off, nullptr);
        lane.check.input(0, Role::arrival_loop, on, nullptr);
        CHECK(lane.found() == 0);
    }
    SECTION("two are one") {
        lane.check.input(0, Role::arrival_loop, on, &told);
        lane.check.input(0, Role::arrival_loop, off, nullptr);
        lane.check.input(0, Role::arrival_loop, off_again, nullptr);
        lane.check.input(0, Role::arrival_loop, on, nullptr);
        CHECK(lane.found("arrival_loop rose for nobody"));
    }
    SECTION("what rose while nothing could be recorded is not asked for") {
        lane.check.unrecorded_input(0, Role::arrival_loop, on);
        lane.check.input(0, Role::arrival_loop, {Signal::on, 2}, nullptr);
        CHECK(lane.found() == 0);
    }
}

TEST_CASE("A load beam that rises in an automatic lane without passages is unassigned; a limit is the arm's") {
    Observed lane;
    lane.check.input(0, Role::load_beam_mid, on, nullptr);
    lane.check.input(0, Role::arm_open_limit, on, nullptr);
    CHECK(lane.found() == 0);
    lane.is_automatic();
    lane.check.input(0, Role::load_beam_fore, on, nullptr);
    CHECK(lane.found("load_beam_fore rose for nobody"));
}

}  // namespace portcullis::simulation
