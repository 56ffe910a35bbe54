#include <algorithm>
#include <random>
#include <set>

#include "tests/unit/supervision/a_ruleset.hpp"

using namespace portcullis;
using namespace portcullis::supervision;
using namespace portcullis::supervision::testing;
using namespace std::chrono_literals;

namespace {

/// One seed, one stream of choices.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}

    std::size_t below(std::size_t count) { return static_cast<std::size_t>(engine_() % count); }
    bool chance(std::size_t percent) { return below(100) < percent; }
    template <class Item>
    Item one_of(const std::vector<Item>& items) {
        return items.at(below(items.size()));
    }

private:
    std::mt19937_64 engine_;
};

Predicate any_predicate(Dice& dice) {
    switch (dice.below(8)) {
        case 0:
            return is(PredicateKind::origin, {dice.one_of<std::string>({"NO", "JP", "KR"})});
        case 1:
            return is(PredicateKind::hs, {dice.one_of<std::string>({"03", "030314", "47", "9401"})});
        case 2:
            return is(PredicateKind::origin_region, {"JP-07"});
        case 3:
            return is(PredicateKind::enterprise_class, {dice.one_of<std::string>({"A", "C"})});
        case 4:
            return is(PredicateKind::wood, {dice.one_of<std::string>({"yes", "no"})});
        case 5:
            return is(PredicateKind::weight_delta, {"yes"});
        case 6:
            return is(PredicateKind::radiation, {dice.one_of<std::string>({"suspect", "clean", "not_monitored"})});
        default:
            return in_range(PredicateKind::time_window, 22 * 60, 6 * 60);
    }
}

Rule any_rule(Dice& dice, const std::string& id) {
    std::vector<Predicate> predicates;
    for (std::size_t i = 0; i <= dice.below(3); ++i) {
        predicates.push_back(any_predicate(dice));
    }
    auto made = rule(id, std::move(predicates));
    made.condition.front().join = dice.chance(70) ? Join::all : Join::any;
    if (dice.chance(30)) {
        made.condition.insert(made.condition.begin(), {Join::negation, 1, 0});
    }
    made.outcome = dice.chance(50) ? VerdictOutcome::hold : VerdictOutcome::inspect;
    made.unknown = enum_texts<UnknownOutcome>.at(dice.below(3)).value;
    made.rate_ppm = dice.chance(30) ? 500'000 : 1'000'000;
    if (dice.chance(20)) {
        made.movements = {Movement::export_laden};
    }
    if (dice.chance(10)) {
        made.valid_to = noon - 1h;
    }
    return made;
}

FoundOrder any_order(Dice& dice, const std::string& id, const std::string& number) {
    auto found = release_order(id, number, dice.chance(90) ? ReleaseStatus::released : ReleaseStatus::inspect);
    auto& release = release_of(found);
    release.declarations = {"D-" + number};
    release.draw = enum_texts<Draw>.at(dice.below(3)).value;
    release.hs.reset();
    if (dice.chance(80)) {
        release.hs.emplace({dice.one_of<std::string>({"0303140000", "0303", "4707", "94"})});
    }
    release.origin.reset();
    if (dice.chance(80)) {
        release.origin = dice.one_of<std::string>({"NO", "JP"});
    }
    release.wood = enum_texts<Tristate>.at(dice.below(3)).value;
    return found;
}

struct World {
    Ruleset rules;
    PassageFacts facts = leaving({box_a, box_b});
    std::vector<FoundOrder> orders;
};

