// Several readers of one thing: what counts, what does not, and what must not depend on chance.
#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "core/container_number.hpp"
#include "lane/container_fusion.hpp"
#include "lane/identity.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

using namespace std::chrono_literals;

struct Said {
    Role reader = Role::container_rear;
    std::string text;
    std::chrono::milliseconds at{0};
    std::optional<int> confidence = {};
    ReadingKind kind = ReadingKind::container;
};

Face face_of_reader(Role reader) {
    static const std::map<Role, Face> faces{{Role::container_front, Face::front},
                                            {Role::container_rear, Face::rear},
                                            {Role::container_left, Face::left},
                                            {Role::container_right, Face::right},
                                            {Role::container_roof, Face::roof}};
    const auto face = faces.find(reader);
    return face == faces.end() ? Face::not_applicable : face->second;
}

ReadingTaken taken(const Said& said) {
    const Reading reading{said.kind, face_of_reader(said.reader), said.text, said.confidence, "", std::nullopt};
    return judge(said.reader, DeviceName{std::string{text_of(said.reader)}}, reading, Instant{1h + said.at});
}

PassageIdentity fused(const std::vector<Said>& all, std::optional<int> boxes = 1) {
    IdentityFusion fusion;
    for (const auto& one : all) {
        (void)fusion.take(taken(one));
    }
    return fusion.fuse(boxes);
}

/// Comparable: the boxes with what is known of them, what contradicts, and what was invalid.
std::string told(const PassageIdentity& identity) {
    std::string text;
    for (const auto& box : identity.containers) {
        text += box.number.text() + "/" + std::string{text_of(box.position)} + "/" + box.size_type + "/" +
                std::to_string(box.votes) + " ";
    }
    for (const auto& one : identity.disagreements) {
        text += "!";
        for (const auto& side : one.texts) {
            text += side + ",";
        }
    }
    for (const auto& one : identity.invalid_containers) {
        text += "?" + one;
    }
    const auto plate = [&text](const std::optional<PlateNumber>& one) { text += "|" + (one ? one->text() : "-"); };
    plate(identity.tractor);
    plate(identity.trailer);
    plate(identity.home_plate);
    for (const auto& other : identity.other_plates) {
        text += "," + other.text();
    }
    return text;
}

const std::string own = "CSQU3054383";
const std::string other = "MSKU6011672";

TEST_CASE("one reader's hundred frames never outvote two readers", "[lane][fusion]") {
    std::vector<Said> all;
    for (int i = 0; i < 100; ++i) {
        all.push_back({Role::container_rear, other, std::chrono::milliseconds{i}, 100});
    }
    all.push_back({Role::container_left, own, 101ms, 20});
    all.push_back({Role::container_right, own, 102ms, 20});
    const auto identity = fused(all);
    REQUIRE(identity.containers.size() == 1);
    CHECK(identity.containers.front().number.text() == own);
    CHECK(identity.containers.front().votes == 2);
    CHECK(identity.disagreements.empty());
}

TEST_CASE("a noisy reader takes no other reader's place", "[lane][fusion]") {
    std::vector<Said> all;
    for (int i = 0; i < 1000; ++i) {
        all.push_back({Role::container_rear, "CSQU" + std::to_string(1'000'000 + i), std::chrono::milliseconds{i}});
    }
    all.push_back({Role::container_left, own, 1001ms});
    all.push_back({Role::container_right, own, 1002ms});
    REQUIRE(fused(all).containers.size() == 1);
    CHECK(fused(all).containers.front().number.text() == own);
}

TEST_CASE("grammar goes before confidence", "[lane][fusion]") {
    const auto identity =
        fused({{Role::container_rear, "CSQU3054384", 0ms, 100}, {Role::container_left, own, 1ms, 10}});
    REQUIRE(identity.containers.size() == 1);
    CHECK(identity.containers.front().number.text() == own);
    CHECK(identity.containers.front().confidence == 10);
    CHECK(identity.invalid_containers == std::vector<std::string>{"CSQU3054384"});
}

TEST_CASE("a part of a number speaks for the number that it is a part of", "[lane][fusion]") {
    const auto identity = fused({{Role::container_rear, other, 0ms},
                                 {Role::container_left, own, 1ms},
                                 {Role::container_right, "CSQU30543", 2ms}});
    REQUIRE(identity.containers.size() == 1);
    CHECK(identity.containers.front().number.text() == own);
    CHECK(identity.containers.front().votes == 1);  // a part is no vote
}

