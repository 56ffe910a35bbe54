#include "gate/zone_results.hpp"

#include <string>

#include "tests/support/catch.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;
using Standing = ZoneResults::Standing;

ContainerNumber numbered(std::size_t serial) {
    auto text = std::to_string(serial);
    text.insert(0, 6 - text.size(), '0');
    for (int digit = 0; digit < 10; ++digit) {
        if (auto number = ContainerNumber::parse("CSQU" + text + std::to_string(digit))) {
            return *number;
        }
    }
    FAIL("no check digit fits");
    return ContainerNumber::parse("CSQU3054383").value();
}

WallTime at(std::chrono::seconds since) {
    return WallTime{1'000'000s} + since;
}

/// Of an inspection that ended then; every document has a hash of its own.
KeptResult kept(const ContainerNumber& box, ZoneResultState state, std::chrono::seconds ended = 0s,
                const std::string& id = "ZR-1", std::uint8_t hash = 1) {
    KeptResult kept{
        {id, box, "Z2", state, {"open"}, {"sampling"}, {"CN1"}, {"CN2"}, {"A113"}, "C001", at(ended - 600s), at(ended)},
        at(ended),
        at(ended + 86'400s),
        {}};
    kept.hash[0] = hash;
    return kept;
}

const ContainerNumber box = numbered(305438);

TEST_CASE("The newest inspection of a box counts, whichever result comes last") {
    ZoneResults results;
    const auto pass = kept(box, ZoneResultState::pass, 100s, "ZR-2", 2);
    CHECK(results.standing_of(pass) == Standing::newer);
    CHECK_FALSE(results.keep(pass));
    CHECK(results.standing_of(pass) == Standing::repeated);
    CHECK(results.standing_of(kept(box, ZoneResultState::pass, 50s, "ZR-1", 1)) == Standing::older);
    CHECK(results.standing_of(kept(box, ZoneResultState::pass, 100s, "ZR-3", 3)) == Standing::older);
    CHECK(results.standing_of(kept(box, ZoneResultState::fail, 100s, "ZR-2", 9)) == Standing::other);
    const auto fail = kept(box, ZoneResultState::fail, 200s, "ZR-4", 4);
    CHECK(results.standing_of(fail) == Standing::newer);
    CHECK_FALSE(results.keep(fail));
    CHECK(results.of(box)->result.result == ZoneResultState::fail);
    CHECK(results.standing_of(pass) == Standing::older);  // what failed since is not passed by an old paper
}

TEST_CASE("A result survives a restart without the persons") {
    ZoneResults before;
    before.keep(kept(box, ZoneResultState::treat));
    const auto note = Value{ZoneResults::note_of(*before.of(box))};
    ZoneResults after;
    REQUIRE(after.recall(note));
    const auto& result = after.of(box)->result;
    auto expected = kept(box, ZoneResultState::treat);
    expected.result.inspectors.clear();
    expected.result.approver.clear();
    CHECK(result == expected.result);
    CHECK(after.of(box)->expires == expected.expires);
    CHECK(after.standing_of(kept(box, ZoneResultState::treat)) == Standing::repeated);
    CHECK(note.find("inspectors") == nullptr);

    for (const auto& member : ZoneResults::note_of(*before.of(box))) {
        auto broken = ZoneResults::note_of(*before.of(box));
        std::erase_if(broken, [&](const Member& one) { return one.name == member.name; });
        const bool needed = member.name != "result_id" && member.name != "zone";
        ZoneResults other;
        CHECK(other.recall(Value{broken}) != needed);
    }
}

TEST_CASE("A full shelf gives up the oldest pass, and never what holds a box") {
    ZoneResults results;
    results.keep(kept(numbered(0), ZoneResultState::fail, 0s));
    for (std::size_t i = 1; i < ZoneResults::most_results; ++i) {
        results.keep(kept(numbered(i), ZoneResultState::pass, std::chrono::seconds{i}));
    }
    CHECK(results.standing_of(kept(numbered(9000), ZoneResultState::pass, 9000s)) == Standing::newer);
    CHECK(results.keep(kept(numbered(9000), ZoneResultState::pass, 9000s)) == numbered(1));
    CHECK(results.size() == ZoneResults::most_results);
    CHECK(results.of(numbered(0)) != nullptr);

    ZoneResults failed;
    for (std::size_t i = 0; i < ZoneResults::most_results; ++i) {
        failed.keep(kept(numbered(i), ZoneResultState::fail));
    }
    CHECK(failed.standing_of(kept(numbered(9000), ZoneResultState::pass)) == Standing::full);
    CHECK(failed.standing_of(kept(numbered(7), ZoneResultState::pass, 5s, "ZR-7", 7)) == Standing::newer);
    CHECK_FALSE(failed.keep(kept(numbered(9000), ZoneResultState::pass)));
    CHECK(failed.of(numbered(9000)) == nullptr);
}

}  // namespace
}  // namespace portcullis::gate
