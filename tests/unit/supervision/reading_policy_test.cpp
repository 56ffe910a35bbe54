// What the ruleset lets readings be worth.
#include "supervision/reading_policy.hpp"

#include <algorithm>

#include "supervision/evaluate.hpp"
#include "supervision/near.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/supervision/a_passage.hpp"

namespace portcullis::supervision::testing {
namespace {

const std::string& right = box_a;
const std::string misread = "CSQU3O54383";

constexpr ReadingPolicy repairing{0, true};

PassageFacts misread_truck(std::vector<std::string> texts = {misread}) {
    auto facts = leaving();
    facts.identity.containers.clear();
    facts.identity.invalid_containers = std::move(texts);
    return facts;
}

FoundOrder order_for(const std::string& number) {
    auto order = release_order("R-" + number);
    release_of(order).container = box(number);
    return order;
}

RepairCause cause_of(const ReadingsWeighed& weighed) {
    REQUIRE(weighed.repairs.size() == 1);
    return weighed.repairs.front().cause;
}

TEST_CASE("one confusable character is repaired where policy allows it and an order names the number",
          "[supervision][repair]") {
    const auto weighed = weigh_readings(repairing, misread_truck(), found({order_for(right)}));
    CHECK(cause_of(weighed) == RepairCause::taken);
    CHECK(weighed.changed);
    CHECK(weighed.repaired());
    REQUIRE(weighed.identity.containers.size() == 1);
    CHECK(weighed.identity.containers.front().number.text() == right);
    const auto& repair = weighed.repairs.front();
    CHECK(repair.read == misread);
    CHECK(repair.candidate == right);
    CHECK(repair.position == 5);
    CHECK(repair.table == "O/0");
    CHECK(repair.candidates == 1);
    CHECK(repair.order_known == Tristate::yes);
}

TEST_CASE("nothing is repaired by default, and that is told", "[supervision][repair]") {
    const auto weighed = weigh_readings(ReadingPolicy{}, misread_truck(), found({order_for(right)}));
    CHECK(cause_of(weighed) == RepairCause::policy);
    CHECK(weighed.identity.containers.empty());
    CHECK_FALSE(weighed.changed);
}

TEST_CASE("a number that no order names is not repaired", "[supervision][repair]") {
    CHECK(cause_of(weigh_readings(repairing, misread_truck(), found({order_for(box_b)}))) ==
          RepairCause::order_unknown);
    CHECK(cause_of(weigh_readings(repairing, misread_truck(), found({}))) == RepairCause::order_unknown);
    // A targeting order names it, and is no order to go by.
    TargetingOrder wanted;
    wanted.match.container = box(right);
    auto targeting = order_for(right);
    targeting.order.body = wanted;
    CHECK(cause_of(weigh_readings(repairing, misread_truck(), found({targeting}))) == RepairCause::order_unknown);
}

TEST_CASE("a digit is never taken for a digit", "[supervision][repair]") {
    // 3054383 read as 3054388 and 8054383: as far from right as a digit can be.
    CHECK(weigh_readings(repairing, misread_truck({"CSQU3054388", "CSQU8054383", "CSQU3054338"}),
                         found({order_for(right)}))
              .repairs.empty());
}

TEST_CASE("two faults are not repaired", "[supervision][repair]") {
    CHECK(weigh_readings(repairing, misread_truck({"CSQU3O543B3"}), found({order_for(right)})).repairs.empty());
    CHECK(weigh_readings(repairing, misread_truck({"C5QU3O54383"}), found({order_for(right)})).repairs.empty());
    CHECK(weigh_readings(repairing, misread_truck({"CSQU305438"}), found({order_for(right)})).repairs.empty());
}

TEST_CASE("what may be several numbers is none of them", "[supervision][repair]") {
    // `0` in an owner code may be D, O or Q; D and O differ by 1 and 11 in value, and one weight makes two of them fit.
    std::optional<std::string> ambiguous;
    for (int serial = 0; serial < 100'000 && !ambiguous; ++serial) {
        const auto text = "0TLU1" + std::to_string(1'000'000 + serial).substr(1);
        ambiguous = container_repairs(text).size() > 1 ? std::optional{text} : std::nullopt;
    }
    REQUIRE(ambiguous);
    const auto candidates = container_repairs(*ambiguous);
    const auto weighed =
        weigh_readings(repairing, misread_truck({*ambiguous}), found({order_for(candidates.front().number.text())}));
    CHECK(cause_of(weighed) == RepairCause::ambiguous);
    CHECK(weighed.repairs.front().candidates > 1);
    CHECK(weighed.identity.containers.empty());
}

TEST_CASE("readings that stand for different boxes contradict each other", "[supervision][repair]") {
    const auto weighed = weigh_readings(repairing, misread_truck({misread, "MSKU6O11672"}),
                                        found({order_for(right), order_for("MSKU6011672")}));
    REQUIRE(weighed.repairs.size() == 2);
    for (const auto& repair : weighed.repairs) {
        CHECK(repair.cause == RepairCause::conflict);
    }
    CHECK(weighed.identity.containers.empty());
    // On a vehicle with two boxes they are two.
    auto twin = misread_truck({misread, "MSKU6O11672"});
    twin.load = Load::two_20;
    twin.boxes = 2;
    CHECK(weigh_readings(repairing, twin, found({order_for(right), order_for("MSKU6011672")}))
              .identity.containers.size() == 2);
}

TEST_CASE("a box that has its number needs no repair, and readers that disagree get none", "[supervision][repair]") {
    auto facts = leaving({box_a});
    facts.identity.invalid_containers = {"MSKU6O11672"};
    CHECK(weigh_readings(repairing, facts, found({order_for("MSKU6011672")})).repairs.empty());
    auto disputed = misread_truck();
    disputed.identity.disagreements.push_back({ReadingKind::container, {"MSKU6011672", "HLXU3186035"}});
    CHECK(cause_of(weigh_readings(repairing, disputed, found({order_for(right)}))) == RepairCause::conflict);
}

TEST_CASE("a look-up that failed knows no order, and says so", "[supervision][repair]") {
    auto failed = found({});
    failed.failed = true;
    const auto weighed = weigh_readings(repairing, misread_truck(), failed);
    CHECK(cause_of(weighed) == RepairCause::order_unknown);
    CHECK(weighed.repairs.front().order_known == Tristate::unknown);
}

TEST_CASE("a plate is repaired only where its grammar leaves one reading, and an order names it",
          "[supervision][repair]") {
    auto facts = leaving({box_a});
    facts.identity.tractor.reset();
    facts.identity.invalid_plates = {"闽D1234O"};
    auto order = release_order("R-1");
    order.order.tractor_plates = {PlateNumber::parse("闽D12340").value()};
    const auto weighed = weigh_readings(repairing, facts, found({order}));
    CHECK(cause_of(weighed) == RepairCause::taken);
    CHECK(weighed.repairs.front().table == "O/0");
    CHECK(weighed.repairs.front().position == 6);
    REQUIRE(weighed.identity.tractor);
    CHECK(weighed.identity.tractor->text() == "闽D12340");
    CHECK(cause_of(weigh_readings(repairing, facts, found({release_order("R-1")}))) == RepairCause::order_unknown);
    facts.identity.invalid_plates = {"闽DI234O"};  // two
    CHECK(weigh_readings(repairing, facts, found({order})).repairs.empty());
}

TEST_CASE("a number that one doubtful reader gave is not believed, and its targeting still counts",
          "[supervision][repair]") {
    constexpr ReadingPolicy careful{60, true};
    auto facts = leaving({right});
    facts.identity.containers.front().confidence = 59;
    const auto weighed = weigh_readings(careful, facts, found({order_for(right)}));
    CHECK(weighed.changed);
    CHECK(weighed.identity.containers.empty());
    CHECK(weighed.identity.invalid_containers == std::vector<std::string>{right});
    CHECK(near_containers(weighed.identity) == std::vector<ContainerNumber>{box(right)});

    facts.identity.containers.front().confidence = 60;
    CHECK_FALSE(weigh_readings(careful, facts, found({})).changed);
    facts.identity.containers.front().confidence.reset();  // unknown is not 0
    CHECK_FALSE(weigh_readings(careful, facts, found({})).changed);
    facts.identity.containers.front().confidence = 10;
    facts.identity.containers.front().votes = 2;  // two readers that agree doubt nothing
    CHECK_FALSE(weigh_readings(careful, facts, found({})).changed);
}

TEST_CASE("where the ruleset wants two readers, one and a part of another are two", "[supervision][repair]") {
    constexpr ReadingPolicy two{0, true, 2};
    auto facts = leaving({right});
    CHECK(weigh_readings(two, facts, found({order_for(right)})).identity.containers.empty());
    facts.identity.containers.front().parts = 1;
    CHECK_FALSE(weigh_readings(two, facts, found({})).changed);
    facts.identity.containers.front().parts = 0;
    facts.identity.containers.front().votes = 2;
    CHECK_FALSE(weigh_readings(two, facts, found({})).changed);
}

}  // namespace
}  // namespace portcullis::supervision::testing
