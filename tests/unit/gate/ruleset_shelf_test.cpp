#include "gate/ruleset_shelf.hpp"

#include "tests/support/catch.hpp"

namespace portcullis::gate {
namespace {

ShelvedRuleset a_ruleset(std::int64_t version, std::int64_t from = 0, std::int64_t bytes = 1000) {
    Hash256 hash{};
    hash.fill(static_cast<std::uint8_t>(version));
    return {RulesetShelf::name_of(version, hash), version, hash, bytes, {"0011223344556677"}, std::nullopt, from, 0};
}

/// 5 acts from event 10 on, 6 from 20 on, 7 waits.
RulesetShelf a_shelf() {
    RulesetShelf shelf;
    shelf.activate(a_ruleset(5, 10));
    shelf.activate(a_ruleset(6, 20));
    shelf.wait(a_ruleset(7));
    return shelf;
}

TEST_CASE("A shelf is the same once it has been a note") {
    auto shelf = a_shelf();
    shelf.confirm(a_ruleset(6).name, WallTime{std::chrono::hours{480'000}});
    shelf.finish(a_ruleset(5).name, 25);
    const auto again = RulesetShelf::read(shelf.note());
    REQUIRE(again);
    CHECK(*again == shelf);
    CHECK(again->active()->version == 6);
    CHECK(again->active()->confirmed);
    CHECK(again->waiting()->version == 7);
    CHECK(again->old().front().through == 25);
}

TEST_CASE("What is no note of a shelf is not read as one") {
    CHECK_FALSE(RulesetShelf::read(Value{"none"}));
    auto note = a_shelf().note();
    *note.find("old") = List{Value{1}};
    CHECK_FALSE(RulesetShelf::read(note));
}

TEST_CASE("A verdict is found the ruleset that decided it, also behind a switch") {
    auto shelf = a_shelf();
    REQUIRE(shelf.of_verdict(5, 15));
    CHECK(shelf.of_verdict(5, 15)->version == 5);
    CHECK(shelf.of_verdict(5, 24)->version == 5);  // a passage that was open at the switch
    CHECK(shelf.of_verdict(6, 24)->version == 6);
    CHECK_FALSE(shelf.of_verdict(6, 15));
    CHECK_FALSE(shelf.of_verdict(7, 24));
    shelf.finish(a_ruleset(5).name, 25);
    CHECK_FALSE(shelf.of_verdict(5, 26));
}

TEST_CASE("A newer ruleset takes the place of the one that waits, and one that acts at once that of both") {
    auto shelf = a_shelf();
    shelf.wait(a_ruleset(8));
    CHECK(shelf.waiting()->version == 8);
    CHECK_FALSE(shelf.names().contains(a_ruleset(7).name));
    shelf.activate(a_ruleset(9, 30));
    CHECK_FALSE(shelf.waiting());
    CHECK(shelf.active()->version == 9);
    CHECK(shelf.old().size() == 2);
}

TEST_CASE("An old ruleset is kept until the journal has lost the last event of its passages") {
    auto shelf = a_shelf();
    shelf.forget(1000);
    CHECK(shelf.old().size() == 1);  // a passage is open
    shelf.finish(a_ruleset(5).name, 25);
    shelf.forget(24);
    CHECK(shelf.old().size() == 1);
    shelf.forget(25);
    CHECK(shelf.old().empty());
}

TEST_CASE("Old rulesets are bounded by number and by size: the oldest go") {
    RulesetShelf shelf;
    const auto most = static_cast<std::int64_t>(RulesetShelf::most_old);
    for (std::int64_t version = 1; version <= most + 10; ++version) {
        shelf.activate(a_ruleset(version, version * 10));
    }
    shelf.forget(0);
    CHECK(shelf.old().size() == RulesetShelf::most_old);
    CHECK(shelf.old().front().version == 10);
    RulesetShelf heavy;
    for (std::int64_t version = 1; version <= 5; ++version) {
        heavy.activate(a_ruleset(version, version * 10, RulesetShelf::most_old_bytes / 3));
    }
    heavy.forget(0);
    CHECK(heavy.old().size() == 3);
}

TEST_CASE("What was set aside and comes again is one ruleset, and decided from its first time on") {
    auto shelf = a_shelf();
    shelf.set_aside();
    CHECK_FALSE(shelf.active());
    CHECK_FALSE(shelf.waiting());
    shelf.activate(a_ruleset(6, 40));
    CHECK(shelf.old().size() == 1);
    REQUIRE(shelf.of_verdict(6, 24));
}

}  // namespace
}  // namespace portcullis::gate
