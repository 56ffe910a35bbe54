#include "codec/orders.hpp"

#include <boost/json.hpp>
#include <functional>

#include "codec/order_chain.hpp"
#include "core/time_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

using namespace portcullis;
using codec::RefusalCause;
using portcullis::testing::contains_text;
namespace json = boost::json;

namespace {

/// contracts.md 4, with every member of every kind.
const std::string batch_text = R"({"kind":"orders","authority":"ciq","terminal":"xmht","gates":["*"],"number":1042,
 "previous":"ee627b7cc203abd2124d3cd78b42d5064c380bd84afa56f1d93fb123a44354be",
 "issued":"2026-11-23T01:02:03.000Z","expires":"2026-11-30T01:02:03.000Z",
 "orders":[
  {"op":"put","order":"R-2026-000123","kind":"release","status":"released","movement":"import_laden","container":"CSQU3054383",
   "declarations":["390200261000123"],"enterprise":"3502960123","class":"A","hs":["0303140000"],"origin":"NO","origin_region":null,
   "last_port":"NOBGO","size_type":"45R1","fullness":"full","gross_kg":28410,"mass_basis":"goods","box_tare_kg":null,"wood":false,"ippc":null,
   "imdg":null,"reefer":true,"seals":["CN123456"],"tractor_plates":["闽D12345"],"trailer_plates":[],"gates":[],"control_points":[],
   "uses":1,"draw":"at_gate","conditions":[{"kind":"seal_intact","b":[true,null],"a":1}],"zone":null,
   "valid_from":"2026-11-23T00:00:00.000Z","valid_to":"2026-11-26T00:00:00.000Z","officer":"A113","decided":"2026-11-22T08:00:00.000Z"},
  {"op":"put","order":"M-77","kind":"movement","movement":"empty_out","container":null,"size_type":"42G1","tractor_plates":["闽D12345"],
   "uses":2,"valid_from":"2026-11-23T00:00:00.000Z","valid_to":"2026-11-26T00:00:00.000Z","officer":"T9","decided":"2026-11-22T08:00:00.000Z"},
  {"op":"put","order":"T-2026-000045","kind":"targeting","match":{"container":"CSQU3054383"},"action":"inspect","method":["radiation"],
   "zone":"Z2","basis":"2011-03-24","level":3,"once":true,"lifted_by":"result","visibility":"covert",
   "valid_from":"2026-11-23T00:00:00.000Z","valid_to":null,"officer":"B007","decided":"2026-11-22T08:00:00.000Z"},
  {"op":"revoke","order":"R-2026-000100","reason":"declaration withdrawn","officer":"A113","decided":"2026-11-22T08:00:00.000Z"}]})";

/// The batch with one place changed.
std::string with(std::string_view pointer, json::value value) {
    auto batch = json::parse(batch_text);
    const auto last = pointer.rfind('/');
    batch.at_pointer(pointer.substr(0, last)).as_object()[pointer.substr(last + 1)] = std::move(value);
    return json::serialize(batch);
}

/// The batch with one member gone.
std::string without(std::string_view pointer) {
    auto batch = json::parse(batch_text);
    const auto last = pointer.rfind('/');
    batch.at_pointer(pointer.substr(0, last)).as_object().erase(pointer.substr(last + 1));
    return json::serialize(batch);
}

std::string refused(std::string_view pointer, json::value value) {
    return codec::read_order_batch(with(pointer, std::move(value))).error().message();
}

const Order& order_of(const OrderBatch& batch, std::size_t index) {
    return std::get<Order>(batch.operations.at(index));
}

}  // namespace

