#include <fstream>
#include <functional>
#include <iterator>

#include "supervision/predicate_forms.hpp"
#include "supervision/predicates.hpp"
#include "supervision/subject.hpp"
#include "tests/unit/supervision/a_ruleset.hpp"

using namespace portcullis;
using namespace portcullis::supervision;
using namespace portcullis::supervision::testing;
using namespace std::chrono_literals;

namespace {

constexpr auto yes = Tristate::yes;
constexpr auto no = Tristate::no;
constexpr auto unknown = Tristate::unknown;

/// A box that declares nothing, measured by nobody, on a truck whose tractor was read.
struct World {
    PassageFacts facts = leaving();
    ReleaseOrder order;
    BoxMeasures measures = supervision::testing::unmeasured();
    std::optional<std::string> enterprise_class;
    std::uint64_t seals = any_seal;
    Tristate beyond = Tristate::unknown;
    SamplingOutcome sampling = SamplingOutcome::unknown;
    std::chrono::milliseconds band{};
    bool without_box = false;
    bool unmeasured = false;
};

using Change = std::function<void(World&)>;

Tristate asked(const Predicate& predicate, const Change& change) {
    World world;
    change(world);
    const auto texts = sorted_texts(predicate);
    const Declared declared{&world.order, {}};
    const auto basis = today(world.band);
    Subject subject{world.facts, basis, world.without_box ? nullptr : &world.facts.identity.containers.front(),
                    declared};
    subject.measures = world.unmeasured ? nullptr : &world.measures;
    const auto number = world.facts.identity.containers.front().number.text();
    subject.number = number;
    subject.movement = Movement::import_laden;
    if (world.enterprise_class) {
        subject.enterprise_class = *world.enterprise_class;
    }
    subject.seals = world.seals;
    subject.beyond_tolerance = world.beyond;
    subject.sampling = world.sampling;
    return holds(compiled(predicate, texts), subject);
}

const Change nothing = [](World& /*world*/) {};

/// The three values of one predicate: where it is true, where it is false, and where nobody can say.
void three_values(const Predicate& predicate, const Change& true_when, const Change& false_when,
                  const Change& unknown_when = nothing) {
    CAPTURE(text_of(predicate.kind));
    CHECK(asked(predicate, true_when) == yes);
    CHECK(asked(predicate, false_when) == no);
    CHECK(asked(predicate, unknown_when) == unknown);
}

Change declares(const std::function<void(ReleaseOrder&)>& change) {
    return [change](World& world) { change(world.order); };
}

Change goods(const std::vector<std::string>& codes) {
    return [codes](World& world) { world.order.hs = codes; };
}

}  // namespace

TEST_CASE("way asks which way the lane goes") {
    three_values(
        is(PredicateKind::way, {"out"}), nothing, [](World& world) { world.facts.way = Way::in; },
        [](World& world) { world.facts.way = Way::unknown; });
}

TEST_CASE("movement asks what the load is doing") {
    CHECK(asked(is(PredicateKind::movement, {"import_laden", "domestic"}), nothing) == yes);
    CHECK(asked(is(PredicateKind::movement, {"domestic"}), nothing) == no);
}

TEST_CASE("load asks for the boxes on the vehicle") {
    three_values(
        is(PredicateKind::load, {"one_40"}), nothing, [](World& world) { world.facts.load = Load::two_20; },
        [](World& world) { world.facts.load = Load::unknown; });
}

TEST_CASE("hs asks for prefixes of the goods' codes") {
    const auto fish = is(PredicateKind::hs, {"03", "1604", "160520"});
    three_values(fish, goods({"9401", "0303140000"}), goods({"9401"}));
    CHECK(asked(fish, goods({})) == no);             // known to be none
    CHECK(asked(fish, goods({"1605"})) == unknown);  // known to 4 digits, and the rule needs 6
    CHECK(asked(fish, goods({"1605", "0303"})) == yes);
    CHECK(asked(fish, goods({"160510"})) == no);
    CHECK(asked(is(PredicateKind::hs, {"0303", "03", "030314"}), goods({"0301"})) == yes);  // the shorter covers
    CHECK(asked(is(PredicateKind::hs, {"07", "0303"}), goods({"03"})) == unknown);
}

