// What central makes of places that a gate used: read with the gate's own code.
#include "simulators/central/used_places.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <string>

#include "codec/orders.hpp"
#include "simulators/central/order_office.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/central/gate_events.hpp"

namespace portcullis::central {
namespace {

/// The documented `order.used`, with members of its data changed.
std::string used_event(const boost::json::object& changes = {}) {
    auto event = boost::json::parse(file_text("docs/events/examples/order.used.json")).as_object();
    auto& data = event["data"].as_object();
    for (const auto& change : changes) {
        data[change.key()] = change.value();
    }
    return boost::json::serialize(event);
}

UsedOrder read_used(const UsedPlace& place) {
    return std::get<UsedOrder>(codec::read_order_operation(place.operation, Authority{place.authority}).value());
}

}  // namespace

TEST_CASE("a gate's order.used becomes an operation that other gates take") {
    const auto place = used_place(used_event());
    REQUIRE(place);
    CHECK(place->authority == "ciq");
    const auto used = read_used(*place);
    CHECK(used.id == OrderId{"R-2026-000123"});
    CHECK(used.container == ContainerNumber::parse("CSQU3054383").value());
    CHECK(used.control_point == ControlPoint{"g07"});
    CHECK(used.gate == "g07");
    CHECK(used.passage.text() == "7d1f0c52e8a94b7ea3c6915f20d84e1b");
    CHECK(used.place == 1);

    const auto second = read_used(*used_place(used_event({{"container", "none"}, {"place", 2}})));
    CHECK_FALSE(second.container);
    CHECK(second.place == 2);
}

TEST_CASE("what a gate keeps for itself is told to nobody, and neither is another event") {
    for (const auto* authority : {"zone_result", "targeting", "pass"}) {
        CHECK_FALSE(used_place(used_event({{"authority", authority}})));
    }
    CHECK_FALSE(used_place(file_text("docs/events/examples/order.reserved.json")));
}

TEST_CASE("a snapshot of central says which places were used, also of an order that was replaced since") {
    OrderOffice office{SigningKey::from_hex(std::string(64, '1')), "xmht"};
    const std::string put = R"({"op":"put","order":"R-2026-000123","kind":"release","status":"released",)"
                            R"("container":"CSQU3054383","valid_from":"2026-11-23T00:00:00.000Z",)"
                            R"("officer":"A113","decided":"2026-11-22T08:00:00.000Z"})";
    const auto used = used_place(used_event())->operation;
    const WallTime now{};
    office.issue({"ciq", {put, used}, now, now + std::chrono::hours{1}});
    office.issue({"ciq", {put}, now, now + std::chrono::hours{1}});
    const auto snapshot = office.snapshot("ciq", now, now + std::chrono::hours{1});
    REQUIRE(snapshot);
    REQUIRE(snapshot->pieces.size() == 2);
    const auto& line = snapshot->pieces.back();
    const auto read = codec::read_snapshot_line(line.substr(0, line.size() - 1)).value();
    REQUIRE(read.used.size() == 1);
    CHECK(read.used.front() == read_used({"ciq", used}));
}

}  // namespace portcullis::central
