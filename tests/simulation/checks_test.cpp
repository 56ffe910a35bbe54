// Checks that no broken lane of the simulation reaches, each fed with a stream that was tampered with.
#include <string>

#include "tests/simulation/checks.hpp"
#include "tests/simulation/store_model.hpp"
#include "tests/simulation/uplink_model.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::simulation {

namespace {

using std::chrono::milliseconds;

constexpr Instant noon{std::chrono::seconds{5000}};

LaneSettings lane_settings() {
    LaneSettings settings;
    settings.name = LaneName{"out-1"};
    settings.roles = {Role::arm_loop, Role::arm_beam};
    settings.hold = milliseconds{1000};
    return settings;
}

PassageId passage(std::uint8_t number) {
    return PassageId{{number}};
}

PermissionId permission() {
    return PermissionId{{9}};
}

Event event(const std::string& type, Object data) {
    return {type, "lane/out-1", {}, std::move(data), {}};
}

/// All that passage 1 needs before its arm goes up, committed in `lane`.
void commit_opening(Book& book, std::size_t lane) {
    const auto whom = passage(1).text();
    const auto which = permission().text();
    book.committed(lane, event("verdict.issued", {{"passage", whom}, {"route", "open"}}));
    book.committed(lane, event("permission.began", {{"passage", whom}, {"permission_id", which}}));
    book.committed(lane, event("arm.commanded", {{"passage", whom}, {"permission_id", which}, {"command", "up"}}));
}

Command up_command(std::uint64_t number) {
    return {CommandId{number}, Role::arm_up, OutputAct::pulse, noon + milliseconds{9000}, permission(), false};
}

/// One violation, of that invariant, that says so.
bool found(const Findings& findings, int invariant, const std::string& piece) {
    return findings.violations().size() == 1 && findings.violations().front().invariant == invariant &&
           findings.violations().front().what.find(piece) != std::string::npos;
}

UsageKey key() {
    return {Authority{"ciq"}, OrderId{"R-1"}, std::nullopt, ControlPoint{"g07"}};
}

Command close_command(std::uint64_t number) {
    return {CommandId{number}, Role::arm_down_request, OutputAct::pulse, noon + milliseconds{9000}, std::nullopt, true};
}

Command stop_command(std::uint64_t number) {
    return {CommandId{number}, Role::arm_stop, OutputAct::pulse, noon + milliseconds{9000}, std::nullopt, false};
}

void both_clear(CloseCheck& check, Instant at) {
    check.delivered(0, Role::arm_loop, {Signal::off, 2}, at);
    check.delivered(0, Role::arm_beam, {Signal::off, 2}, at);
}

}  // namespace

TEST_CASE("Presence must have been clear for hold before a close is asked for") {
    const std::vector lanes{lane_settings()};
    Findings findings;
    CloseCheck check{lanes, findings};
    both_clear(check, noon);
    check.performed(0, close_command(1), noon + milliseconds{1000});
    REQUIRE(findings.violations().empty());

    SECTION("too early") {
        check.performed(0, close_command(2), noon + milliseconds{999});
    }
    SECTION("the beam is broken") {
        check.delivered(0, Role::arm_beam, {Signal::on, 1}, noon + milliseconds{1500});
        check.performed(0, close_command(2), noon + milliseconds{3000});
    }
    SECTION("the loop is unknown") {
        check.delivered(0, Role::arm_loop, {Signal::unknown, 1}, noon + milliseconds{1500});
        check.performed(0, close_command(2), noon + milliseconds{3000});
    }
    SECTION("clear was read once only") {
        check.delivered(0, Role::arm_loop, {Signal::on, 2}, noon + milliseconds{1500});
        check.delivered(0, Role::arm_loop, {Signal::off, 1}, noon + milliseconds{1600});
        check.performed(0, close_command(2), noon + milliseconds{4000});
    }
    SECTION("a new process has read nothing yet") {
        check.killed();
        check.performed(0, close_command(2), noon + milliseconds{4000});
    }
    CHECK(findings.violations().size() == 1);
}

TEST_CASE("A close that reaches the wire with a vehicle under the arm counts unless the inputs lied") {
    const std::vector lanes{lane_settings()};
    Findings findings;
    CloseCheck check{lanes, findings};
    check.written(0, close_command(1), {true, true});
    check.written(0, close_command(2), {false, false});
    CHECK(findings.violations().empty());
    check.written(0, close_command(3), {true, false});
    CHECK(findings.violations().size() == 1);
}

