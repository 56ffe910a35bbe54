#include "gate/zone_trips.hpp"

#include "tests/support/catch.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;

Now at(std::chrono::seconds since) {
    return {Instant{since}, WallTime{1'000'000s} + since, ClockState::synchronised};
}

ContainerNumber box(const std::string& text = "CSQU3054383") {
    return ContainerNumber::parse(text).value();
}

ZoneTrip trip(const std::string& container = "CSQU3054383") {
    ZoneTrip trip{box(container), "Z2", PassageId{}, {}};
    trip.limit = 1800s;
    return trip;
}

TEST_CASE("A box that is sent to a zone arrives and leaves with what was concluded there") {
    ZoneTrips trips;
    CHECK(trips.directed(trip(), at(0s)).what == ZoneNews::What::directed);
    const auto arrived = trips.arrived(box(), "Z2", at(120s));
    REQUIRE(arrived);
    CHECK(arrived->trip.travelled == 120s);
    CHECK_FALSE(trips.arrived(box(), "Z2", at(130s)));
    trips.concluded(box(), "Z2", ZoneResultState::pass, "ZR-1");
    const auto left = trips.left(box(), "Z2", at(600s));
    REQUIRE(left);
    CHECK(left->trip.result == ZoneResultState::pass);
    CHECK(left->trip.result_id == "ZR-1");
    CHECK(trips.trips().empty());
    CHECK_FALSE(trips.left(box(), "Z2", at(601s)));
}

TEST_CASE("A box that does not come in time is overdue once") {
    ZoneTrips trips;
    (void)trips.directed(trip(), at(10s));
    CHECK(trips.deadline() == Instant{1810s});
    CHECK(trips.overdue(at(1809s)).empty());
    REQUIRE(trips.overdue(at(1810s)).size() == 1);
    CHECK(trips.overdue(at(9999s)).empty());
    CHECK_FALSE(trips.deadline());
    CHECK(trips.arrived(box(), "Z2", at(10'000s)));  // late is there all the same
}

TEST_CASE("A box that came in time is never overdue") {
    ZoneTrips trips;
    (void)trips.directed(trip(), at(0s));
    REQUIRE(trips.arrived(box(), "Z2", at(1799s)));
    CHECK_FALSE(trips.deadline());
    CHECK(trips.overdue(at(5000s)).empty());
}

TEST_CASE("Another box or another zone is nobody who was sent") {
    ZoneTrips trips;
    (void)trips.directed(trip(), at(0s));
    CHECK_FALSE(trips.arrived(box("MSKU0028235"), "Z2", at(1s)));
    CHECK_FALSE(trips.arrived(box(), "Z1", at(1s)));
    CHECK_FALSE(trips.left(box(), "Z1", at(1s)));
}

TEST_CASE("A wall clock that is set changes no limit") {
    ZoneTrips trips;
    (void)trips.directed(trip(), at(0s));
    auto later = at(100s);
    later.wall += 24h;
    CHECK(trips.overdue(later).empty());
    later = at(1800s);
    later.wall -= 48h;
    CHECK(trips.overdue(later).size() == 1);
}

TEST_CASE("A trip goes on over a restart whose steady clock is another") {
    ZoneTrips before;
    (void)before.directed(trip(), at(5000s));
    const Value note{ZoneTrips::note_of(before.trips().front(), at(5600s))};
    ZoneTrips after;
    Now started{Instant{3s}, at(5600s).wall + 200s, ClockState::synchronised};
    REQUIRE(after.recall(note, started));
    CHECK(after.trips().front().on_its_way(started.instant) == 800s);
    CHECK(after.deadline() == Instant{1003s});
    CHECK(after.overdue({Instant{1002s}, started.wall, ClockState::synchronised}).empty());
    CHECK(after.overdue({Instant{1003s}, started.wall, ClockState::synchronised}).size() == 1);

    SECTION("a wall clock that went back in between takes nothing off") {
        ZoneTrips again;
        started.wall -= 72h;
        REQUIRE(again.recall(note, started));
        CHECK(again.trips().front().on_its_way(started.instant) == 600s);
    }
    SECTION("what arrived before stays arrived") {
        (void)before.arrived(box(), "Z2", at(5700s));
        before.concluded(box(), "Z2", ZoneResultState::treat, "ZR-9");
        ZoneTrips again;
        REQUIRE(again.recall(Value{ZoneTrips::note_of(before.trips().front(), at(5800s))}, started));
        CHECK(again.trips().front().travelled == 700s);
        CHECK(again.trips().front().result == ZoneResultState::treat);
        CHECK_FALSE(again.deadline());
    }
    SECTION("a note that cannot be read is no trip") {
        ZoneTrips again;
        CHECK_FALSE(again.recall(Value{Object{{"container", "CSQU3054384"}}}, started));
        CHECK(again.trips().empty());
    }
}

TEST_CASE("A box that is sent again begins anew") {
    ZoneTrips trips;
    (void)trips.directed(trip(), at(0s));
    (void)trips.arrived(box(), "Z2", at(60s));
    (void)trips.directed(trip(), at(100s));
    REQUIRE(trips.trips().size() == 1);
    CHECK_FALSE(trips.trips().front().arrived);
    CHECK(trips.deadline() == Instant{1900s});
}

TEST_CASE("More trips than a gate follows drop the oldest") {
    ZoneTrips trips;
    for (std::size_t i = 0; i <= ZoneTrips::most_trips; ++i) {
        auto one = trip();
        const auto found = ContainerNumber::from_packed(box().packed());
        REQUIRE(found);
        one.zone = "Z2";
        std::string serial = std::to_string(100'000 + i);
        for (char check = '0'; check <= '9'; ++check) {
            if (const auto number = ContainerNumber::parse("CSQU" + serial + check)) {
                one.container = *number;
                break;
            }
        }
        (void)trips.directed(one, at(std::chrono::seconds{static_cast<std::int64_t>(i)}));
    }
    CHECK(trips.trips().size() == ZoneTrips::most_trips);
    CHECK(trips.trips().front().directed == at(1s).wall);
}

}  // namespace
}  // namespace portcullis::gate
