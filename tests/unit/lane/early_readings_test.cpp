// What is read while nobody is there: of a vehicle whose loop is about to rise, or nobody's.
#include <string>

#include "lane/early_readings.hpp"
#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

TEST_CASE("a reading with no vehicle is unassigned, once", "[lane]") {
    LaneBench bench;
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::plate_front, a_plate);
    bench.after(1s);
    CHECK(bench.count("observation.unassigned") == 1);
    CHECK(bench.text("reading.taken", "passage") == "unassigned");
    bench.read(Role::plate_front, a_plate);
    bench.after(1s);
    CHECK(bench.count("observation.unassigned") == 1);
}

TEST_CASE("a reading that is over the wire before the loop is read is its vehicle's", "[lane]") {
    LaneBench bench;
    bench.read(Role::plate_front, a_plate);
    bench.after(150ms);
    bench.read(Role::container_rear, a_box);
    bench.after(150ms);
    REQUIRE(bench.count("reading.taken") == 0);
    bench.on(Role::arrival_loop);
    CHECK(bench.count("observation.unassigned") == 0);
    CHECK(bench.count("reading.taken") == 2);
    REQUIRE(bench.asked.size() == 1);
    const auto& identity = bench.asked.front().facts.identity;
    REQUIRE(identity.tractor);
    CHECK(identity.tractor->text() == a_plate);
    CHECK(identity.containers.size() == 1);
    bench.after(2s);
    CHECK(bench.count("observation.unassigned") == 0);
}

TEST_CASE("what was read longer before the loop is nobody's, also when the same text was told of before", "[lane]") {
    LaneBench bench;
    bench.read(Role::plate_front, a_plate);
    bench.after(501ms);
    CHECK(bench.count("observation.unassigned") == 1);
    bench.on(Role::arrival_loop);
    bench.read(Role::container_rear, a_box);
    bench.after(9s);
    CHECK(bench.asked.front().facts.identity.tractor == std::nullopt);
}

TEST_CASE("a plate that was told of as nobody's still counts when its vehicle comes", "[lane]") {
    LaneBench bench;
    bench.read(Role::plate_front, a_plate);
    bench.after(20s);
    bench.read(Role::plate_front, a_plate);
    bench.on(Role::arrival_loop);
    bench.read(Role::container_rear, a_box);
    REQUIRE(bench.asked.size() == 1);
    CHECK(bench.asked.front().facts.identity.tractor);
    CHECK(bench.count("observation.unassigned") == 1);
}

TEST_CASE("readings of nobody are bounded: the oldest is told of at once", "[lane]") {
    LaneBench bench;
    for (std::size_t i = 0; i <= EarlyReadings::most; ++i) {
        bench.read(Role::plate_front, "闽D1234" + std::string(1, static_cast<char>('A' + i)));
    }
    CHECK(bench.count("observation.unassigned") == 1);
}

}  // namespace
}  // namespace portcullis::lane