TEST_CASE("origin asks for a country") {
    three_values(is(PredicateKind::origin, {"JP", "KR"}), declares([](auto& order) { order.origin = "JP"; }),
                 declares([](auto& order) { order.origin = "NO"; }));
}

TEST_CASE("origin_region asks for a part of a country") {
    three_values(is(PredicateKind::origin_region, {"JP-07"}),
                 declares([](auto& order) { order.origin_region = "JP-07"; }),
                 declares([](auto& order) { order.origin_region = "JP-13"; }));
}

TEST_CASE("last_port asks for a country or a port") {
    three_values(is(PredicateKind::last_port, {"JP", "NOBGO"}),
                 declares([](auto& order) { order.last_port = "JPTYO"; }),
                 declares([](auto& order) { order.last_port = "NOOSL"; }),
                 declares([](auto& order) { order.last_port = "NO"; }));
    CHECK(asked(is(PredicateKind::last_port, {"NOBGO"}), declares([](auto& order) { order.last_port = "NOBGO"; })) ==
          yes);
}

TEST_CASE("enterprise asks for one by its number") {
    three_values(is(PredicateKind::enterprise, {"3502960123"}),
                 declares([](auto& order) { order.enterprise = "3502960123"; }),
                 declares([](auto& order) { order.enterprise = "3502960124"; }));
}

TEST_CASE("enterprise_class asks for the class that holds") {
    three_values(
        is(PredicateKind::enterprise_class, {"C", "D"}), [](World& world) { world.enterprise_class = "D"; },
        [](World& world) { world.enterprise_class = "A"; });
}

TEST_CASE("container_prefix asks for an owner and category") {
    CHECK(asked(is(PredicateKind::container_prefix, {"CSQ", "MSKU"}), nothing) == yes);
    CHECK(asked(is(PredicateKind::container_prefix, {"MSK"}), nothing) == no);
}

TEST_CASE("size_type asks what was read and then what is declared") {
    const auto reefer = is(PredicateKind::size_type, {"45R"});
    three_values(
        reefer, [](World& world) { world.facts.identity.containers.front().size_type = "45R1"; },
        [](World& world) {
            world.order.size_type = "45R1";
            world.facts.identity.containers.front().size_type = "22G1";
        });
    CHECK(asked(reefer, declares([](auto& order) { order.size_type = "45R1"; })) == yes);
}

TEST_CASE("fullness asks what was proved and then what is declared") {
    const auto empty = is(PredicateKind::fullness, {"empty"});
    three_values(
        empty, [](World& world) { world.facts.fullness = Fullness::empty; },
        [](World& world) {
            world.order.fullness = Fullness::empty;
            world.facts.fullness = Fullness::full;
        });
    CHECK(asked(empty, declares([](auto& order) { order.fullness = Fullness::empty; })) == yes);
}

TEST_CASE("reefer and wood and ippc ask what is declared") {
    three_values(is(PredicateKind::reefer, {"yes"}), declares([](auto& order) { order.reefer = yes; }),
                 declares([](auto& order) { order.reefer = no; }));
    three_values(is(PredicateKind::wood, {"no"}), declares([](auto& order) { order.wood = no; }),
                 declares([](auto& order) { order.wood = yes; }));
    three_values(is(PredicateKind::ippc, {"yes"}), declares([](auto& order) { order.ippc = yes; }),
                 declares([](auto& order) { order.ippc = no; }));
}