World any_world(Dice& dice) {
    World world;
    for (std::size_t i = 0; i < 1 + dice.below(4); ++i) {
        world.rules.rules.push_back(any_rule(dice, "R" + std::to_string(i)));
    }
    world.rules = ruleset(std::move(world.rules.rules));
    world.rules.classes = {{"A", "C"}, dice.chance(50) ? "C" : "", {}};
    world.rules.sampling.rates = {{{}, {}, {}, dice.one_of<std::int64_t>({0, 300'000})}};
    world.orders = {any_order(dice, "R-1", box_a), any_order(dice, "R-2", box_b)};
    if (dice.chance(40)) {
        world.orders.push_back(any_order(dice, "C-1", box_a));
        world.orders.back().order.authority = Authority{"customs"};
    }
    auto& measures = world.facts.measures;
    measures.radiation = enum_texts<RadiationState>.at(dice.below(5)).value;
    if (dice.chance(50)) {
        measures.minute_of_day = static_cast<int>(dice.below(1440));
    }
    for (const auto& number : {box_a, box_b}) {
        auto& one = measured(world.facts, number);
        if (dice.chance(70)) {
            one.tickets = {{"sampling", dice.below(1'000'000)}, {"rule:R0", dice.below(1'000'000)}};
        }
        if (dice.chance(20)) {
            one.zone_result = zone_result(ZoneResultState::pass, {"sampling", "rule:R0", "rule:R1"});
        }
    }
    return world;
}

using Told = std::multiset<std::pair<ReasonCode, std::string>>;

Told told(const Verdict& verdict) {
    Told told;
    for (const auto& reason : verdict.reasons) {
        told.emplace(reason.code, reason.id.value_or(""));
    }
    return told;
}

constexpr std::uint64_t worlds = 20'000;

}  // namespace

TEST_CASE("a rule that is added never makes a verdict milder") {
    std::uint64_t stricter = 0;
    std::uint64_t milder = 0;
    for (std::uint64_t seed = 0; seed < worlds; ++seed) {
        Dice dice{seed};
        auto world = any_world(dice);
        const auto before = decide_by(world.rules, world.facts, world.orders);
        const auto place = world.rules.rules.begin() + static_cast<std::ptrdiff_t>(dice.below(2));
        world.rules.rules.insert(place, any_rule(dice, "new"));
        const auto after = decide_by(world.rules, world.facts, world.orders);
        milder += after.outcome < before.outcome ? 1U : 0U;
        stricter += after.outcome > before.outcome ? 1U : 0U;
    }
    CHECK(milder == 0);
    CHECK(stricter > worlds / 100);  // or the rules said nothing
}

TEST_CASE("a glance passes over no rule that says something") {
    std::uint64_t spoke = 0;
    for (std::uint64_t seed = 0; seed < worlds; ++seed) {
        CAPTURE(seed);
        Dice dice{seed};
        auto world = any_world(dice);
        const auto glanced = decide_by(world.rules, world.facts, world.orders);
        for (auto& rule : world.rules.rules) {
            // The same in words that no glance understands.
            rule.condition.insert(rule.condition.begin(), {Join::any, 1, 0});
        }
        const auto walked = decide_by(world.rules, world.facts, world.orders);
        REQUIRE(told(glanced) == told(walked));
        REQUIRE(glanced.notes == walked.notes);
        REQUIRE(glanced.missing == walked.missing);
        spoke += walked.reasons.size() > 1 || !walked.notes.empty() ? 1U : 0U;
    }
    CHECK(spoke > worlds / 4);
}

TEST_CASE("neither the order of orders nor that of boxes changes what is decided") {
    std::uint64_t differ = 0;
    std::uint64_t released = 0;
    for (std::uint64_t seed = 0; seed < worlds; ++seed) {
        Dice dice{seed};
        auto world = any_world(dice);
        const auto one = decide_by(world.rules, world.facts, world.orders);
        std::reverse(world.orders.begin(), world.orders.end());
        const auto other = decide_by(world.rules, world.facts, world.orders);
        std::reverse(world.facts.identity.containers.begin(), world.facts.identity.containers.end());
        std::reverse(world.facts.measures.boxes.begin(), world.facts.measures.boxes.end());
        const auto third = decide_by(world.rules, world.facts, world.orders);
        const bool same = one.reasons == other.reasons && one.outcome == third.outcome && told(one) == told(third);
        differ += same ? 0U : 1U;
        released += one.outcome == VerdictOutcome::release ? 1U : 0U;
    }
    CHECK(differ == 0);
    CHECK(released > worlds / 100);
}

TEST_CASE("what is unknown is never released but where the rule itself notes it") {
    std::uint64_t wrong = 0;
    std::uint64_t unknown = 0;
    for (std::uint64_t seed = 0; seed < worlds; ++seed) {
        Dice dice{seed};
        const auto world = any_world(dice);
        const auto verdict = decide_by(world.rules, world.facts, world.orders);
        const auto is_unknown = [](const Reason& reason) { return reason.result == Tristate::unknown; };
        const bool any = std::any_of(verdict.reasons.begin(), verdict.reasons.end(), is_unknown);
        const bool strictest_first =
            std::is_sorted(verdict.reasons.begin(), verdict.reasons.end(),
                           [](const Reason& a, const Reason& b) { return a.outcome > b.outcome; });
        unknown += any ? 1U : 0U;
        wrong += (any && verdict.outcome == VerdictOutcome::release) || !strictest_first ||
                         verdict.outcome != verdict.reasons.front().outcome
                     ? 1U
                     : 0U;
    }
    CHECK(wrong == 0);
    CHECK(unknown > worlds / 10);
}

TEST_CASE("what is forgotten never releases what was not released") {
    std::uint64_t milder = 0;
    std::uint64_t changed = 0;
    for (std::uint64_t seed = 0; seed < worlds; ++seed) {
        Dice dice{seed};
        auto world = any_world(dice);
        for (auto& one : world.rules.rules) {
            one.unknown = UnknownOutcome::hold;
        }
        const auto before = decide_by(world.rules, world.facts, world.orders);
        for (auto& order : world.orders) {
            release_of(order).origin.reset();
            release_of(order).hs.reset();
            release_of(order).wood = Tristate::unknown;
        }
        for (auto& box : world.facts.measures.boxes) {
            box.tickets.clear();
        }
        world.facts.measures.minute_of_day.reset();
        const auto after = decide_by(world.rules, world.facts, world.orders);
        milder += after.outcome < before.outcome ? 1U : 0U;
        changed += after.outcome != before.outcome ? 1U : 0U;
    }
    CHECK(milder == 0);
    CHECK(changed > 0);
}