TEST_CASE("A batch is read with everything that it says") {
    const auto batch = codec::read_order_batch(batch_text).value();
    CHECK(batch.authority.text() == "ciq");
    CHECK(batch.terminal == "xmht");
    CHECK(batch.gates == std::vector<std::string>{"*"});
    CHECK(batch.number == 1042);
    CHECK(time_text(batch.issued) == "2026-11-23T01:02:03.000Z");
    CHECK(time_text(batch.expires.value()) == "2026-11-30T01:02:03.000Z");
    REQUIRE(batch.operations.size() == 4);

    const auto& order = order_of(batch, 0);
    const auto& release = *order.release();
    CHECK(order.authority.text() == "ciq");
    CHECK(order.id.text() == "R-2026-000123");
    CHECK(release.status == ReleaseStatus::released);
    CHECK(release.movement == Movement::import_laden);
    CHECK(release.container->text() == "CSQU3054383");
    CHECK(release.declarations == std::vector<std::string>{"390200261000123"});
    CHECK(release.gross_kg == 28410);
    CHECK(release.mass_basis == MassBasis::goods);
    CHECK_FALSE(release.box_tare_kg);
    CHECK(release.wood == Tristate::no);
    CHECK(release.ippc == Tristate::unknown);
    CHECK(release.reefer == Tristate::yes);
    CHECK(release.draw == Draw::at_gate);
    REQUIRE(release.conditions.size() == 1);
    CHECK(release.conditions[0].kind == "seal_intact");
    CHECK(release.conditions[0].canonical == R"({"a":1,"b":[true,null],"kind":"seal_intact"})");
    REQUIRE(order.tractor_plates.size() == 1);
    CHECK(order.tractor_plates[0].text() == "闽D12345");
    CHECK(order.officer == "A113");

    CHECK(order_of(batch, 1).movement()->size_type == "42G1");
    CHECK_FALSE(order_of(batch, 1).movement()->container);
    CHECK(order_of(batch, 1).uses == 2);
    const auto& targeting = *order_of(batch, 2).targeting();
    CHECK(targeting.match.container->text() == "CSQU3054383");
    CHECK(targeting.action == TargetingAction::inspect);
    CHECK(targeting.once);
    CHECK(targeting.lifted_by == LiftedBy::result);
    CHECK_FALSE(order_of(batch, 2).valid_to);
    CHECK(std::get<RevokeOrder>(batch.operations[3]).reason == "declaration withdrawn");
}

TEST_CASE("The published example of a batch is read") {
    const auto batch = codec::read_order_batch(portcullis::testing::file_text("docs/central/examples/orders.json"));
    REQUIRE(batch);
    CHECK_FALSE(batch->operations.empty());
}

TEST_CASE("What else a declaration says is kept by name and comes back out of the cache") {
    auto batch = json::parse(batch_text);
    auto& release = batch.at_pointer("/orders/0").as_object();
    release["attributes"] = {{"radiation_cert", "yes"}, {"consignee", nullptr}};
    release["dates"] = {{"produced", "2026-11-01T00:00:00.000Z"}, {"shipped", nullptr}};
    const auto read = codec::read_order_batch(json::serialize(batch)).value();
    const auto& order = order_of(read, 0);
    using Attributes = std::map<std::string, std::string, std::less<>>;
    CHECK(order.release()->attributes == Attributes{{"radiation_cert", "yes"}});
    REQUIRE(order.release()->dates.size() == 1);
    CHECK(time_text(order.release()->dates.at("produced")) == "2026-11-01T00:00:00.000Z");
    const auto cached = codec::read_cached_order(codec::write_cached_order(order)).value();
    CHECK(cached.release()->attributes == order.release()->attributes);
    CHECK(cached.release()->dates == order.release()->dates);
}