TEST_CASE("A device that writes late, twice, or what nobody gave is caught") {
    const std::vector lanes{lane_settings()};
    Findings findings;
    Book book{1};
    CommandCheck check{lanes, book, findings};
    const Command light{CommandId{1}, Role::light_go, OutputAct::off, noon, std::nullopt, false};
    check.performed(0, light, noon - milliseconds{10});
    check.written(0, light, noon - milliseconds{1});
    REQUIRE(findings.violations().empty());

    SECTION("twice") {
        check.written(0, light, noon - milliseconds{1});
    }
    SECTION("late") {
        auto late = light;
        late.id = CommandId{2};
        check.performed(0, late, noon - milliseconds{10});
        check.written(0, late, noon);
    }
    SECTION("of nobody") {
        auto foreign = light;
        foreign.id = CommandId{3};
        check.written(0, foreign, noon - milliseconds{1});
    }
    CHECK(findings.violations().size() == 1);
}

TEST_CASE("An arm that goes up with the wrong permission is caught") {
    const std::vector<LaneSettings> lanes(2);
    Findings findings;
    Book book{2};
    PermissionCheck check{lanes, book, findings};
    commit_opening(book, 0);
    check.performed(0, up_command(1));
    check.written(0, up_command(1));
    REQUIRE(findings.violations().empty());

    SECTION("that has ended") {
        book.emitted(0, event("permission.ended", {{"permission_id", permission().text()}}));
        check.performed(0, up_command(2));
        CHECK(found(findings, 1, "its permission has ended"));
    }
    SECTION("of another lane") {
        Book others{2};
        PermissionCheck elsewhere{lanes, others, findings};
        commit_opening(others, 1);
        elsewhere.written(0, up_command(2));
        CHECK(found(findings, 1, "the permission is another lane's"));
    }
    SECTION("that opened once before") {
        check.written(0, up_command(2));
        CHECK(found(findings, 1, "one permission opened the arm twice"));
    }
    SECTION("whose verdict was superseded") {
        book.committed(0, event("verdict.issued", {{"passage", passage(1).text()}, {"route", "wait"}}));
        check.performed(0, up_command(2));
        CHECK(found(findings, 1, "the newest committed verdict does not open"));
    }
}

TEST_CASE("A permission must have ended once when all is over") {
    const std::vector<LaneSettings> lanes(1);
    Findings findings;
    Book book{1};
    PermissionCheck check{lanes, book, findings};
    commit_opening(book, 0);
    const auto ended = event("permission.ended", {{"permission_id", permission().text()}});

    SECTION("never") {
        check.finish();
        CHECK(found(findings, 1, "began and ended 0 times"));
    }
    SECTION("once") {
        book.committed(0, ended);
        check.finish();
        CHECK(findings.violations().empty());
    }
    SECTION("twice") {
        book.committed(0, ended);
        book.committed(0, ended);
        check.finish();
        CHECK(found(findings, 1, "began and ended 2 times"));
    }
}

TEST_CASE("An arm output that is not for the first in an automatic lane is caught") {
    const std::vector<LaneSettings> lanes(1);
    Findings findings;
    Book book{1};
    CommandCheck check{lanes, book, findings};
    commit_opening(book, 0);
    const auto detected = [&](const PassageId& whom, int position) {
        book.emitted(0, event("passage.detected", {{"passage", whom.text()}, {"position_in_lane", position}}));
    };
    detected(passage(1), 1);

    SECTION("not automatic") {
        check.performed(0, up_command(1), noon);
        CHECK(found(findings, 3, "an arm output while the lane is not automatic"));
    }
    SECTION("a stop, while nobody knows the lane yet") {
        check.committed(0, event("arm.commanded", {{"command", "stop"}}), 1);
        check.performed(0, stop_command(1), noon);
        CHECK(found(findings, 3, "an arm output while the lane is not automatic"));
    }
    SECTION("a stop, out of service: it moves nothing") {
        check.committed(0, event("arm.commanded", {{"command", "stop"}}), 1);
        book.emitted(0, event("lane.mode", {{"to", "out_of_service"}}));
        check.performed(0, stop_command(1), noon);
        CHECK(findings.violations().empty());
    }
    SECTION("automatic and first") {
        book.emitted(0, event("lane.mode", {{"to", "automatic"}}));
        check.performed(0, up_command(1), noon);
        CHECK(findings.violations().empty());
    }
    SECTION("another is first") {
        book.emitted(0, event("lane.mode", {{"to", "automatic"}}));
        detected(passage(2), 0);
        check.performed(0, up_command(1), noon);
        CHECK(found(findings, 3, "which is not the first in the lane"));
    }
}