TEST_CASE("imdg asks for a class or a division of it") {
    three_values(is(PredicateKind::imdg, {"1", "7"}), declares([](auto& order) { order.imdg = "1.4"; }),
                 declares([](auto& order) { order.imdg = "3"; }));
    CHECK(asked(is(PredicateKind::imdg, {"1.1"}), declares([](auto& order) { order.imdg = "1"; })) == unknown);
}

TEST_CASE("plate asks for any plate that was read") {
    three_values(
        is(PredicateKind::plate, {truck, "闽D12345挂"}), nothing,
        [](World& world) { world.facts.identity.tractor = plate("闽D54321"); },
        [](World& world) { world.facts.identity.tractor.reset(); });
    CHECK(asked(is(PredicateKind::plate, {truck}), [](World& world) {
              world.facts.identity.tractor.reset();
              world.facts.identity.other_plates = {plate(truck)};
          }) == yes);
}

TEST_CASE("plate_province asks where the tractor is registered") {
    three_values(
        is(PredicateKind::plate_province, {"闽"}), nothing,
        [](World& world) { world.facts.identity.tractor = plate("粤B12345"); },
        [](World& world) { world.facts.identity.tractor.reset(); });
}

TEST_CASE("seal asks for the states that the seal may be in") {
    const auto wrong = is(PredicateKind::seal, {"absent", "differs"});
    three_values(
        wrong, [](World& world) { world.seals = bit_of(SealState::differs); },
        [](World& world) { world.seals = bit_of(SealState::intact) | bit_of(SealState::tampered); });
    CHECK(asked(wrong, [](World& world) { world.seals = bit_of(SealState::absent) | bit_of(SealState::intact); }) ==
          unknown);
}