TEST_CASE("A condition of an order is the predicate that its kind names and otherwise unknown") {
    const auto predicate = [](json::object condition) {
        const auto batch = codec::read_order_batch(with("/orders/0/conditions", json::array{std::move(condition)}));
        return order_of(batch.value(), 0).release()->conditions.at(0).predicate;
    };
    const auto seal = predicate({{"kind", "seal"}, {"is", json::array{"intact"}}});
    REQUIRE(seal);
    CHECK(seal->kind == PredicateKind::seal);
    CHECK(seal->texts == std::vector<std::string>{"intact"});
    CHECK(predicate({{"kind", "gross_kg"}, {"at_most", 30'000}})->at_most == 30'000);
    CHECK_FALSE(predicate({{"kind", "tide"}, {"at_least_mm", 1200}}));
    CHECK_FALSE(predicate({{"kind", "seal"}, {"is", json::array{"whole"}}}));
    CHECK_FALSE(predicate({{"kind", "gross_kg"}, {"at_most", 30'000}, {"more", 1}}));
}

TEST_CASE("An attribute that is no text and a date that is no time refuse the batch") {
    const auto member = [](std::string_view kind, std::string_view name, json::value value) {
        return refused("/orders/0/" + std::string{kind}, json::object{{name, std::move(value)}});
    };
    CHECK(member("attributes", "radiation_cert", true) == "/orders/0/attributes/radiation_cert: must be a text");
    CHECK_THAT(member("attributes", "Radiation", "yes"), contains_text("its name is not a word of a-z, 0-9 and _"));
    CHECK_THAT(member("attributes", "name", json::string(129, 'x')), contains_text("has 129 bytes, at most 128"));
    CHECK_THAT(member("dates", "produced", "2026-11-01"), contains_text("/orders/0/dates/produced: must be a time"));
    CHECK_THAT(refused("/orders/0/dates", json::array{}), contains_text("must be an object"));
    json::object many;
    for (int i = 0; i < 65; ++i) {
        many["a" + std::to_string(i)] = "x";
    }
    CHECK_THAT(refused("/orders/0/attributes", many), contains_text("has 65 members, at most 64"));
    CHECK_THAT(refused("/orders/1/attributes", json::object{{"a", "x"}}), contains_text("is not known here"));
}

TEST_CASE("An empty list is known to be empty, null and absent are unknown") {
    const auto seals = [](const std::string& text) {
        return order_of(codec::read_order_batch(text).value(), 0).release()->seals;
    };
    CHECK(seals(with("/orders/0/seals", json::array{})) == std::vector<std::string>{});
    CHECK(seals(with("/orders/0/seals", nullptr)) == std::nullopt);
    CHECK(seals(without("/orders/0/seals")) == std::nullopt);
}

TEST_CASE("One bad member anywhere refuses the batch and is named") {
    CHECK_THAT(refused("/orders/0/surplus", 1), contains_text("/orders/0/surplus: is not known here"));
    CHECK_THAT(refused("/surplus", nullptr), contains_text("/surplus: is not known here"));
    CHECK_THAT(refused("/orders/2/match/colour", "red"), contains_text("/orders/2/match/colour: is not known here"));
    CHECK_THAT(refused("/orders/1/status", "released"), contains_text("/orders/1/status: is not known here"));
    CHECK_THAT(refused("/orders/2/uses", 1), contains_text("/orders/2/uses: is not known here"));
    CHECK_THAT(refused("/orders/3/status", "held"), contains_text("/orders/3/status: is not known here"));
    CHECK_THAT(refused("/orders/0/authority", "customs"), contains_text("/orders/0/authority: is not known here"));
    CHECK_THAT(refused("/orders/0/revoked", "x"), contains_text("/orders/0/revoked: is not known here"));

    CHECK_THAT(refused("/orders/0/container", "CSQU3054384"), contains_text("/orders/0/container: \"CSQU3054384\": "));
    CHECK_THAT(refused("/orders/0/container", 7), contains_text("/orders/0/container: must be a text"));
    CHECK_THAT(refused("/orders/0/tractor_plates", {"闽D12345", "D12345"}),
               contains_text("/orders/0/tractor_plates/1: \"D12345\": "));
    CHECK_THAT(refused("/orders/0/tractor_plates", "闽D12345"), contains_text("must be a list"));
    CHECK_THAT(refused("/orders/2/match", json::object{}), contains_text("/orders/2/match: names nothing"));
    CHECK_THAT(refused("/orders/0/order", ""), contains_text("/orders/0/order: must not be empty"));
    CHECK_THAT(refused("/orders/0/officer", "a\nb"), contains_text("control character"));
    // A verdict that named this officer could not be recorded: the daemon would stop at it, again and again.
    const json::string digest{"sha256:" + std::string(64, 'a')};
    CHECK_THAT(refused("/orders/0/officer", digest), contains_text("/orders/0/officer: looks like the digest"));
    CHECK_THAT(refused("/orders/3/officer", digest), contains_text("/orders/3/officer: looks like the digest"));
    CHECK_THAT(refused("/orders/0/gross_kg", -1), contains_text("/orders/0/gross_kg: must be an integer from 0"));
    CHECK_THAT(refused("/orders/0/gross_kg", "28410"), contains_text("/orders/0/gross_kg"));
    CHECK_THAT(refused("/orders/0/uses", 0), contains_text("/orders/0/uses"));
    CHECK_THAT(refused("/orders/0/reefer", "yes"), contains_text("/orders/0/reefer: must be true, false or null"));
    CHECK_THAT(refused("/orders/0/conditions", {{{"a", 1}}}), contains_text("/orders/0/conditions/0/kind: is missing"));
    CHECK_THAT(refused("/orders/0/zone", "监管区"), contains_text("/orders/0/zone"));
    CHECK_THAT(refused("/orders/0/origin", "Norway"), contains_text("/orders/0/origin"));
    CHECK_THAT(refused("/orders/0/hs", {"0303", "03.03"}), contains_text("/orders/0/hs/1"));
    CHECK_THAT(refused("/orders", json::array{7}), contains_text("/orders/0: must be an object"));
}

TEST_CASE("A word that an enum does not have refuses the batch") {
    for (const auto* pointer : {"/orders/0/kind", "/orders/0/op", "/orders/0/status", "/orders/0/movement",
                                "/orders/0/fullness", "/orders/0/mass_basis", "/orders/0/draw", "/orders/1/movement",
                                "/orders/2/action", "/orders/2/lifted_by", "/orders/2/visibility"}) {
        CAPTURE(pointer);
        CHECK_THAT(refused(pointer, "other"), contains_text(std::string{pointer} + ": \"other\" is none of"));
        CHECK_THAT(refused(pointer, "Released"), contains_text("is none of"));
    }
    CHECK_THAT(refused("/orders/0/movement", "unknown"), contains_text("is none of"));
    CHECK_THAT(refused("/orders/0/fullness", "unknown"), contains_text("is none of"));
    CHECK_THAT(refused("/orders/0/status", "revoked"), contains_text("is none of"));  // revocation is `revoke` only
}

TEST_CASE("What an order must say must be there") {
    for (const auto* pointer : {"/kind",
                                "/authority",
                                "/terminal",
                                "/number",
                                "/previous",
                                "/issued",
                                "/expires",
                                "/orders",
                                "/orders/0/op",
                                "/orders/0/order",
                                "/orders/0/kind",
                                "/orders/0/status",
                                "/orders/0/valid_from",
                                "/orders/0/officer",
                                "/orders/0/decided",
                                "/orders/2/match",
                                "/orders/2/action",
                                "/orders/2/valid_from",
                                "/orders/3/order",
                                "/orders/3/reason",
                                "/orders/3/officer",
                                "/orders/3/decided"}) {
        CAPTURE(pointer);
        CHECK_THAT(codec::read_order_batch(without(pointer)).error().message(),
                   contains_text(std::string{pointer} + ": is missing"));
        CHECK_THAT(refused(pointer, nullptr), contains_text(std::string{pointer} + ": is missing"));
    }
    for (const auto* pointer : {"/orders/0/container", "/orders/0/gates", "/orders/0/uses", "/orders/0/conditions",
                                "/orders/0/draw", "/orders/0/movement", "/orders/0/valid_to", "/orders/1/movement",
                                "/orders/1/valid_to", "/orders/1/size_type", "/orders/2/level", "/orders/2/once"}) {
        CAPTURE(pointer);
        CHECK(codec::read_order_batch(without(pointer)).ok());
        CHECK(codec::read_order_batch(with(pointer, nullptr)).ok());
    }
}

TEST_CASE("The head of a batch is held to its form") {
    CHECK_THAT(refused("/kind", "ruleset"), contains_text("/kind: must be orders"));
    CHECK_THAT(refused("/authority", "C I Q"), contains_text("/authority"));
    for (const auto* of_the_gate : {"passes", "targeting", "zone_result"}) {
        CHECK_THAT(refused("/authority", of_the_gate), contains_text("none of passes, targeting and zone_result"));
    }
    CHECK_THAT(refused("/terminal", "XMHT"), contains_text("/terminal"));
    CHECK_THAT(refused("/gates", json::array{}), contains_text("/gates: must name at least one gate"));
    CHECK_THAT(refused("/gates", {"g07", "G08"}), contains_text("/gates/1"));
    CHECK_THAT(refused("/number", 0), contains_text("/number"));
    CHECK_THAT(refused("/previous", json::string(64, 'A')), contains_text("/previous"));
    CHECK_THAT(refused("/issued", "2026-11-23T01:02:03Z"), contains_text("/issued: must be a time"));
    CHECK_THAT(refused("/expires", "2026-11-23T01:02:03.000Z"), contains_text("/expires: is not after issued"));
    CHECK_THAT(refused("/orders/0/valid_to", "2026-11-22T00:00:00.000Z"),
               contains_text("/orders/0/valid_to: is before valid_from"));
}

TEST_CASE("Every condition kind is kept, also one that nobody knows yet") {
    const auto batch =
        codec::read_order_batch(with("/orders/0/conditions", {{{"kind", "moon_phase"}, {"x", {{"y", nullptr}}}}}))
            .value();
    const auto& condition = order_of(batch, 0).release()->conditions.at(0);
    CHECK(condition.kind == "moon_phase");
    CHECK(condition.canonical == R"({"kind":"moon_phase","x":{"y":null}})");
}

TEST_CASE("Lists and batches are bounded") {
    const auto copies = [](std::size_t count) {
        auto batch = json::parse(batch_text);
        auto& orders = batch.at("orders").as_array();
        const auto revoke = orders.back();
        orders.clear();
        for (std::size_t i = 0; i < count; ++i) {
            orders.push_back(revoke);
        }
        return codec::read_order_batch(json::serialize(batch));
    };
    CHECK(copies(0).ok());
    CHECK(copies(codec::most_orders_in_batch).value().operations.size() == codec::most_orders_in_batch);
    CHECK(copies(codec::most_orders_in_batch + 1).error().cause == RefusalCause::limits);
    CHECK(codec::read_order_batch(std::string(codec::most_payload_bytes + 1, ' ')).error().cause == RefusalCause::size);

    json::array many(1001, json::value{"A1"});
    CHECK_THAT(refused("/orders/0/seals", many), contains_text("1001 items, at most 1000"));
    CHECK_THAT(refused("/orders/0/officer", json::string(129, 'x')), contains_text("129 bytes, at most 128"));
}

TEST_CASE("A member that is there twice refuses the batch at any depth") {
    auto text = batch_text;
    text.insert(text.find("\"kind\":\"seal_intact\""), "\"kind\":\"none\",");
    CHECK(codec::read_order_batch(text).error().message() == "/orders/0/conditions/0/kind: member is there twice");
    text = batch_text;
    text.insert(text.find("\"status\":\"released\""), "\"status\":\"held\",");
    CHECK(codec::read_order_batch(text).error().message() == "/orders/0/status: member is there twice");
}

TEST_CASE("A cached order says everything that the sent one said") {
    const auto batch = codec::read_order_batch(batch_text).value();
    for (std::size_t i = 0; i < 3; ++i) {
        auto order = order_of(batch, i);
        const auto cached = codec::write_cached_order(order);
        const auto again = codec::read_cached_order(cached).value();
        CHECK(codec::write_cached_order(again) == cached);
        CHECK(again.authority == order.authority);
        CHECK_FALSE(again.revoked);
        order.revoked = true;
        order.revoke_reason = "withdrawn";
        const auto revoked = codec::read_cached_order(codec::write_cached_order(order)).value();
        CHECK(revoked.revoked);
        CHECK(revoked.revoke_reason == "withdrawn");
    }
    CHECK(
        codec::write_cached_order(order_of(batch, 1)) ==
        R"({"authority":"ciq","control_points":[],"decided":"2026-11-22T08:00:00.000Z","gates":[],"kind":"movement",)"
        R"("movement":"empty_out","officer":"T9","order":"M-77","size_type":"42G1","tractor_plates":["闽D12345"],)"
        R"("trailer_plates":[],"uses":2,"valid_from":"2026-11-23T00:00:00.000Z","valid_to":"2026-11-26T00:00:00.000Z"})");
    const auto release = codec::read_cached_order(codec::write_cached_order(order_of(batch, 0))).value();
    CHECK(release.release()->conditions == order_of(batch, 0).release()->conditions);
    CHECK(release.release()->ippc == Tristate::unknown);
    CHECK(release.release()->wood == Tristate::no);
    CHECK(release.tractor_plates == order_of(batch, 0).tractor_plates);
}

TEST_CASE("What a release does not say stays unsaid in the cache") {
    for (const auto* pointer : {"/orders/0/movement", "/orders/0/valid_to"}) {
        const auto order = order_of(codec::read_order_batch(with(pointer, nullptr)).value(), 0);
        const auto again = codec::read_cached_order(codec::write_cached_order(order)).value();
        CHECK(again.release()->movement == order.release()->movement);
        CHECK(again.valid_to == order.valid_to);
    }
    CHECK(order_of(codec::read_order_batch(with("/orders/0/movement", nullptr)).value(), 0).release()->movement ==
          Movement::unknown);
}

TEST_CASE("A batch has one place in its authority's chain") {
    OrderBatch batch;
    const Hash256 one{1};
    const Hash256 two{2};
    const auto place = [&](std::int64_t number, const Hash256& previous, const Hash256& hash,
                           const codec::OrderChainState& state) {
        batch.number = number;
        batch.previous = hex_text(previous);
        return codec::place_of(batch, hash, state);
    };
    using codec::BatchPlace;
    CHECK(place(1, Hash256{}, one, {}) == BatchPlace::next);
    CHECK(place(1, two, one, {}) == BatchPlace::forked);
    CHECK(place(2, one, two, {}) == BatchPlace::gap);
    CHECK(place(8, one, two, {7, one}) == BatchPlace::next);
    CHECK(place(8, two, two, {7, one}) == BatchPlace::forked);
    CHECK(place(9, one, two, {7, one}) == BatchPlace::gap);
    CHECK(place(7, two, one, {7, one}) == BatchPlace::repeated);
    CHECK(place(7, two, two, {7, one}) == BatchPlace::forked);
    CHECK(place(6, two, one, {7, one}) == BatchPlace::older);
}
