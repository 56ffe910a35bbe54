// What sampling.judged says of each box of a verdict.
#include "codec/event_catalogue.hpp"
#include "codec/event_schemas.hpp"
#include "codec/event_writer.hpp"
#include "lane_bench.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/event_schema.hpp"
#include "trust/hash.hpp"

namespace portcullis::lane {
namespace {

BoxVerdict box_of(const std::string& number, SamplingOutcome outcome) {
    BoxVerdict box;
    box.container = ContainerNumber::parse(number).value();
    box.movement = Movement::import_laden;
    box.declarations = {"390200261000124"};
    box.eligible = Tristate::yes;
    box.enterprise_class = "A";
    box.rate_ppm = 50'000;
    box.sampling = outcome;
    return box;
}

/// A twin is judged with a ruleset of this version and these boxes.
LaneBench judged(std::int64_t version, std::vector<BoxVerdict> boxes) {
    auto settings = out_lane();
    settings.roles.insert(Role::container_front);
    LaneBench bench(settings);
    bench.decides = [version, boxes = std::move(boxes)](const PassageFacts&) {
        auto verdict = hold_for(ReasonCode::order_held);
        verdict.ruleset_version = version;
        verdict.boxes = boxes;
        return verdict;
    };
    bench.on(Role::arrival_loop);
    bench.after(700ms);
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::container_rear, a_box);
    bench.read(Role::container_front, b_box);
    return bench;
}

/// How many draws are told as their schema says; -1 when one is not.
int valid_draws(LaneBench bench) {
    const testing::EventSchemas schemas;
    const codec::EventCatalogue catalogue{codec::embedded_event_schemas()};
    const codec::EventWriter writer{catalogue, trust::hmac_sha256};
    codec::EventStamp stamp;
    stamp.salt.emplace();
    stamp.source = "/portcullis/xmht/g07";
    int valid = 0;
    for (auto& one : bench.journal) {
        if (one.event.type == "sampling.judged") {
            bench.put_sequences(one.event.data);
            stamp.sequence = one.sequence;
            const auto written = writer.write(one.event, stamp);
            if (!written || !schemas.problems(written->published).empty()) {
                return -1;
            }
            ++valid;
        }
    }
    return valid;
}

}  // namespace

TEST_CASE("every draw is told as its schema says", "[lane]") {
    for (const auto& row : enum_texts<SamplingOutcome>) {
        INFO(row.text);
        CHECK(valid_draws(judged(12, {box_of(a_box, row.value), box_of(b_box, row.value)})) == 2);
    }
}

TEST_CASE("every box of a verdict has its draw told whether it was drawn or not", "[lane]") {
    auto drawn = box_of(a_box, SamplingOutcome::gate_drawn);
    drawn.draw = DrawBasis{"g07-2026-11", {"390200261000120", "390200261000124"}, "390200261000120", 1'000'000};
    const auto bench = judged(12, {drawn, box_of(b_box, SamplingOutcome::central_not)});
    CHECK(bench.count("sampling.judged") == 2);
    CHECK(bench.text("sampling.judged", "container") == b_box);
    CHECK(bench.text("sampling.judged", "draw") == "central_not");
    CHECK(bench.text("sampling.judged", "why") == "central_drew");
    CHECK(bench.text("sampling.judged", "key_id") == "none");
    CHECK(bench.text("sampling.judged", "declaration") == "390200261000124");
}

TEST_CASE("a draw names its key and the declaration that decided", "[lane]") {
    auto drawn = box_of(a_box, SamplingOutcome::gate_not);
    drawn.draw = DrawBasis{"g07-2026-11", {"390200261000120", "390200261000124"}, "390200261000120", 250'000};
    const auto bench = judged(12, {drawn});
    CHECK(bench.text("sampling.judged", "declaration") == "390200261000120");
    CHECK(bench.text("sampling.judged", "key_id") == "g07-2026-11");
    CHECK(bench.text("sampling.judged", "algorithm") == "hmac-sha256-1");
    CHECK(bench.text("sampling.judged", "boxes_ppm") == "250000");
    CHECK(bench.text("sampling.judged", "rate_ppm") == "50000");
    CHECK(bench.text("sampling.judged", "ruleset_version") == "12");
}

TEST_CASE("a box without a declaration or without a key is told as such", "[lane]") {
    auto undeclared = box_of(a_box, SamplingOutcome::not_eligible);
    undeclared.declarations.clear();
    undeclared.eligible = Tristate::no;
    CHECK(judged(1, {undeclared}).text("sampling.judged", "why") == "no_declaration");
    CHECK(judged(1, {undeclared}).text("sampling.judged", "declaration") == "none");
    CHECK(judged(1, {box_of(a_box, SamplingOutcome::unknown)}).text("sampling.judged", "why") == "no_key");
    auto satisfied = box_of(a_box, SamplingOutcome::satisfied);
    satisfied.zone_result = "ZR-1";
    CHECK(judged(1, {satisfied}).text("sampling.judged", "result_id") == "ZR-1");
}

TEST_CASE("a gate without a ruleset draws nothing and tells nothing of it", "[lane]") {
    CHECK(judged(0, {box_of(a_box, SamplingOutcome::unknown)}).count("sampling.judged") == 0);
}

}  // namespace portcullis::lane
