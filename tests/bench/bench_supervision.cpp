#include "tests/bench/bench_supervision.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <vector>

#include "runtime/clock.hpp"
#include "supervision/box_case.hpp"
#include "supervision/evaluate.hpp"
#include "supervision/predicates.hpp"

namespace portcullis::bench {
namespace {

using supervision::CompiledRuleset;
using testing::Aim;
using testing::Figures;

constexpr auto noon = WallTime{std::chrono::hours{20'000 * 24 + 12}};
constexpr int warm_up = 50;

Predicate listed(PredicateKind kind, std::vector<std::string> texts) {
    Predicate predicate;
    predicate.kind = kind;
    predicate.texts = std::move(texts);
    return predicate;
}

Predicate ranged(PredicateKind kind, std::int64_t at_least, std::int64_t at_most) {
    Predicate predicate;
    predicate.kind = kind;
    predicate.at_least = at_least;
    predicate.at_most = at_most;
    return predicate;
}

Predicate attribute(const std::string& name, const std::string& value) {
    auto predicate = listed(PredicateKind::attribute, {value});
    predicate.name = name;
    return predicate;
}

/// True of the passage below.
const std::array<Predicate, 8>& true_ones() {
    static const std::array<Predicate, 8> predicates{
        listed(PredicateKind::hs, {"02", "0303", "07", "08", "1604", "1605", "2001", "2009"}),
        listed(PredicateKind::origin, {"JP", "KR", "NO", "US"}),
        listed(PredicateKind::last_port, {"JP", "NOBGO"}),
        listed(PredicateKind::enterprise_class, {"A", "B"}),
        listed(PredicateKind::size_type, {"22", "45R"}),
        listed(PredicateKind::fullness, {"full"}),
        ranged(PredicateKind::time_window, 480, 1080),
        ranged(PredicateKind::gross_kg, 20'000, 30'000),
    };
    return predicates;
}

/// False of it; the rule that ends with one was looked at to its end.
Predicate false_one(int number) {
    switch (number % 4) {
        case 0:
            return listed(PredicateKind::origin_region, {"JP-0" + std::to_string(number % 10), "JP-13"});
        case 1:
            return listed(PredicateKind::hs, {std::to_string(4000 + number % 1000), "9401", "9403"});
        case 2:
            return attribute("radiation_cert", "no");
        default:
            return listed(PredicateKind::enterprise, {"35029" + std::to_string(number)});
    }
}

/// Whether rules ask the same things, as they do where many follow one notice, or each its own.
enum class Sharing : std::uint8_t { shared, distinct };

Ruleset ruleset_of(int rules, Sharing sharing = Sharing::shared) {
    Ruleset ruleset;
    ruleset.version = 1;
    ruleset.policy.rows = {{Way::out, {}, Movement::import_laden, {Authority{"ciq"}}, WithoutOrder::hold}};
    ruleset.classes.names = {"A", "B", "C"};
    ruleset.classes.unknown = "C";
    for (int i = 0; i < rules; ++i) {
        Rule rule;
        rule.id = "R" + std::to_string(i);
        rule.movements = {Movement::import_laden};
        for (std::size_t part = 0; part < 3; ++part) {
            rule.predicates.push_back(true_ones().at((static_cast<std::size_t>(i) * 3 + part) % true_ones().size()));
        }
        rule.predicates.push_back(false_one(i));
        if (sharing == Sharing::distinct) {
            for (auto& predicate : rule.predicates) {
                predicate.texts.push_back("~" + std::to_string(i));
            }
        }
        rule.condition = {{Join::all, 4, 0},
                          {Join::predicate, 0, 0},
                          {Join::predicate, 0, 1},
                          {Join::predicate, 0, 2},
                          {Join::predicate, 0, 3}};
        ruleset.rules.push_back(std::move(rule));
    }
    return ruleset;
}

PassageFacts passage() {
    PassageFacts facts;
    facts.lane = LaneName{"out-1"};
    facts.gate = "g07";
    facts.control_point = ControlPoint{"g07"};
    facts.way = Way::out;
    facts.load = Load::one_40;
    facts.load_source = LoadSource::profile_beams;
    facts.boxes = 1;
    facts.identity.containers.push_back(
        {ContainerNumber::parse("CSQU3054383").value(), LoadPosition::not_applicable, "45R1", 1, {}});
    facts.identity.tractor = PlateNumber::parse("闽D12345").value();
    facts.measures.minute_of_day = 720;
    return facts;
}

OrdersFound orders() {
    ReleaseOrder release;
    release.status = ReleaseStatus::released;
    release.movement = Movement::import_laden;
    release.container = ContainerNumber::parse("CSQU3054383").value();
    release.declarations = {"390200261000123"};
    release.enterprise = "3502960123";
    release.enterprise_class = "A";
    release.hs = {"0303140000", "0304890000"};
    release.origin = "NO";
    release.origin_region = "NO-46";
    release.last_port = "NOBGO";
    release.fullness = Fullness::full;
    release.gross_kg = 28'410;
    release.draw = Draw::not_drawn;
    release.attributes = {{"consignee", "somebody"}, {"radiation_cert", "yes"}};
    OrdersFound found;
    found.state = DocumentState::fresh;
    auto& order = found.orders.emplace_back().order;
    order.authority = Authority{"ciq"};
    order.id = OrderId{"R-2026-000123"};
    order.body = release;
    order.valid_from = noon - std::chrono::hours{12};
    order.valid_to = noon + std::chrono::hours{12};
    return found;
}

/// One passage, decided again and again.
class Decisions {
public:
    explicit Decisions(const SupervisionBench& bench) : bench_(bench) {
        basis_.now = {Instant{}, noon, ClockState::synchronised};
        basis_.link_up = true;
        basis_.ruleset_state = DocumentState::fresh;
    }

    /// How long each took. What comes out is looked at, so that nothing is left out.
    template <class Decide>
    std::vector<double> microseconds(int times, const Decide& decide) const {
        std::vector<double> taken;
        for (int i = -warm_up; i < times; ++i) {
            auto found = found_;
            const auto began = clock_.now().instant;
            const auto outcome = decide(facts_, std::move(found), basis_);
            const auto took = clock_.now().instant - began;
            if (outcome != VerdictOutcome::release) {
                throw std::runtime_error{"the passage of this benchmark is not released"};
            }
            if (i >= 0) {
                taken.push_back(std::chrono::duration<double, std::micro>(took).count());
            }
        }
        return taken;
    }

    std::vector<double> by(const CompiledRuleset& ruleset, int times) const {
        return microseconds(times, [&](const auto& facts, auto found, const auto& basis) {
            return supervision::evaluate(ruleset, facts, std::move(found), basis).outcome;
        });
    }

    /// A loop that touches no memory and takes about so long: what its slowest hundredth takes, the machine's own
    /// interruptions take of everything.
    [[nodiscard]] std::vector<double> plain_loop(double about_us, int times) const {
        const auto loop = [this](std::int64_t steps, int count) {
            return microseconds(count, [steps](const auto&, const auto&, const auto&) {
                std::uint64_t mixed = 1;
                for (std::int64_t i = 0; i < steps; ++i) {
                    mixed = mixed * 6'364'136'223'846'793'005U + 1;
                }
                return mixed != 0 ? VerdictOutcome::release : VerdictOutcome::hold;
            });
        };
        constexpr std::int64_t probe = 10'000;
        const auto step_us = testing::quantile(loop(probe, 100), 0.5) / probe;
        return loop(static_cast<std::int64_t>(about_us / step_us), times);
    }

    [[nodiscard]] std::size_t allocations(const auto& ruleset) const {
        const auto before = bench_.allocations();
        const auto verdict = supervision::evaluate(ruleset, facts_, found_, basis_);
        return bench_.allocations() - before;
    }

    /// The predicates of all rules alone, one after the other, of which none answers unknown.
    std::vector<double> bare(const CompiledRuleset& ruleset, int times) const {
        const supervision::Declared declared{found_.orders.front().order.release(), {}};
        supervision::Subject subject{facts_, basis_, &facts_.identity.containers.front(), declared};
        subject.movement = Movement::import_laden;
        subject.enterprise_class = declared.enterprise_class;
        return microseconds(times, [&](const auto&, const auto&, const auto&) {
            std::size_t no = 0;
            for (const auto& rule : ruleset.rules()) {
                for (const auto place : rule.predicates) {
                    no += supervision::holds(ruleset.predicates()[place], subject) == Tristate::no ? 1U : 0U;
                }
            }
            return no == ruleset.rules().size() ? VerdictOutcome::release : VerdictOutcome::hold;
        });
    }

private:
    const SupervisionBench& bench_;
    runtime::SystemClock clock_;
    PassageFacts facts_ = passage();
    OrdersFound found_ = orders();
    DecisionBasis basis_;
};

void measure_thousand(const SupervisionBench& bench, const Decisions& decisions, Figures& figures) {
    const CompiledRuleset ruleset{ruleset_of(1000)};
    const auto taken = decisions.by(ruleset, bench.decisions);
    const auto bare = decisions.bare(ruleset, bench.decisions);
    const auto n = taken.size();
    const auto bare_p50 = testing::quantile(bare, 0.5);
    const auto p50 = testing::quantile(taken, 0.5);
    const auto loop_p99 = testing::quantile(decisions.plain_loop(p50, bench.decisions), 0.99);
    figures.print("supervision.evaluate_1000_rules_p50_us", p50, "us", {}, n);
    figures.print("supervision.plain_loop_as_long_p99_us", loop_p99, "us", {}, n);
    figures.print("supervision.evaluate_1000_rules_p99_us", testing::quantile(taken, 0.99), "us",
                  bench.is_short ? std::nullopt : std::optional{Aim::at_most(50)}, n,
                  "the bare predicates take " + std::to_string(bare_p50) +
                      " us here, and a plain loop as long as one "
                      "decision has a p99 of " +
                      std::to_string(loop_p99) + " us");
    const CompiledRuleset distinct{ruleset_of(1000, Sharing::distinct)};
    const auto each_own = decisions.by(distinct, bench.decisions);
    figures.print("supervision.evaluate_1000_distinct_rules_p50_us", testing::quantile(each_own, 0.5), "us", {}, n);
    figures.print("supervision.evaluate_1000_distinct_rules_p99_us", testing::quantile(each_own, 0.99), "us", {}, n);
    figures.print("supervision.bare_predicates_p50_us", bare_p50, "us", {}, bare.size());
    figures.print("supervision.evaluate_over_bare_predicates", p50 / bare_p50, "ratio", Aim::at_most(2.5), n,
                  "a decision costs more than its predicates explain");
    // The negative control: a ruleset that is made ready for each decision must miss both aims.
    const auto plain = ruleset_of(1000);
    const auto unprepared = decisions.microseconds(200, [&](const auto& facts, auto found, const auto& basis) {
        return supervision::evaluate(plain, facts, std::move(found), basis).outcome;
    });
    figures.print("supervision.uncompiled_1000_rules_p99_us", testing::quantile(unprepared, 0.99), "us",
                  Aim::at_least(50), unprepared.size(), "a ruleset compiled for each decision reaches the aim as well");
    const auto per_rule = [&](std::size_t many, std::size_t few) {
        return (static_cast<double>(many) - static_cast<double>(few)) / 990;
    };
    const CompiledRuleset few{ruleset_of(10)};
    figures.print("supervision.allocations_per_rule",
                  per_rule(decisions.allocations(ruleset), decisions.allocations(few)), "1", Aim::at_most(0), 1,
                  "a rule that gives no reason asks for memory");
    figures.print("supervision.uncompiled_allocations_per_rule",
                  per_rule(decisions.allocations(plain), decisions.allocations(ruleset_of(10))), "1", Aim::at_least(1),
                  1, "compiling asks for no memory: the count counts nothing");
}

void measure_curve(const SupervisionBench& bench, const Decisions& decisions, Figures& figures) {
    std::vector<double> p50s;
    for (const int rules : {10, 100, 1000, 10'000}) {
        const CompiledRuleset ruleset{ruleset_of(rules)};
        const auto taken = decisions.by(ruleset, std::max(200, bench.decisions * 10 / rules / 10));
        p50s.push_back(testing::quantile(taken, 0.5));
        figures.print("supervision.evaluate_p50_us_at_" + std::to_string(rules), p50s.back(), "us", {}, taken.size());
    }
    figures.print("supervision.cost_10000_over_1000_rules", p50s[3] / p50s[2], "ratio", Aim::at_most(11), 200,
                  "the cost grows faster than the rules");
    // The negative control: a decision that walks all rules once for each thousand of them grows with their square.
    const CompiledRuleset ruleset{ruleset_of(10'000)};
    const auto squared = decisions.microseconds(50, [&](const auto& facts, auto found, const auto& basis) {
        auto outcome = VerdictOutcome::release;
        for (int thousand = 0; thousand < 10; ++thousand) {
            outcome = std::max(outcome, supervision::evaluate(ruleset, facts, found, basis).outcome);
        }
        return outcome;
    });
    figures.print("supervision.squared_cost_10000_over_1000_rules", testing::quantile(squared, 0.5) / p50s[2], "ratio",
                  Aim::at_least(11), squared.size(), "a cost that grows with the square passes for linear");
}

}  // namespace

void measure_supervision(const SupervisionBench& bench, Figures& figures) {
    const Decisions decisions{bench};
    measure_thousand(bench, decisions, figures);
    measure_curve(bench, decisions, figures);
}

}  // namespace portcullis::bench
