#include "lane/passage_table.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "lane/passage.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

constexpr PassageTable with(PassageState state, Trigger trigger, Cell cell) {
    auto table = passage_table;
    table[static_cast<std::size_t>(state)][static_cast<std::size_t>(trigger)] = cell;
    return table;
}

// What the table's static_asserts would refuse to compile.
static_assert(!complete(with(PassageState::deciding, Trigger::under_arm, Cell::unset)));
static_assert(!every_state_reaches_ended(with(PassageState::referred, Trigger::left, Cell::never)));
static_assert(!every_state_reaches_ended(with(PassageState::refused, Trigger::under_arm, Cell::refused)));
static_assert(!permitted_only_by_permission(with(PassageState::identifying, Trigger::frozen, Cell::permitted)));
static_assert(!permitted_only_by_permission(with(PassageState::passing, Trigger::permission, Cell::permitted)));
static_assert(!ended_is_final(with(PassageState::ended, Trigger::is_head, Cell::identifying)));

TEST_CASE("docs/passage.md shows the table that runs", "[lane]") {
    std::ifstream file{"docs/passage.md"};
    REQUIRE(file);
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    CHECK(text.find(passage_table_markdown()) != std::string::npos);
}

TEST_CASE("what the table says never happens does not pass in silence", "[lane]") {
    PassageLife life;
    CHECK_THROWS_AS(life.take(Trigger::permission), std::logic_error);
    CHECK(life.state() == PassageState::arriving);
    life.take(Trigger::left);
    CHECK_THROWS_AS(life.take(Trigger::left), std::logic_error);
}

}  // namespace
}  // namespace portcullis::lane