TEST_CASE("one reader's number is not believed when another reader saw a box that is none of it", "[lane][fusion]") {
    // The left reader looks through an empty chassis at the next lane.
    const auto identity = fused({{Role::container_left, other, 0ms}, {Role::container_rear, "CSQU3O5438", 1ms}});
    CHECK(identity.containers.empty());
    REQUIRE(identity.disagreements.size() == 1);
    CHECK(identity.disagreements.front().texts == std::vector<std::string>{other, "CSQU3O5438"});
    // Lettering is no number, and two readers are two.
    CHECK(fused({{Role::container_left, other, 0ms}, {Role::container_rear, "EVERGREEN", 1ms}}).containers.size() == 1);
    CHECK(fused({{Role::container_left, other, 0ms},
                 {Role::container_right, other, 1ms},
                 {Role::container_rear, "CSQU3O5438", 2ms}})
              .containers.size() == 1);
}

TEST_CASE("of two short boxes, the front reader reads the one ahead", "[lane][fusion]") {
    const auto identity = fused({{Role::container_rear, other, 0ms}, {Role::container_front, own, 500ms}}, 2);
    CHECK(told(identity) == "CSQU3054383/fore//1 MSKU6011672/aft//1 |-|-|-");
}

TEST_CASE("of two short boxes, a camera at the side sees the one ahead first", "[lane][fusion]") {
    const std::vector<Said> passing{{Role::container_left, own, 0ms},
                                    {Role::container_right, own, 30ms},
                                    {Role::container_left, other, 1800ms},
                                    {Role::container_right, other, 1900ms}};
    CHECK(told(fused(passing, 2)) == "CSQU3054383/fore//2 MSKU6011672/aft//2 |-|-|-");
    // Both within one picture: nobody knows.
    CHECK(
        fused({{Role::container_left, own, 0ms}, {Role::container_left, other, 50ms}}, 2).containers.front().position ==
        LoadPosition::not_applicable);
    // Two cameras that contradict each other: nobody knows.
    CHECK(fused({{Role::container_left, own, 0ms},
                 {Role::container_left, other, 900ms},
                 {Role::container_right, other, 0ms},
                 {Role::container_right, own, 900ms}},
                2)
              .containers.front()
              .position == LoadPosition::not_applicable);
}

TEST_CASE("a size type belongs to the box of its reader, and most readers win", "[lane][fusion]") {
    const auto size = [](Role reader, const std::string& text) {
        return Said{reader, text, 5ms, std::nullopt, ReadingKind::size_type};
    };
    const Said left{Role::container_left, own, 0ms};
    const Said right{Role::container_right, own, 0ms};
    const Said rear{Role::container_rear, own, 0ms};
    CHECK(fused({left, right, rear, size(Role::container_left, "22G1"), size(Role::container_right, "45g1"),
                 size(Role::container_rear, "22 G1")})
              .containers.front()
              .size_type == "22G1");
    CHECK(fused({left, right, size(Role::container_left, "22G1"), size(Role::container_right, "45G1")})
              .containers.front()
              .size_type.empty());
    CHECK(fused({left, size(Role::container_left, "MAX GROSS")}).containers.front().size_type.empty());
}

TEST_CASE("tractor, trailer and a home plate are three things, each with its own vote", "[lane][fusion]") {
    const auto plate = [](Role reader, const std::string& text) {
        return Said{reader, text, 0ms, std::nullopt, ReadingKind::plate};
    };
    CHECK(told(fused({plate(Role::plate_front, "闽D12345"), plate(Role::plate_rear, "闽D1234挂")})) ==
          "|闽D12345|闽D1234挂|-");
    CHECK(told(fused({plate(Role::plate_front, "粤Z1234港"), plate(Role::plate_rear, "PB678")})) ==
          "|粤Z1234港|-|PB678,PB678");
    CHECK(told(fused({plate(Role::plate_front, "闽D12345"), plate(Role::plate_rear, "闽D54321")})) ==
          "!闽D12345,闽D54321,|-|-|-,闽D12345,闽D54321");
}

TEST_CASE("an empty chassis, a bobtail and a box that nobody read are not filled in", "[lane][fusion]") {
    CHECK(told(fused({}, 0)) == "|-|-|-");
    CHECK(told(fused({}, 1)) == "|-|-|-");
    CHECK(told(fused({{Role::plate_rear, "闽D12345", 0ms, std::nullopt, ReadingKind::plate}}, 0)) == "|闽D12345|-|-");
}