TEST_CASE("gross_kg asks for a range of what is declared and takes its ends in") {
    const auto heavy = in_range(PredicateKind::gross_kg, 20'000, 30'000);
    three_values(heavy, declares([](auto& order) { order.gross_kg = 20'000; }),
                 declares([](auto& order) { order.gross_kg = 19'999; }));
    CHECK(asked(heavy, declares([](auto& order) { order.gross_kg = 30'000; })) == yes);
    CHECK(asked(heavy, declares([](auto& order) { order.gross_kg = 30'001; })) == no);
}

TEST_CASE("weight_delta asks whether the weight is beyond tolerance") {
    three_values(
        is(PredicateKind::weight_delta, {"yes"}), [](World& world) { world.beyond = yes; },
        [](World& world) { world.beyond = no; });
}

TEST_CASE("radiation asks for a state and takes not monitored for no knowledge") {
    const auto alarm = is(PredicateKind::radiation, {"suspect", "high"});
    three_values(
        alarm, [](World& world) { world.facts.measures.radiation = RadiationState::suspect; },
        [](World& world) { world.facts.measures.radiation = RadiationState::clean; });
    CHECK(asked(alarm, [](World& world) { world.facts.measures.radiation = RadiationState::unknown; }) == unknown);
    CHECK(asked(is(PredicateKind::radiation, {"not_monitored"}), nothing) == yes);
    CHECK(asked(is(PredicateKind::radiation, {"clean"}), nothing) == unknown);
}

TEST_CASE("time_window asks for minutes of the gate's day and may go over midnight") {
    const auto minute = [](int value) { return [value](World& world) { world.facts.measures.minute_of_day = value; }; };
    three_values(in_range(PredicateKind::time_window, 480, 600), minute(480), minute(600));
    const auto night = in_range(PredicateKind::time_window, 22 * 60, 6 * 60);
    three_values(night, minute(22 * 60), minute(6 * 60));
    CHECK(asked(night, minute(0)) == yes);
    CHECK(asked(night, minute(21 * 60 + 59)) == no);
    CHECK(asked(in_range(PredicateKind::time_window, 600), minute(1439)) == yes);
}

TEST_CASE("gate and lane ask where the passage is") {
    CHECK(asked(is(PredicateKind::gate, {"g07"}), nothing) == yes);
    CHECK(asked(is(PredicateKind::gate, {"g08"}), nothing) == no);
    CHECK(asked(is(PredicateKind::lane, {"out-1"}), nothing) == yes);
    CHECK(asked(is(PredicateKind::lane, {"out-2"}), nothing) == no);
}

TEST_CASE("repeat_visits counts how often the plate came within some hours") {
    auto often = in_range(PredicateKind::repeat_visits, 2);
    often.within = 24h;
    const auto visits = [](const std::vector<std::chrono::hours>& ago) {
        return [ago](World& world) {
            world.facts.measures.visits.emplace();
            for (const auto hours : ago) {
                world.facts.measures.visits->push_back({noon - hours, "in-1"});
            }
        };
    };
    three_values(often, visits({1h, 24h}), visits({1h, 25h}));
    often.within.reset();
    CHECK(asked(often, visits({1h, 250h})) == yes);
}

TEST_CASE("boxes_inside counts what an enterprise has inside the terminal") {
    three_values(
        in_range(PredicateKind::boxes_inside, 10),
        [](World& world) {
            world.order.enterprise = "E";
            world.facts.measures.boxes_inside_known = true;
            world.facts.measures.boxes_inside["E"] = 10;
        },
        [](World& world) {
            world.order.enterprise = "F";
            world.facts.measures.boxes_inside_known = true;
            world.facts.measures.boxes_inside["E"] = 10;
        },
        [](World& world) { world.order.enterprise = "E"; });
    CHECK(asked(in_range(PredicateKind::boxes_inside, 10),
                [](World& world) { world.facts.measures.boxes_inside_known = true; }) == unknown);
}

TEST_CASE("dwell_hours counts whole hours inside the terminal") {
    const auto came = [](std::chrono::minutes ago) {
        return [ago](World& world) { world.measures.history.came_in = noon - ago; };
    };
    three_values(in_range(PredicateKind::dwell_hours, 48), came(48h), came(47h + 59min));
    CHECK(asked(in_range(PredicateKind::dwell_hours, 0), came(-1min)) == unknown);
    CHECK(asked(in_range(PredicateKind::dwell_hours, 0), [](World& world) { world.unmeasured = true; }) == unknown);
}

TEST_CASE("left_already asks whether the box left and did not come back") {
    three_values(
        is(PredicateKind::left_already, {"yes"}), [](World& world) { world.measures.history.left_already = yes; },
        [](World& world) { world.measures.history.left_already = no; });
}

TEST_CASE("plate_elsewhere asks whether another lane saw the plate within some hours") {
    auto elsewhere = is(PredicateKind::plate_elsewhere, {"yes"});
    elsewhere.within = 1h;
    const auto visit = [](std::chrono::minutes ago, const std::string& lane) {
        return [ago, lane](World& world) { world.facts.measures.visits = {{noon - ago, lane}}; };
    };
    three_values(elsewhere, visit(60min, "in-1"), visit(61min, "in-1"));
    CHECK(asked(elsewhere, visit(1min, "out-1")) == no);
    elsewhere.texts = {"no"};
    CHECK(asked(elsewhere, visit(1min, "out-1")) == yes);
}

TEST_CASE("sampling asks what the draw came to") {
    three_values(
        is(PredicateKind::sampling, {"gate_drawn", "central_drawn"}),
        [](World& world) { world.sampling = SamplingOutcome::gate_drawn; },
        [](World& world) { world.sampling = SamplingOutcome::satisfied; });
}

TEST_CASE("zone_result asks for the newest result of an inspection") {
    three_values(
        is(PredicateKind::zone_result, {"pass"}),
        [](World& world) { world.measures.zone_result = zone_result(ZoneResultState::pass); }, nothing,
        [](World& world) { world.unmeasured = true; });
    CHECK(asked(is(PredicateKind::zone_result, {"none"}), nothing) == yes);
    const auto not_looked_up = [](World& world) { world.measures.results_known = false; };
    CHECK(asked(is(PredicateKind::zone_result, {"none"}), not_looked_up) == unknown);
    CHECK(asked(is(PredicateKind::zone_result, {"pass"}), not_looked_up) == unknown);
}

TEST_CASE("attribute asks what the declaration says by a name") {
    three_values(named(PredicateKind::attribute, "radiation_cert", {"yes"}),
                 declares([](auto& order) { order.attributes["radiation_cert"] = "yes"; }),
                 declares([](auto& order) { order.attributes["radiation_cert"] = "no"; }),
                 declares([](auto& order) { order.attributes["origin_cert"] = "yes"; }));
}

TEST_CASE("date asks for a declared day and takes both ends in") {
    const auto shipped = [](WallTime time) { return [time](World& world) { world.order.dates["shipped"] = time; }; };
    three_values(dated("shipped", noon, noon + 24h), shipped(noon), shipped(noon - 1ms));
    CHECK(asked(dated("shipped", noon, noon + 24h), shipped(noon + 24h)) == yes);
    CHECK(asked(dated("shipped", noon, noon + 24h), shipped(noon + 24h + 1ms)) == no);
    CHECK(asked(dated("shipped", {}, noon), shipped(noon - 9999h)) == yes);
}

TEST_CASE("the date of the passage is as sure as the clock") {
    const auto band = [](World& world) { world.band = 2h; };
    CHECK(asked(dated("passage", noon), nothing) == yes);
    CHECK(asked(dated("passage", noon + 1ms), nothing) == no);
    CHECK(asked(dated("passage", noon - 1h), band) == unknown);
    CHECK(asked(dated("passage", noon - 2h), band) == yes);
    CHECK(asked(dated("passage", {}, noon - 3h), band) == no);
}

TEST_CASE("what is asked of a box is false for a vehicle that is proved to carry none") {
    const auto bobtail = [](World& world) { world.without_box = true; };
    for (const auto& kind : enum_texts<PredicateKind>) {
        if (predicate_row(kind.value).about == About::box) {
            CAPTURE(kind.text);
            CHECK(asked(is(kind.value, {"yes"}), bobtail) == no);
        }
    }
    CHECK(asked(named(PredicateKind::date, "shipped"), bobtail) == no);
    CHECK(asked(is(PredicateKind::gate, {"g07"}), bobtail) == yes);
}

TEST_CASE("every predicate has its line in the glossary and in the page about rulesets") {
    const auto text_of_file = [](const char* path) {
        std::ifstream file{path};
        return std::string{std::istreambuf_iterator<char>{file}, {}};
    };
    const auto glossary = text_of_file("docs/glossary.md");
    const auto page = text_of_file("docs/ruleset.md");
    for (const auto& kind : enum_texts<PredicateKind>) {
        const auto word = "`" + std::string{kind.text} + "`";
        CAPTURE(word);
        CHECK(glossary.find("| " + word + " |") != std::string::npos);
        CHECK(page.find(word) != std::string::npos);
    }
}

TEST_CASE("the first bytes of texts decide nothing that the whole texts would not") {
    const std::vector<std::string> words{"",         "0",          "03",       "0303",
                                         "03031400", "0303140000", "03031401", "030314011",
                                         "闽D12345", "闽D1234A",   "NO",       std::string{"NO\0", 3}};
    for (const auto& text : words) {
        for (const auto& one : words) {
            CAPTURE(text, one);
            const auto values = is(PredicateKind::attribute, {one, "~"});
            CHECK(predicate::among(sorted_texts(values), text) == (one == text));
            const auto prefixes = is(PredicateKind::hs, {one, "~"});
            CHECK(has_one_prefix(text, sorted_texts(prefixes)) == either(has_prefix(text, one), has_prefix(text, "~")));
        }
    }
}
