// The lane's own radiation monitor: whose an occupancy is, what an alarm does to the arm, and the latch (design.md 3,
// 4).
#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

LaneSettings monitored_lane() {
    auto settings = out_lane();
    settings.roles.insert(Role::radiation);
    settings.radiation.high_gamma_cps = 20'000;
    return settings;
}

/// As the built-in policy has it: an alarm is inspected, a high one is held.
Verdict by_radiation(const PassageFacts& facts) {
    auto verdict = release_of(facts);
    if (facts.measures.radiation == RadiationState::high) {
        verdict = hold_for(ReasonCode::radiation_high);
    } else if (facts.measures.radiation == RadiationState::suspect) {
        verdict = inspect();
        verdict.reasons.push_back({ReasonCode::radiation_suspect, ReasonKind::radiation, std::nullopt, std::nullopt,
                                   Tristate::yes, VerdictOutcome::inspect});
    }
    verdict.radiation = facts.measures.radiation;
    return verdict;
}

struct Monitored : LaneBench {
    explicit Monitored(LaneSettings settings = monitored_lane()) : LaneBench(std::move(settings)) {
        decides = by_radiation;
        says(RadiationWatch{true, ""});
    }
    template <class What>
    void says(What what) {
        handle(Observed{Role::radiation, {DeviceName{"rpm"}, PointName{}, instant(), RadiationSeen{std::move(what)}}});
    }
    void occupied() { says(OccupancyBegan{}); }
    void ends(OccupancyState state, std::int64_t gamma = 900) {
        OccupancyEnded ended;
        ended.state = state;
        ended.gamma_max_cps = gamma;
        ended.background_cps = 899;
        ended.duration = 4s;
        ended.cause = state == OccupancyState::incomplete ? "end_not_seen" : "";
        says(ended);
    }
    /// Through the beam, and then to the arrival loop.
    void measured(OccupancyState state, std::int64_t gamma = 900) {
        occupied();
        after(4s);
        ends(state, gamma);
        after(1s);
    }
    void arrives_with(OccupancyState state, std::int64_t gamma = 900) {
        measured(state, gamma);
        truck_arrives();
    }
    [[nodiscard]] std::string radiation() const {
        return asked.empty() ? "" : std::string{text_of(asked.back().facts.measures.radiation)};
    }
};

/// What a verdict is asked for by, of a vehicle with such an occupancy.
std::string radiation_after(OccupancyState state, std::int64_t gamma = 900) {
    Monitored bench;
    bench.arrives_with(state, gamma);
    return bench.radiation();
}

}  // namespace

TEST_CASE("a vehicle is clean only by a complete clean occupancy of its own", "[lane]") {
    CHECK(radiation_after(OccupancyState::clean) == "clean");
    CHECK(radiation_after(OccupancyState::incomplete) == "unknown");
    CHECK(radiation_after(OccupancyState::not_monitored) == "not_monitored");
    Monitored none;
    none.truck_arrives();
    CHECK(none.radiation() == "not_monitored");
}

