// Places of orders that were used elsewhere, in a batch and in a snapshot.
#include <boost/json.hpp>
#include <string>
#include <vector>

#include "codec/orders.hpp"
#include "core/time_text.hpp"
#include "tests/support/catch.hpp"

using namespace portcullis;
using codec::RefusalCause;
using portcullis::testing::contains_text;
namespace json = boost::json;

namespace {

const std::string granted_order =
    R"({"op":"put","order":"R-2026-000123","kind":"release","status":"released","movement":"import_laden",)"
    R"("container":"CSQU3054383","valid_from":"2026-11-23T00:00:00.000Z","valid_to":"2026-11-26T00:00:00.000Z",)"
    R"("officer":"A113","decided":"2026-11-22T08:00:00.000Z"})";

}  // namespace

TEST_CASE("A batch says which places of orders were used elsewhere") {
    const std::string used_line =
        R"({"op":"used","order":"R-2026-000123","container":"CSQU3054383","control_point":"quay",)"
        R"("gate":"g01","passage":"7d1f0c52e8a94b7ea3c6915f20d84e1b","place":2,)"
        R"("at":"2026-11-23T08:00:00.000Z"})";
    const auto read = [](const std::string& line) { return codec::read_order_operation(line, Authority{"ciq"}); };
    const UsedOrder expected{OrderId{"R-2026-000123"},
                             ContainerNumber::parse("CSQU3054383").value(),
                             ControlPoint{"quay"},
                             "g01",
                             *PassageId::parse("7d1f0c52e8a94b7ea3c6915f20d84e1b"),
                             2,
                             time_from_text("2026-11-23T08:00:00.000Z").value()};
    CHECK(std::get<UsedOrder>(read(used_line).value()) == expected);

    const auto changed = [&](const char* member, const json::value& value) {
        auto object = json::parse(used_line).as_object();
        object[member] = value;
        return json::serialize(object);
    };
    auto unnamed = expected;
    unnamed.container.reset();
    CHECK(std::get<UsedOrder>(read(changed("container", nullptr)).value()) == unnamed);
    unnamed.place = 1;
    CHECK(std::get<UsedOrder>(read(R"({"op":"used","order":"R-2026-000123","control_point":"quay","gate":"g01",)"
                                   R"("passage":"7d1f0c52e8a94b7ea3c6915f20d84e1b","at":"2026-11-23T08:00:00.000Z"})")
                                  .value()) == unnamed);
    CHECK_THAT(read(changed("passage", "7d1f")).error().message(), contains_text("/passage: must be 32"));
    CHECK_THAT(read(changed("gate", "G 1")).error().message(), contains_text("/gate"));
    CHECK_THAT(read(changed("control_point", nullptr)).error().message(), contains_text("/control_point"));
    CHECK_THAT(read(changed("at", nullptr)).error().message(), contains_text("/at"));
    CHECK_THAT(read(changed("place", 0)).error().message(), contains_text("/place"));
    CHECK_THAT(read(changed("officer", "A1")).error().message(), contains_text("is not known here"));
}

TEST_CASE("A line of a snapshot says an order and the places of it that were used") {
    const auto order = std::get<Order>(codec::read_order_operation(granted_order, Authority{"ciq"}).value());
    const std::vector<UsedOrder> used{
        {order.id, order.release()->container, ControlPoint{"quay"}, "g01",
         *PassageId::parse("7d1f0c52e8a94b7ea3c6915f20d84e1b"), 1, order.decided},
        {order.id, std::nullopt, ControlPoint{"g07"}, "g07", PassageId{}, 2, order.decided}};
    const auto line = codec::write_snapshot_line(order, used);
    const auto read = codec::read_snapshot_line(line).value();
    CHECK(read.used == used);
    CHECK(codec::write_cached_order(read.order) == codec::write_cached_order(order));
    CHECK(codec::write_snapshot_line(order, {}) == codec::write_cached_order(order));
    CHECK(codec::read_snapshot_line(codec::write_cached_order(order)).value().used.empty());
    CHECK_THAT(codec::read_cached_order(line).error().message(), contains_text("/used: is not known here"));
    auto object = json::parse(line).as_object();
    object["used"].as_array()[1].as_object()["passage"] = "7d";
    CHECK_THAT(codec::read_snapshot_line(json::serialize(object)).error().message(), contains_text("/used/1/passage"));
    object["used"] = json::array(codec::most_used_in_line + 1);
    CHECK(codec::read_snapshot_line(json::serialize(object)).error().cause == RefusalCause::limits);
}