TEST_CASE("the example of docs/fusion.md", "[lane][fusion]") {
    const Said left{Role::container_left, own, 0ms, 71};
    const Said right{Role::container_right, other, 100ms, 99};
    CHECK(told(fused({left, right, {Role::container_rear, "CSQU30543", 200ms}})) ==
          "CSQU3054383/not_applicable//1 ?CSQU30543|-|-|-");
    CHECK(told(fused({left, right})) == "!CSQU3054383,MSKU6011672,|-|-|-");
    CHECK(told(fused({right, {Role::container_rear, "CSQU3O54383", 200ms}})) ==
          "!MSKU6011672,CSQU3O54383,?CSQU3O54383|-|-|-");
}

// ---- whatever the dice say

/// A text of the kind that readers give: right, of another box, or spoilt.
std::string some_text(std::mt19937_64& dice) {
    static const std::vector<std::string> texts{own,           other,          "CSQU305438",  "C5QU3054383",
                                                "CSQU3O54383", "HLXU3186035",  "EGHU1159704", "MSKU601167",
                                                "GARBAGE",     "CSQU3054383 ", "MSKZ6011677", "EQHU1159704",
                                                "csqu3054383", "22G1",         "CSQU30543830"};
    return texts[dice() % texts.size()];
}

std::vector<Said> some_readings(std::mt19937_64& dice) {
    constexpr std::array readers{Role::container_front, Role::container_rear, Role::container_left,
                                 Role::container_right, Role::container_roof};
    std::vector<Said> all(1 + dice() % 12);
    for (auto& one : all) {
        one = {readers[dice() % readers.size()], some_text(dice), std::chrono::milliseconds{dice() % 3000}};
        if (dice() % 3 == 0) {
            one.confidence = static_cast<int>(dice() % 101);
        }
        one.kind = one.text == "22G1" ? ReadingKind::size_type : ReadingKind::container;
    }
    return all;
}

TEST_CASE("readings may come in any order within the window", "[lane][fusion]") {
    std::mt19937_64 dice(20261127);
    for (int round = 0; round < 3000; ++round) {
        auto all = some_readings(dice);
        // What one reader says twice keeps its time: the earlier one is the one that was taken.
        std::sort(all.begin(), all.end(), [](const Said& a, const Said& b) {
            return std::tuple{a.reader, a.text, a.at} < std::tuple{b.reader, b.text, b.at};
        });
        all.erase(std::unique(all.begin(), all.end(),
                              [](const Said& a, const Said& b) { return a.reader == b.reader && a.text == b.text; }),
                  all.end());
        const auto boxes = dice() % 3 == 0 ? std::nullopt : std::optional{static_cast<int>(dice() % 3)};
        const auto first = told(fused(all, boxes));
        std::shuffle(all.begin(), all.end(), dice);
        INFO(round);
        REQUIRE(told(fused(all, boxes)) == first);
    }
}

TEST_CASE("a further reader that agrees never takes a number away", "[lane][fusion]") {
    std::mt19937_64 dice(7);
    int identified = 0;
    for (int round = 0; round < 3000; ++round) {
        auto all = some_readings(dice);
        const auto before = fused(all, 1);
        if (before.containers.empty()) {
            continue;
        }
        ++identified;
        const auto number = before.containers.front().number;
        // A reader that said nothing so far, so that its word is a new one.
        all.push_back({Role::seal_rear, number.text(), 1500ms});
        const auto after = fused(all, 1);
        INFO(round);
        REQUIRE(after.containers.size() == 1);
        CHECK(after.containers.front().number == number);
        CHECK(after.containers.front().votes == before.containers.front().votes + 1);
    }
    CHECK(identified > 500);
}

TEST_CASE("what is identified was read, whole and valid, by every reader that is named for it", "[lane][fusion]") {
    std::mt19937_64 dice(11);
    for (int round = 0; round < 3000; ++round) {
        const auto all = some_readings(dice);
        const auto identity = fused(all, 1 + static_cast<int>(dice() % 2));
        for (const auto& box : identity.containers) {
            std::set<std::string> readers;
            for (const auto& one : all) {
                const auto reading = taken(one);
                if (reading.container == box.number) {
                    readers.insert(reading.device.text());
                }
            }
            INFO(round);
            REQUIRE(readers.size() == static_cast<std::size_t>(box.votes));
            REQUIRE(box.readers.size() == readers.size());
        }
    }
}

}  // namespace
}  // namespace portcullis::lane