TEST_CASE("an alarm is suspect, one of neutrons or of so much gamma is high", "[lane]") {
    CHECK(radiation_after(OccupancyState::gamma, 1'200) == "suspect");
    CHECK(radiation_after(OccupancyState::gamma, 20'000) == "high");
    CHECK(radiation_after(OccupancyState::neutron) == "high");
    CHECK(radiation_after(OccupancyState::both) == "high");
}

TEST_CASE("an occupancy and its alarm are told with the passage that they are of", "[lane]") {
    Monitored bench;
    bench.arrives_with(OccupancyState::gamma, 1'200);
    REQUIRE(bench.count("radiation.occupancy") == 1);
    CHECK(bench.text("radiation.occupancy", "state") == "gamma");
    CHECK(bench.text("radiation.occupancy", "level") == "suspect");
    CHECK(bench.text("radiation.occupancy", "portal") == "out-1");
    REQUIRE(bench.count("radiation.alarm") == 1);
    CHECK(bench.first("radiation.alarm").subject == "device/rpm");
    CHECK(bench.text("radiation.alarm", "passage") == bench.text("passage.detected", "passage"));
    CHECK(bench.lane().view().radiation_alarm == RadiationLevel::suspect);
}

TEST_CASE("a suspect goes where inspection sends it, a high one is held where it stands", "[lane]") {
    Monitored suspect;
    suspect.arrives_with(OccupancyState::gamma, 1'200);
    CHECK(suspect.text("verdict.issued", "outcome") == "inspect");
    CHECK(suspect.commanded(Role::arm_up) == 1);
    Monitored high;
    high.arrives_with(OccupancyState::neutron);
    CHECK(high.text("verdict.issued", "outcome") == "hold");
    CHECK(high.commanded(Role::arm_up) == 0);
    CHECK(high.state() == PassageState::referred);
}

TEST_CASE("an occupancy that has not ended when the cab stops is waited for, and its alarm keeps the arm down",
          "[lane]") {
    Monitored bench;
    bench.occupied();
    bench.after(1s);
    bench.truck_arrives();
    CHECK(bench.asked.empty());
    CHECK(bench.commanded(Role::arm_up) == 0);
    bench.after(2s);
    bench.ends(OccupancyState::neutron);
    CHECK(bench.radiation() == "high");
    CHECK(bench.commanded(Role::arm_up) == 0);
    CHECK(bench.state() == PassageState::referred);
}

TEST_CASE("one that does not end in time is unknown, and counts when it ends", "[lane]") {
    Monitored bench;
    bench.occupied();
    bench.truck_arrives();
    bench.after(8s);
    CHECK(bench.radiation() == "unknown");
    bench.ends(OccupancyState::gamma, 1'200);
    CHECK(bench.radiation() == "suspect");
}

TEST_CASE("an alarm between the verdict and the write supersedes: the arm stays down", "[lane]") {
    Monitored bench;
    bench.commits = Commits::by_hand;
    bench.occupied();
    bench.truck_arrives();
    bench.after(8s);  // the verdict goes by what is known, and the arm-up is on its way to the journal
    REQUIRE(bench.state() == PassageState::permitted);
    REQUIRE(bench.commanded(Role::arm_up) == 0);
    bench.says(RadiationAlarm{false, true});
    bench.commit_all();
    CHECK(bench.commanded(Role::arm_up) == 0);
    CHECK(bench.count("verdict.superseded") == 1);
    CHECK(bench.text("verdict.superseded", "outcome") == "hold");
    CHECK(bench.text("verdict.superseded", "cause") == "radiation");
    CHECK(bench.state() == PassageState::referred);
}

TEST_CASE("an alarm whose answer is slower than the journal still finds the arm down", "[lane]") {
    Monitored bench;
    bench.commits = Commits::by_hand;
    bench.occupied();
    bench.truck_arrives();
    bench.after(8s);
    REQUIRE(bench.state() == PassageState::permitted);
    bench.decides = {};  // the look-up takes its time
    bench.ends(OccupancyState::neutron);
    bench.commit_all();
    CHECK(bench.commanded(Role::arm_up) == 0);
}

TEST_CASE("an alarm while the vehicle is under the arm is on record, and nothing closes on it", "[lane]") {
    Monitored bench;
    bench.occupied();
    bench.truck_arrives();
    bench.after(8s);
    bench.arm_opens();
    bench.on(Role::arm_loop);
    bench.ends(OccupancyState::neutron);
    CHECK(bench.count("radiation.alarm") == 1);
    CHECK(bench.count("verdict.superseded") == 1);
    CHECK(bench.commanded(Role::arm_down_request) == 0);
}

TEST_CASE("an alarm stays: no later word and no acknowledgement makes the vehicle clean", "[lane]") {
    Monitored bench;
    bench.arrives_with(OccupancyState::neutron);
    bench.handle(RadiationAcknowledged{Object{{"actor", "3507112"}, {"reason_text", "measured by hand"}}});
    CHECK(bench.text("radiation.acknowledged", "actor") == "3507112");
    CHECK(bench.text("radiation.acknowledged", "level") == "high");
    CHECK(bench.lane().view().radiation_alarm == RadiationLevel::none);
    bench.measured(OccupancyState::clean);
    bench.orders_changed();
    CHECK(bench.radiation() == "high");
    CHECK(bench.commanded(Role::arm_up) == 0);
    bench.handle(RadiationAcknowledged{Object{}});
    CHECK(bench.count("radiation.acknowledged") == 1);
}

TEST_CASE("an occupancy that goes on over two vehicles belongs to both", "[lane]") {
    Monitored bench;
    bench.occupied();
    bench.truck_arrives();
    bench.off(Role::arrival_loop);
    bench.after(1500ms);
    bench.on(Role::arrival_loop);
    REQUIRE(bench.open() == 2);
    bench.ends(OccupancyState::gamma, 1'200);
    CHECK(bench.count("radiation.alarm") == 2);
    CHECK(bench.last("radiation.occupancy").find("passages")->get<List>()->size() == 2);
}

TEST_CASE("who comes right behind another and broke no beam of its own is not clean by the other's", "[lane]") {
    Monitored bench;
    bench.measured(OccupancyState::clean);
    bench.truck_arrives();
    CHECK(bench.radiation() == "clean");
    bench.arm_opens();
    bench.truck_leaves();
    bench.truck_arrives();
    CHECK(bench.radiation() == "unknown");
}

TEST_CASE("who was measured and waits behind another keeps its own occupancy", "[lane]") {
    Monitored bench;
    bench.measured(OccupancyState::clean);
    bench.truck_arrives();
    bench.measured(OccupancyState::neutron);  // the next one, which waits before the loop
    CHECK(bench.radiation() == "clean");
    bench.after(60s);
    bench.arm_opens();
    bench.truck_leaves();
    bench.truck_arrives();
    CHECK(bench.radiation() == "high");
}

TEST_CASE("an alarm that no vehicle could be given stands over the lane until a person acknowledges it", "[lane]") {
    Monitored bench;
    bench.measured(OccupancyState::neutron);
    bench.after(15s);
    CHECK(bench.text("radiation.alarm", "passage") == "none");
    CHECK(bench.lane().view().radiation_alarm == RadiationLevel::high);
    bench.truck_arrives();
    CHECK(bench.radiation() == "high");
    CHECK(bench.state() == PassageState::referred);
    bench.handle(RadiationAcknowledged{Object{{"actor", "3507112"}}});
    CHECK(bench.radiation() == "not_monitored");
}

TEST_CASE("an alarm and its latch survive a restart", "[lane]") {
    Monitored bench;
    bench.arrives_with(OccupancyState::neutron);
    bench.restart();
    CHECK(bench.lane().view().radiation_alarm == RadiationLevel::high);
    bench.on(Role::arrival_loop);
    for (const auto role : {Role::arm_loop, Role::exit_loop, Role::arm_open_limit}) {
        bench.off(role);
    }
    bench.on(Role::arm_closed_limit);
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::container_rear, a_box);
    REQUIRE(bench.count("passage.detected") == 1);
    CHECK(bench.radiation() == "high");
    CHECK(bench.count("radiation.alarm") == 1);
    CHECK(bench.commanded(Role::arm_up) == 0);
}

TEST_CASE("a monitor that goes away in an occupancy leaves it incomplete", "[lane]") {
    Monitored bench;
    bench.occupied();
    bench.truck_arrives();
    bench.handle(
        Observed{Role::radiation,
                 {DeviceName{"rpm"}, PointName{}, bench.instant(), HealthChanged{DeviceState::offline, "lost"}}});
    bench.ends(OccupancyState::clean);  // what its driver says of the loss changes nothing more
    CHECK(bench.radiation() == "unknown");
    CHECK(bench.text("radiation.occupancy", "state") == "incomplete");
}

TEST_CASE("a vehicle that was in alarm and comes again is told of as measured again", "[lane]") {
    Monitored bench;
    bench.arrives_with(OccupancyState::gamma, 1'200);
    bench.arm_opens();
    bench.truck_leaves();
    bench.after(5min);
    bench.measured(OccupancyState::clean);
    bench.truck_arrives();
    REQUIRE(bench.count("radiation.rescan") == 1);
    CHECK(bench.text("radiation.rescan", "result") == "clean");
    CHECK(bench.radiation() == "clean");
}

TEST_CASE("who backs out through the beam is in alarm again, and not the one who comes next", "[lane]") {
    Monitored bench;
    bench.arrives_with(OccupancyState::neutron);
    bench.occupied();
    bench.off(Role::arrival_loop);
    bench.after(6s);
    REQUIRE(bench.count("passage.ended") == 1);
    bench.ends(OccupancyState::neutron);
    bench.handle(RadiationAcknowledged{Object{{"actor", "3507112"}}});
    bench.after(20s);
    CHECK(bench.count("radiation.alarm") == 1);
    CHECK(bench.lane().view().radiation_alarm == RadiationLevel::none);
    bench.arrives_with(OccupancyState::clean);
    CHECK(bench.radiation() == "clean");
    CHECK(bench.commanded(Role::arm_up) == 1);
}

TEST_CASE("an alarm of a vehicle that has gone is on record, and not the next one's", "[lane]") {
    Monitored bench;
    bench.truck_arrives();  // it came when nothing was measured
    bench.decides = hold_of;
    bench.off(Role::arrival_loop);
    bench.after(1s);
    bench.occupied();
    bench.after(6s);
    bench.ends(OccupancyState::neutron);
    bench.after(20s);
    CHECK(bench.count("radiation.alarm") == 1);
    CHECK(bench.text("radiation.alarm", "passage") == "none");
    const auto& owners = *bench.last("radiation.occupancy").find("passages")->get<List>();
    REQUIRE(owners.size() == 1);
    CHECK(owners[0] == Value{bench.text("passage.detected", "passage")});
    bench.truck_arrives();
    CHECK(bench.radiation() == "not_monitored");
}

}  // namespace portcullis::lane