TEST_CASE("Each arm.commanded has one arm.result, and no result comes without it") {
    const std::vector<LaneSettings> lanes(1);
    Findings findings;
    Book book{1};
    CommandCheck check{lanes, book, findings};
    const auto result = event("arm.result", {{"commanded_sequence", 7}});

    SECTION("without") {
        check.committed(0, result, 8);
        CHECK(found(findings, 3, "arm.result without its arm.commanded"));
    }
    SECTION("twice") {
        check.committed(0, event("arm.commanded", {{"command", "up"}}), 7);
        check.committed(0, result, 8);
        check.committed(0, result, 9);
        check.finish();
        CHECK(found(findings, 3, "has 2 results"));
    }
}

TEST_CASE("A passage that is detected twice is caught") {
    const std::vector<LaneSettings> lanes(1);
    Findings findings;
    Book book{1};
    PassageCheck check{lanes, book, findings};
    const auto detected = event("passage.detected", {{"passage", passage(1).text()}, {"position_in_lane", 1}});
    check.committed(0, detected);
    check.committed(0, detected);
    CHECK(found(findings, 4, "was detected twice"));
}

TEST_CASE("An order with more places taken than it has is caught") {
    Findings findings;
    UsageCheck check{findings};
    check.allowed(Authority{"ciq"}, OrderId{"R-1"}, 1);
    check.committed({key(), passage(1), UsageState::reserved});
    check.committed({key(), passage(1), UsageState::free});
    check.committed({key(), passage(2), UsageState::reserved});
    REQUIRE(findings.violations().empty());

    SECTION("two at once") {
        check.committed({key(), passage(3), UsageState::reserved});
    }
    SECTION("used and free again") {
        check.committed({key(), passage(2), UsageState::used});
        check.committed({key(), passage(2), UsageState::free});
    }
    SECTION("an order that was never sent") {
        check.committed(
            {{Authority{"ciq"}, OrderId{"R-9"}, std::nullopt, ControlPoint{"g07"}}, passage(3), UsageState::reserved});
    }
    CHECK(findings.violations().size() == 1);
}

TEST_CASE("An order whose vehicle is past the arm must be used in the end") {
    Findings findings;
    UsageCheck check{findings};
    check.allowed(Authority{"ciq"}, OrderId{"R-1"}, 1);
    check.opened(passage(1), 7);
    check.committed({key(), passage(1), UsageState::reserved});

    SECTION("used") {
        CHECK(check.passed(7));
        check.committed({key(), passage(1), UsageState::used});
        check.finish();
        CHECK(findings.violations().empty());
    }
    SECTION("given back although it passed") {
        CHECK(check.passed(7));
        check.committed({key(), passage(1), UsageState::free});
        check.finish();
        CHECK(findings.violations().size() == 1);
    }
    SECTION("given back after it went back") {
        check.away(7);
        CHECK_FALSE(check.passed(7));
        check.committed({key(), passage(1), UsageState::free});
        check.finish();
        CHECK(findings.violations().empty());
    }
}

TEST_CASE("What is killed before its commit is gone, what was committed stays") {
    StoreModel store{1};
    const auto note = [](const char* name) {
        lane::Record record;
        record.memory.push_back({name, Value{"here"}});
        record.usage.push_back({key(), passage(1), UsageState::reserved});
        return record;
    };
    const auto event = [](std::size_t, const Event&, std::int64_t) {};
    const auto change = [](const lane::UsageChange&) {};
    store.enqueue(0, note("passage/1"));
    REQUIRE(store.begin());
    store.enqueue(0, note("passage/2"));
    CHECK(store.commit(event, change).size() == 1);
    store.kill();
    REQUIRE(store.memory(0).size() == 1);
    CHECK(store.memory(0).front().key == "passage/1");
    CHECK(store.usage(Authority{"ciq"}, OrderId{"R-1"}, ControlPoint{"g07"}).size() == 1);
    CHECK(store.idle());
}

TEST_CASE("The consumer ends with every event once and in order, and another history is caught") {
    std::vector<std::uint64_t> rows;
    Random random{4};
    UplinkModel uplink{Random{5}};
    uplink.start(0);
    Instant now = noon;
    while (rows.size() < 3000 || !uplink.done(rows)) {
        if (rows.size() < 3000) {
            rows.push_back(random.next());
        }
        if (random.chance(2)) {
            uplink.kill();
            uplink.start(static_cast<std::int64_t>(rows.size()));
        }
        now += milliseconds{500};
        uplink.exchange(rows, now);
        REQUIRE(now < noon + std::chrono::hours{24});
    }
    Findings findings;
    uplink.finish(rows, findings);
    CHECK(findings.violations().empty());
    std::swap(rows[10], rows[11]);
    uplink.finish(rows, findings);
    CHECK(findings.violations().size() == 1);
}

}  // namespace portcullis::simulation
