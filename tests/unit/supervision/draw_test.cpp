#include "supervision/enterprise.hpp"
#include "supervision/sampling.hpp"
#include "tests/unit/supervision/a_ruleset.hpp"

using namespace portcullis;
using namespace portcullis::supervision;
using namespace portcullis::supervision::testing;
using namespace std::chrono_literals;

namespace {

/// Class A is drawn at 2 %, C at 20 %, waste of anybody at 50 %; who is not known counts as C.
Ruleset sampled() {
    auto rules = ruleset({});
    rules.classes.names = {"AA", "A", "B", "C", "D"};
    rules.classes.unknown = "C";
    rules.classes.enterprises["E-A"] = {"A", noon - 24h};
    rules.sampling.goods_groups = {{"waste", {"4707", "7204"}}, {"fish", {"03"}}};
    rules.sampling.rates = {{{}, "waste", {}, 500'000}, {"A", {}, {}, 20'000}, {"C", {}, {}, 200'000}};
    rules.sampling.zone = "Z3";
    rules.sampling.methods = {"open"};
    return rules;
}

FoundOrder at_gate(const std::string& enterprise) {
    auto order = declared_release();
    release_of(order).draw = Draw::at_gate;
    release_of(order).enterprise = enterprise;
    return order;
}

PassageFacts with_ticket(std::int64_t ticket) {
    auto facts = leaving();
    measured(facts).tickets = {{"sampling", ticket}};
    return facts;
}

SamplingOutcome sampling(const Verdict& verdict) {
    return verdict.boxes.at(0).sampling;
}

}  // namespace

TEST_CASE("the ruleset's class wins over the order's and both over unknown") {
    const auto classes = sampled().classes;
    CHECK(class_of(classes, "E-A", "D", noon).name == "A");
    CHECK(class_of(classes, "E-A", "D", noon - 25h).name == "D");  // not yet
    CHECK(class_of(classes, "E-B", "B", noon).name == "B");
    CHECK(class_of(classes, "E-B", "X", noon).name == "C");  // no class of this ruleset
    CHECK(class_of(classes, {}, {}, noon).name == "C");
    CHECK_FALSE(class_of({}, "E-B", {}, noon).name);
}

TEST_CASE("goods are in the first group with a prefix of their code and may be in those that ask for more") {
    const auto sampling = sampled().sampling;
    const auto groups = [&](const std::vector<std::string>& codes) { return goods_groups_of(sampling, &codes); };
    CHECK(groups({"0303140000"}) == std::vector<std::string_view>{"fish"});
    CHECK(groups({"9401"}) == std::vector<std::string_view>{"none"});
    CHECK(groups({"47"}) == std::vector<std::string_view>{"waste", "none"});
    CHECK(groups({"9401", "0303"}) == std::vector<std::string_view>{"none", "fish"});
    CHECK(groups({}) == std::vector<std::string_view>{"none"});
    CHECK(goods_groups_of(sampling, nullptr) == std::vector<std::string_view>{"waste", "fish", "none"});
}

TEST_CASE("the first row that matches sets the rate and no row draws nothing") {
    auto sampling = sampled().sampling;
    CHECK(rate_for(sampling, "A", "waste", Movement::import_laden) == 500'000);
    CHECK(rate_for(sampling, "A", "fish", Movement::import_laden) == 20'000);
    CHECK(rate_for(sampling, "B", "fish", Movement::import_laden) == 0);
    CHECK(rate_for(sampling, {}, "none", Movement::import_laden) == 0);
    sampling.rates.insert(sampling.rates.begin(), {{}, {}, Movement::export_laden, 7});
    CHECK(rate_for(sampling, "A", "waste", Movement::export_laden) == 7);
    CHECK(rate_for(sampling, "A", "waste", Movement::import_laden) == 500'000);
}

TEST_CASE("a box is drawn at the gate by its class") {
    const auto drawn = decide_by(sampled(), with_ticket(19'999), {at_gate("E-A")});
    CHECK(outcome(drawn) == "inspect: sampling_drawn order_released");
    CHECK(sampling(drawn) == SamplingOutcome::gate_drawn);
    CHECK(drawn.reasons[0].id == box_a);
    CHECK(drawn.zone == "Z3");
    CHECK(drawn.methods == std::vector<std::string>{"open"});
    CHECK(drawn.boxes[0].enterprise_class == "A");
    CHECK(drawn.boxes[0].class_since == noon - 24h);
    CHECK(drawn.boxes[0].rate_ppm == 20'000);
    CHECK(drawn.boxes[0].goods_group == "fish");
    CHECK(drawn.boxes[0].declarations == std::vector<std::string>{"D-1"});
    const auto not_drawn = decide_by(sampled(), with_ticket(20'000), {at_gate("E-A")});
    CHECK(outcome(not_drawn) == "release: order_released");
    CHECK(sampling(not_drawn) == SamplingOutcome::gate_not);
    CHECK(sampling(decide_by(sampled(), with_ticket(20'000), {at_gate("E-X")})) == SamplingOutcome::gate_drawn);
}

TEST_CASE("a box of a drawn declaration that was not drawn itself never is") {
    auto all = sampled();
    all.sampling.rates = {{{}, {}, {}, 1'000'000}};
    CHECK(sampling(decide_by(all, with_ticket(1'000'000), {at_gate("E-A")})) == SamplingOutcome::gate_not);
    CHECK(sampling(decide_by(all, with_ticket(999'999), {at_gate("E-A")})) == SamplingOutcome::gate_drawn);
}

TEST_CASE("goods that are not known are drawn at the highest rate that they may have") {
    auto order = at_gate("E-A");
    release_of(order).hs.reset();
    const auto verdict = decide_by(sampled(), with_ticket(400'000), {order});
    CHECK(sampling(verdict) == SamplingOutcome::gate_drawn);
    CHECK(verdict.boxes[0].goods_group == "waste");
}

TEST_CASE("the gate draws only where central has not") {
    auto order = at_gate("E-A");
    release_of(order).draw = Draw::not_drawn;
    CHECK(sampling(decide_by(sampled(), with_ticket(0), {order})) == SamplingOutcome::central_not);
    release_of(order).draw = Draw::drawn;
    const auto drawn = decide_by(sampled(), with_ticket(999'999), {order});
    CHECK(sampling(drawn) == SamplingOutcome::central_drawn);
    CHECK(outcome(drawn) == "inspect: sampling_drawn order_released");
    SECTION("drawn by one authority is drawn") {
        auto customs = at_gate("E-A");
        customs.order.authority = Authority{"customs"};
        release_of(customs).draw = Draw::not_drawn;
        CHECK(sampling(decide_by(sampled(), with_ticket(999'999), {customs, order})) == SamplingOutcome::central_drawn);
    }
    SECTION("who says nothing leaves it to the gate") {
        release_of(order).draw.reset();
        CHECK(sampling(decide_by(sampled(), with_ticket(0), {order})) == SamplingOutcome::gate_drawn);
    }
}

TEST_CASE("without a ticket a draw is unknown and inspects") {
    const auto verdict = decide_by(sampled(), leaving(), {at_gate("E-A")});
    CHECK(outcome(verdict) == "inspect: sampling_unknown order_released");
    CHECK(verdict.missing == std::vector<std::string>{"sampling"});
    auto none = sampled();
    none.sampling.rates.clear();
    CHECK(outcome(decide_by(none, leaving(), {at_gate("E-A")})) == "release: order_released");
}

TEST_CASE("a box without a declaration is not drawn") {
    auto order = at_gate("E-A");
    release_of(order).declarations = std::vector<std::string>{};
    const auto verdict = decide_by(sampled(), leaving(), {order});
    CHECK(sampling(verdict) == SamplingOutcome::not_eligible);
    CHECK(verdict.boxes[0].eligible == Tristate::no);
    release_of(order).declarations.reset();
    CHECK(decide_by(sampled(), leaving(), {order}).boxes[0].eligible == Tristate::unknown);
    CHECK(sampling(decide_by(sampled(), leaving(), {order})) == SamplingOutcome::unknown);
    CHECK(sampling(decide_by(sampled(), entering(), {})) == SamplingOutcome::not_eligible);
    CHECK(sampling(decide_by(sampled(), leaving({}), {})) == SamplingOutcome::not_eligible);
}
