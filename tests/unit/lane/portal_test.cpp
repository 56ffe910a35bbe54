// Portals: vehicles that go through, and which passage claims which transit (design.md 1, 3).
#include "lane/portal_tracker.hpp"
#include "lane/portal_transits.hpp"
#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

PortalSettings an_arch() {
    PortalSettings arch;
    arch.name = PortalName{"arch"};
    arch.way = Way::out;
    arch.loop = PortalLoop{DeviceName{"io"}, {.point = PointName{"di5"}}};
    arch.radiation = DeviceName{"rpm"};
    arch.readers = {{Role::plate_front, DeviceName{"arch-plate"}}, {Role::container_left, DeviceName{"arch-left"}}};
    return arch;
}

IdSource counted_ids() {
    return [last = std::uint8_t{0}]() mutable {
        std::array<std::uint8_t, 16> bytes{};
        bytes[0] = ++last;
        return bytes;
    };
}

struct Arch {
    PortalTracker tracker{an_arch(), RadiationLimits{20'000}, counted_ids()};
    Instant now{1h};
    std::vector<Transit> through;
    std::vector<Transit> changed;
    int alarms = 0;
    int occupancies = 0;

    void take(const PortalNews& news) {
        through.insert(through.end(), news.through.begin(), news.through.end());
        changed.insert(changed.end(), news.changed.begin(), news.changed.end());
        alarms += news.alarm ? 1 : 0;
        occupancies += news.occupancy ? 1 : 0;
    }
    void after(std::chrono::milliseconds time) {
        now += time;
        take(tracker.tick(now));
    }
    void loop(Signal signal) { take(tracker.see({DeviceName{"io"}, PointName{"di5"}, now, InputSeen{signal, 1}})); }
    void reads(const char* device, ReadingKind kind, const std::string& text) {
        Reading reading;
        reading.kind = kind;
        reading.raw = text;
        take(tracker.see({DeviceName{device}, PointName{}, now, reading}));
    }
    template <class What>
    void radiation(What what) {
        take(tracker.see({DeviceName{"rpm"}, PointName{}, now, RadiationSeen{std::move(what)}}));
    }
    void ends(OccupancyState state) {
        OccupancyEnded ended;
        ended.state = state;
        radiation(ended);
    }
};

Transit a_transit(std::uint8_t id, Instant began, const std::string& plate = "",
                  RadiationState radiation = RadiationState::clean) {
    Transit transit;
    transit.id = TransitId{std::array<std::uint8_t, 16>{id}};
    transit.portal = PortalName{"arch"};
    transit.began = began;
    transit.ended = began + 5s;
    transit.over = true;
    transit.has_radiation = true;
    transit.radiation = radiation;
    if (!plate.empty()) {
        Reading reading;
        reading.kind = ReadingKind::plate;
        reading.raw = plate;
        transit.readings.push_back({Role::plate_front, DeviceName{"arch-plate"}, reading, began + 1s});
    }
    return transit;
}

PortalAhead ahead_of(bool shared) {
    return {PortalName{"arch"}, DeviceName{"rpm"}, shared, 10s, 2min};
}

Claimant passage(std::uint8_t id, Instant detected, std::vector<std::string> plates = {}) {
    return {PassageId{std::array<std::uint8_t, 16>{id}}, detected, std::move(plates), {}};
}

LaneSettings behind_an_arch() {
    auto settings = out_lane();
    settings.portals.push_back(ahead_of(true));
    return settings;
}

const std::string other_plate = "粤B12345";

}  // namespace

TEST_CASE("a vehicle is at a portal from the first that sees it until nothing has for a while", "[portal]") {
    Arch arch;
    arch.loop(Signal::on);
    arch.after(500ms);
    arch.radiation(OccupancyBegan{});
    arch.reads("arch-left", ReadingKind::container, a_box);
    arch.reads("arch-left", ReadingKind::container, a_box);
    arch.reads("arch-plate", ReadingKind::plate, a_plate);
    arch.after(4s);
    arch.loop(Signal::off);
    arch.after(1s);
    arch.ends(OccupancyState::clean);
    CHECK(arch.through.empty());
    arch.after(3s);
    REQUIRE(arch.through.size() == 1);
    CHECK(arch.through[0].readings.size() == 2);
    CHECK(arch.through[0].radiation == RadiationState::clean);
    CHECK(arch.through[0].ended - arch.through[0].began == 5500ms);
    CHECK(arch.occupancies == 1);
}

TEST_CASE("without an occupancy a transit is not monitored, with half of one it is unknown", "[portal]") {
    Arch arch;
    arch.loop(Signal::on);
    arch.after(2s);
    arch.loop(Signal::off);
    arch.after(3s);
    arch.radiation(OccupancyBegan{});
    arch.after(2s);
    arch.take(arch.tracker.see({DeviceName{"rpm"}, PointName{}, arch.now, HealthChanged{DeviceState::offline, ""}}));
    arch.after(3s);
    REQUIRE(arch.through.size() == 2);
    CHECK(arch.through[0].radiation == RadiationState::not_monitored);
    CHECK(arch.through[1].radiation == RadiationState::unknown);
}

TEST_CASE("two vehicles in one occupancy are two transits, and its alarm is of both", "[portal]") {
    Arch arch;
    arch.loop(Signal::on);
    arch.radiation(OccupancyBegan{});
    arch.after(4s);
    arch.loop(Signal::off);
    arch.after(2s);
    arch.loop(Signal::on);
    arch.after(2s);
    arch.radiation(RadiationAlarm{true, false});
    arch.after(2s);
    arch.loop(Signal::off);
    arch.ends(OccupancyState::gamma);
    arch.after(3s);
    REQUIRE(arch.through.size() == 2);
    const auto last = std::find_if(arch.changed.rbegin(), arch.changed.rend(),
                                   [&](const Transit& one) { return one.id == arch.through[0].id; });
    REQUIRE(last != arch.changed.rend());
    CHECK(last->over);
    CHECK(last->radiation == RadiationState::suspect);
    CHECK(arch.through[1].radiation == RadiationState::suspect);
    CHECK(arch.alarms == 1);
}

TEST_CASE("a transit is claimed by plate before tag before order in time, and once", "[portal]") {
    PortalTransits transits;
    const Instant start{1h};
    transits.put(a_transit(1, start, a_plate));
    transits.put(a_transit(2, start + 20s, other_plate));
    const auto shared = ahead_of(true);
    CHECK(transits.claim(shared, passage(1, start + 60s)).by == ClaimBy::uncertain);
    const auto by_plate = transits.claim(shared, passage(2, start + 61s, {other_plate}));
    CHECK(by_plate.by == ClaimBy::plate);
    CHECK(by_plate.transit == a_transit(2, start).id);
    // The other one is the only one left.
    const auto by_order = transits.claim(shared, passage(1, start + 60s));
    CHECK(by_order.by == ClaimBy::order);
    CHECK(by_order.transit == a_transit(1, start).id);
    CHECK(transits.claim(shared, passage(3, start + 62s)).by == ClaimBy::none);
}

TEST_CASE("a tag that both read proves a transit, where no plate does", "[portal]") {
    PortalTransits transits;
    const Instant start{1h};
    auto tagged = a_transit(1, start);
    Reading tag;
    tag.kind = ReadingKind::tag;
    tag.raw = "E200301666130121155074EF";
    tagged.readings.push_back({Role::tag_reader, DeviceName{"arch-tags"}, tag, start});
    transits.put(tagged);
    transits.put(a_transit(2, start + 10s));
    auto claimant = passage(1, start + 60s);
    claimant.tags = {"E200301666130121155074EF"};
    const auto claim = transits.claim(ahead_of(true), claimant);
    CHECK(claim.by == ClaimBy::tag);
    CHECK(claim.transit == tagged.id);
}

TEST_CASE("who proves by plate that a transit is his takes it from who came in time", "[portal]") {
    PortalTransits transits;
    std::vector<PortalName> changed;
    transits.on_change([&](const PortalName& portal) { changed.push_back(portal); });
    const Instant start{1h};
    transits.put(a_transit(1, start, a_plate));
    const auto shared = ahead_of(true);
    REQUIRE(transits.claim(shared, passage(1, start + 60s)).by == ClaimBy::order);
    changed.clear();
    CHECK(transits.claim(shared, passage(2, start + 62s, {a_plate})).by == ClaimBy::plate);
    CHECK(changed.size() == 1);
    CHECK(transits.claim(shared, passage(1, start + 60s)).by == ClaimBy::none);
    CHECK(transits.claim(shared, passage(1, start + 60s, {a_plate})).by == ClaimBy::none);
}

TEST_CASE("a transit of another plate, of too long ago or of just now is nobody's by time", "[portal]") {
    PortalTransits transits;
    const Instant start{1h};
    transits.put(a_transit(1, start, a_plate));
    const auto shared = ahead_of(true);
    CHECK(transits.claim(shared, passage(1, start + 60s, {other_plate})).by == ClaimBy::none);
    CHECK(transits.claim(shared, passage(1, start + 5s)).by == ClaimBy::none);
    CHECK(transits.claim(shared, passage(1, start + 126s)).by == ClaimBy::none);
}

TEST_CASE("before a single lane the first in time is the first", "[portal]") {
    PortalTransits transits;
    const Instant start{1h};
    transits.put(a_transit(1, start));
    transits.put(a_transit(2, start + 10s));
    const auto claim = transits.claim(ahead_of(false), passage(1, start + 60s));
    CHECK(claim.by == ClaimBy::order);
    CHECK(claim.transit == a_transit(1, start).id);
}

TEST_CASE("who may be one of several has the worst alarm of them, and is never clean", "[portal]") {
    PortalTransits transits;
    const Instant start{1h};
    transits.put(a_transit(1, start));
    transits.put(a_transit(2, start + 10s));
    CHECK(transits.claim(ahead_of(true), passage(1, start + 60s)).radiation == RadiationState::unknown);
    transits.put(a_transit(3, start + 20s, "", RadiationState::suspect));
    CHECK(transits.claim(ahead_of(true), passage(1, start + 60s)).radiation == RadiationState::suspect);
}

TEST_CASE("an unclaimed transit is raised once, and none is kept for ever", "[portal]") {
    PortalTransits transits;
    const Instant start{1h};
    transits.put(a_transit(1, start));
    transits.put(a_transit(2, start));
    REQUIRE(transits.claim(ahead_of(false), passage(1, start + 60s)).by == ClaimBy::order);
    const PortalName arch{"arch"};
    CHECK(transits.unclaimed(arch, 2min, start + 2min).empty());
    const auto raised = transits.unclaimed(arch, 2min, start + 3min + 6s);
    REQUIRE(raised.size() == 1);
    CHECK(raised[0].id == a_transit(2, start).id);
    CHECK(transits.unclaimed(arch, 2min, start + 4min).empty());
    CHECK(transits.find(a_transit(1, start).id) == nullptr);
}

TEST_CASE("a passage claims its transit when its plate is read, with its radiation and its boxes", "[portal]") {
    PortalTransits transits;
    LaneBench bench(behind_an_arch(), &transits);
    auto mine = a_transit(1, bench.instant() - 60s, a_plate, RadiationState::suspect);
    Reading box;
    box.kind = ReadingKind::container;
    box.raw = a_box;
    mine.readings.push_back({Role::container_left, DeviceName{"arch-left"}, box, mine.began});
    transits.put(mine);
    transits.put(a_transit(2, bench.instant() - 40s, other_plate));
    bench.on(Role::arrival_loop);
    CHECK(bench.text("passage.detected", "portal_transit") == "unknown");
    bench.read(Role::plate_front, a_plate);
    bench.after(8s);
    const auto& portals = *bench.last("passage.identified").find("portals")->get<List>();
    REQUIRE(portals.size() == 1);
    CHECK(*portals[0].find("claim") == Value{"plate"});
    CHECK(*portals[0].find("transit") == Value{mine.id.text()});
    REQUIRE_FALSE(bench.asked.empty());
    const auto& facts = bench.asked.back().facts;
    CHECK(facts.measures.radiation == RadiationState::suspect);
    REQUIRE(facts.identity.containers.size() == 1);
    CHECK(facts.identity.containers[0].number.text() == a_box);
    CHECK(bench.text("radiation.alarm", "portal") == "arch");
    CHECK(bench.first("radiation.alarm").subject == "device/rpm");
}

TEST_CASE("a transit that has not ended is waited for, as a reader is", "[portal]") {
    PortalTransits transits;
    LaneBench bench(behind_an_arch(), &transits);
    auto mine = a_transit(1, bench.instant() - 20s, "", RadiationState::not_monitored);
    mine.over = false;
    transits.put(mine);
    bench.truck_arrives();
    CHECK(bench.text("passage.detected", "portal_transit") == mine.id.text());
    CHECK(bench.asked.empty());
    mine.over = true;
    mine.ended = bench.instant();
    mine.radiation = RadiationState::suspect;
    transits.put(mine);
    bench.handle(TransitsChanged{PortalName{"arch"}});
    REQUIRE_FALSE(bench.asked.empty());
    CHECK(bench.asked.front().facts.measures.radiation == RadiationState::suspect);
}

TEST_CASE("a transit that does not end in time is unknown", "[portal]") {
    PortalTransits transits;
    LaneBench bench(behind_an_arch(), &transits);
    auto mine = a_transit(1, bench.instant() - 20s, "", RadiationState::not_monitored);
    mine.over = false;
    transits.put(mine);
    bench.truck_arrives();
    bench.after(8s);
    CHECK(bench.asked.back().facts.measures.radiation == RadiationState::unknown);
}

TEST_CASE("a single transit in time is claimed when the vehicle is detected", "[portal]") {
    PortalTransits transits;
    LaneBench bench(behind_an_arch(), &transits);
    const auto only = a_transit(1, bench.instant() - 60s);
    transits.put(only);
    bench.truck_arrives();
    CHECK(bench.text("passage.detected", "portal_transit") == only.id.text());
    CHECK(bench.asked.back().facts.measures.radiation == RadiationState::clean);
}

TEST_CASE("an alarm that a transit gets later reaches the passage that claimed it", "[portal]") {
    PortalTransits transits;
    LaneBench bench(behind_an_arch(), &transits);
    auto only = a_transit(1, bench.instant() - 60s);
    transits.put(only);
    bench.truck_arrives();
    only.radiation = RadiationState::high;
    transits.put(only);
    bench.handle(TransitsChanged{PortalName{"arch"}});
    CHECK(bench.asked.back().facts.measures.radiation == RadiationState::high);
    CHECK(bench.count("radiation.alarm") == 1);
}

TEST_CASE("a vehicle that waits keeps the alarm of its transit when the portal has long forgotten it", "[portal]") {
    PortalTransits transits;
    LaneBench bench(behind_an_arch(), &transits);
    bench.decides = [](const PassageFacts& facts) {
        return facts.measures.radiation == RadiationState::high ? hold_for(ReasonCode::radiation_high)
                                                                : release_of(facts);
    };
    transits.put(a_transit(1, bench.instant() - 60s, a_plate, RadiationState::high));
    bench.truck_arrives();
    REQUIRE(bench.state() == PassageState::referred);
    bench.after(5min);
    CHECK(transits.unclaimed(PortalName{"arch"}, 2min, bench.instant()).empty());
    REQUIRE(transits.find(a_transit(1, bench.instant()).id) == nullptr);
    bench.handle(TransitsChanged{PortalName{"arch"}});
    bench.orders_changed();
    CHECK(bench.asked.back().facts.measures.radiation == RadiationState::high);
    CHECK(bench.commanded(Role::arm_up) == 0);
}

TEST_CASE("an alarm of a transit is on record of a vehicle that is under the arm already", "[portal]") {
    PortalTransits transits;
    LaneBench bench(behind_an_arch(), &transits);
    auto only = a_transit(1, bench.instant() - 60s);
    transits.put(only);
    bench.truck_arrives();
    bench.arm_opens();
    bench.on(Role::arm_loop);
    only.radiation = RadiationState::suspect;
    transits.put(only);
    bench.handle(TransitsChanged{PortalName{"arch"}});
    CHECK(bench.count("radiation.alarm") == 1);
}

}  // namespace portcullis::lane
