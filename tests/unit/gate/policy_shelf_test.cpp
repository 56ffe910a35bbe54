#include "gate/policy_shelf.hpp"

#include "tests/support/catch.hpp"

namespace portcullis::gate {
namespace {

Policy a_policy(WithoutOrder without_order) {
    return {{{Way::in, Load::one_40, Movement::export_laden, {Authority{"ciq"}, Authority{"customs"}}, without_order},
             {std::nullopt, std::nullopt, std::nullopt, {}, WithoutOrder::hold}}};
}

const auto strict = a_policy(WithoutOrder::hold);
const auto mild = a_policy(WithoutOrder::release);

TEST_CASE("A verdict finds the policy of its day, also after the shelf has been a note") {
    PolicyShelf shelf;
    CHECK(shelf.act(strict, 0));
    CHECK_FALSE(shelf.act(strict, 10));
    CHECK(shelf.act(mild, 20));
    CHECK(shelf.act(Policy{}, 30));
    CHECK(shelf.act(strict, 40));
    const auto again = PolicyShelf::read(shelf.note());
    REQUIRE(again);
    for (const auto& one : {shelf, *again}) {
        CHECK(one.of_verdict(0) == nullptr);
        CHECK(*one.of_verdict(1) == strict);
        CHECK(*one.of_verdict(20) == strict);
        CHECK(*one.of_verdict(21) == mild);
        CHECK(one.of_verdict(31)->rows.empty());
        CHECK(*one.of_verdict(1000) == strict);
    }
}

TEST_CASE("Policies whose verdicts are all removed are forgotten, but the one that acts never is") {
    PolicyShelf shelf;
    shelf.act(strict, 0);
    shelf.act(mild, 20);
    shelf.forget(19);
    CHECK(shelf.of_verdict(20) != nullptr);
    shelf.forget(20);
    CHECK(shelf.of_verdict(20) == nullptr);
    shelf.forget(1000);
    CHECK(*shelf.of_verdict(1001) == mild);
}

TEST_CASE("What is kept of policies is bounded, the oldest goes first") {
    PolicyShelf shelf;
    for (std::int64_t i = 0; i < 100; ++i) {
        shelf.act(i % 2 == 0 ? strict : mild, i * 10);
    }
    CHECK(shelf.of_verdict(355) == nullptr);
    CHECK(shelf.of_verdict(365) != nullptr);
    Policy large;
    large.rows.assign(PolicyShelf::most_rows, PolicyRow{});
    shelf.act(large, 2000);
    CHECK(shelf.of_verdict(1999) == nullptr);
    CHECK(*shelf.of_verdict(2001) == large);
    large.rows.emplace_back();
    shelf.act(large, 3000);
    CHECK(shelf.of_verdict(3001) == nullptr);  // too large to be kept: nobody decides by another one instead
}

TEST_CASE("What is no note of policies is not read as one") {
    PolicyShelf shelf;
    shelf.act(mild, 1);
    CHECK_FALSE(PolicyShelf::read(Value{"none"}));
    auto note = shelf.note();
    auto* const rows = note.find("policies")->get<List>()->front().find("rows")->get<List>();
    *rows->front().find("movement") = Value{"sideways"};
    CHECK_FALSE(PolicyShelf::read(note));
}

}  // namespace
}  // namespace portcullis::gate
