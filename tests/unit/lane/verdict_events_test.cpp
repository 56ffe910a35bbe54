// What verdict.issued and passage.identified say of orders and times.
#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

FoundOrder declares(const std::string& id, const std::string& box, const std::string& declaration,
                    std::optional<std::int64_t> gross_kg) {
    ReleaseOrder release;
    release.status = ReleaseStatus::released;
    release.container = ContainerNumber::parse(box).value();
    release.declarations = {declaration};
    release.enterprise = "of " + id;
    release.gross_kg = gross_kg;
    release.mass_basis = MassBasis::goods;
    FoundOrder found;
    found.order.authority = Authority{"ciq"};
    found.order.id = OrderId{id};
    found.order.body = release;
    return found;
}

/// A twin is judged with these orders.
LaneBench twin(std::vector<FoundOrder> orders) {
    auto settings = out_lane();
    settings.roles.insert(Role::container_front);
    LaneBench bench(settings);
    bench.decides = [orders = std::move(orders)](const PassageFacts&) {
        auto verdict = hold_for(ReasonCode::order_held);
        verdict.orders = orders;
        return verdict;
    };
    bench.on(Role::arrival_loop);
    bench.after(700ms);
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::container_rear, a_box);
    bench.read(Role::container_front, b_box);
    return bench;
}

std::string declared_kg(std::vector<FoundOrder> orders) {
    return twin(std::move(orders)).text("verdict.issued", "declared_kg");
}

std::string usage_told(FoundOrder order) {
    const auto bench = twin({std::move(order)});
    const auto* orders = bench.last("verdict.issued").find("orders");
    return *orders->get<List>()->front().find("usage")->get<std::string>();
}

const std::string elsewhere = "TEMU8633464";

TEST_CASE("the declared mass is the sum over the boxes, each declaration once", "[lane]") {
    CHECK(declared_kg({declares("R-1", a_box, "D-1", 12'000), declares("R-2", b_box, "D-2", 9'000)}) == "21000");
    CHECK(declared_kg({declares("R-1", a_box, "D-1", 12'000), declares("R-2", b_box, "D-1", 12'000)}) == "12000");
    CHECK(declared_kg({declares("R-1", a_box, "D-1", 12'000), declares("R-3", elsewhere, "D-3", 5'000)}) == "12000");
    CHECK(declared_kg({declares("R-1", a_box, "D-1", 12'000), declares("R-2", b_box, "D-2", {})}) == "unknown");
    CHECK(declared_kg({}) == "unknown");
}

TEST_CASE("masses of different things have no sum", "[lane]") {
    auto whole_box = declares("R-2", b_box, "D-2", 9'000);
    std::get<ReleaseOrder>(whole_box.order.body).mass_basis = MassBasis::box;
    const auto bench = twin({declares("R-1", a_box, "D-1", 12'000), whole_box});
    CHECK(bench.text("verdict.issued", "declared_kg") == "unknown");
    CHECK(bench.text("verdict.issued", "mass_basis") == "unknown");
    CHECK(bench.text("verdict.issued", "enterprise") == "of R-1");
}

TEST_CASE("an order is free while one of its places is", "[lane]") {
    auto order = declares("R-1", a_box, "D-1", {});
    const UsageKey key{order.order.authority, order.order.id, order.order.release()->container, ControlPoint{"g07"}};
    CHECK(usage_told(order) == "free");
    order.order.uses = 2;
    order.usage = {{key, UsageState::used, PassageId{{0xff, 1}}}};
    CHECK(usage_told(order) == "free");
    order.usage.push_back({key, UsageState::reserved, PassageId{{0xff, 2}}});
    CHECK(usage_told(order) == "reserved");
    order.usage.back().state = UsageState::used;
    CHECK(usage_told(order) == "used");
    order.order.body = TargetingOrder{};
    CHECK(usage_told(order) == "none");
}

TEST_CASE("what a reason states is true, false or unknown", "[lane]") {
    const auto [result, text] = GENERATE(table<Tristate, std::string>(
        {{Tristate::yes, "true"}, {Tristate::no, "false"}, {Tristate::unknown, "unknown"}}));
    LaneBench bench;
    bench.decides = [result = result](const PassageFacts&) {
        auto verdict = hold_for(ReasonCode::order_held);
        verdict.reasons.front().result = result;
        return verdict;
    };
    bench.truck_arrives();
    const auto* reasons = bench.last("verdict.issued").find("reasons");
    CHECK(*reasons->get<List>()->front().find("result")->get<std::string>() == text);
}

TEST_CASE("what the ruleset that waits would decide is told beside the verdict, and changes nothing", "[lane]") {
    LaneBench bench;
    bench.decides = [](const PassageFacts& facts) {
        auto verdict = release_of(facts);
        verdict.shadow = ShadowVerdict{8, VerdictOutcome::hold, {ReasonCode::rule_hold}};
        return verdict;
    };
    bench.truck_arrives();
    CHECK(bench.text("verdict.issued", "outcome") == "release");
    CHECK(bench.text("verdict.issued", "shadow_outcome") == "hold");
    CHECK(bench.text("verdict.issued", "shadow_version") == "8");
    CHECK(bench.commanded(Role::arm_up) == 1);
    CHECK(twin({}).text("verdict.issued", "shadow_outcome") == "none");
}

TEST_CASE("identification lasts from the first detection to the freeze", "[lane]") {
    CHECK(twin({}).text("passage.identified", "window_ms") == "720");
}

}  // namespace
}  // namespace portcullis::lane
