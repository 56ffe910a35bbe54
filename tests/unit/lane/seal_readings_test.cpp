#include <tuple>

#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

using namespace std::chrono_literals;

constexpr auto sealed_box = "CSQU3054383";
constexpr auto sealing_plate = "闽D12345";

void read_seal(LaneBench& bench, const std::string& number, std::optional<SealFacts> facts) {
    Reading reading;
    reading.kind = ReadingKind::seal;
    reading.raw = number;
    reading.seal = std::move(facts);
    bench.handle(Observed{Role::seal_rear, {DeviceName{"seals"}, PointName{}, bench.instant(), reading}});
}

LaneSettings with_seal_reader() {
    auto settings = out_lane();
    settings.roles.insert(Role::seal_rear);
    return settings;
}

/// The state of the one box's seals, as its verdict was asked for.
struct SealBench {
    LaneBench bench{with_seal_reader()};
    std::vector<BoxMeasures> boxes;

    SealBench() {
        bench.decides = [this](const PassageFacts& facts) {
            boxes = facts.measures.boxes;
            return hold_for(ReasonCode::order_missing);
        };
        bench.on(Role::arrival_loop);
    }
    void rest() {
        bench.read(Role::plate_front, sealing_plate);
        bench.read(Role::container_rear, sealed_box);
        REQUIRE(boxes.size() == 1);
    }
};

}  // namespace

TEST_CASE("a seal that is called tampered or open counts, whatever else is said of it", "[lane]") {
    for (const auto state : {SealState::tampered, SealState::open}) {
        SealBench lane;
        read_seal(lane.bench, "CN777777", SealFacts{"E", SealState::intact, 870});
        read_seal(lane.bench, "CN777777", SealFacts{"E", state, 860});
        lane.rest();
        CHECK(lane.boxes[0].seal == state);
        CHECK(lane.boxes[0].seals_read == std::vector<std::string>{"CN777777"});
        CHECK(lane.bench.count("seal.read") == 2);
        CHECK(lane.bench.text("seal.read", "state") == text_of(state));
    }
}

TEST_CASE("intact is what is called so, and silence of a reader is not intact", "[lane]") {
    SealBench said;
    read_seal(said.bench, "CN777777", SealFacts{"E", SealState::intact, std::nullopt});
    said.rest();
    CHECK(said.boxes[0].seal == SealState::intact);
    CHECK(said.bench.text("seal.read", "battery") == "unknown");

    SealBench unsaid;
    read_seal(unsaid.bench, "CN777777", std::nullopt);
    unsaid.rest();
    CHECK(unsaid.boxes[0].seal == SealState::unknown);
    CHECK(unsaid.bench.text("seal.read", "state") == "unknown");

    SealBench half;
    read_seal(half.bench, "CN777777", SealFacts{"E", SealState::intact, std::nullopt});
    read_seal(half.bench, "CN888888", SealFacts{"", SealState::unknown, std::nullopt});
    half.rest();
    CHECK(half.boxes[0].seal == SealState::unknown);
}

TEST_CASE("a seal that is tampered with after the verdict is judged again", "[lane]") {
    SealBench lane;
    read_seal(lane.bench, "CN777777", SealFacts{"E", SealState::intact, 870});
    lane.rest();
    read_seal(lane.bench, "CN777777", SealFacts{"E", SealState::tampered, 870});
    CHECK(lane.bench.asked.size() == 2);
    CHECK(lane.boxes[0].seal == SealState::tampered);
}

TEST_CASE("tags and documents are kept with the vehicle, and nobody waits for them", "[lane]") {
    auto settings = out_lane();
    settings.roles.insert(Role::tag_reader);
    settings.roles.insert(Role::document_reader);
    LaneBench bench{settings};
    bench.on(Role::arrival_loop);
    for (const auto& [role, kind, text] : {std::tuple{Role::tag_reader, ReadingKind::tag, "E200301666130121155074EF"},
                                           std::tuple{Role::tag_reader, ReadingKind::tag, "E200301666130121155074EF"},
                                           std::tuple{Role::document_reader, ReadingKind::document, "提货单8842"}}) {
        Reading reading;
        reading.kind = kind;
        reading.raw = text;
        bench.handle(Observed{role, {DeviceName{std::string{text_of(role)}}, PointName{}, bench.instant(), reading}});
    }
    CHECK(bench.count("reading.taken") == 2);
    bench.read(Role::plate_front, sealing_plate);
    bench.read(Role::container_rear, sealed_box);
    CHECK(bench.asked.size() == 1);
    CHECK(bench.count("reading.missing") == 0);
}

}  // namespace portcullis::lane
