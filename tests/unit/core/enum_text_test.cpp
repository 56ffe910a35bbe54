#include "core/enum_text.hpp"

#include "core/time.hpp"
#include "tests/support/catch.hpp"

namespace portcullis {

TEST_CASE("an enum value and its word lead to each other") {
    CHECK(text_of(ClockState::holdover) == "holdover");
    CHECK(enum_from<ClockState>("holdover") == ClockState::holdover);
}

TEST_CASE("a word that is not written exactly is no value") {
    CHECK_FALSE(enum_from<ClockState>("Holdover"));
    CHECK_FALSE(enum_from<ClockState>(""));
}

}  // namespace portcullis
