#include "core/binomial.hpp"

#include <cmath>
#include <vector>

#include "tests/support/catch.hpp"

using namespace portcullis;

TEST_CASE("The bounds of a share of draws are those of the field's tables") {
    struct Row {
        std::int64_t n;
        std::int64_t ppm;
        std::int64_t low;
        std::int64_t high;
    };
    for (const auto& row : std::vector<Row>{{200, 50'000, 1, 22},
                                            {500, 50'000, 10, 42},
                                            {1000, 50'000, 29, 74},
                                            {200, 100'000, 7, 35},
                                            {500, 20'000, 1, 22}}) {
        INFO(row.n << " draws at " << row.ppm << " ppm");
        const auto bounds = binomial_bounds(row.n, row.ppm, 0.001);
        CHECK(bounds.low == row.low);
        CHECK(bounds.high == row.high);
    }
}

TEST_CASE("One draw of 200 at 5 percent is too few and two are not") {
    CHECK(std::abs(tail_low(1, 200, 50'000) - 0.000404) < 0.000001);
    CHECK(tail_low(1, 200, 50'000) < 0.001);
    CHECK(tail_low(2, 200, 50'000) > 0.001);
}

TEST_CASE("Tails of a million draws do not vanish in rounding") {
    CHECK(std::abs(tail_low(50'000, 1'000'000, 50'000) - 0.5) < 0.01);
    const auto both = tail_low(50'000, 1'000'000, 50'000) + tail_high(50'001, 1'000'000, 50'000);
    CHECK(std::abs(both - 1) < 1e-6);
    const auto bounds = binomial_bounds(1'000'000, 50'000, 0.001);
    CHECK(bounds.low > 49'000);
    CHECK(bounds.high < 51'000);
}

TEST_CASE("A rate of nothing or of everything leaves no room for chance") {
    CHECK(tail_low(0, 10, 0) == 1.0);
    CHECK(tail_high(1, 10, 0) == 0.0);
    CHECK(tail_low(9, 10, 1'000'000) == 0.0);
    CHECK(tail_high(10, 10, 1'000'000) == 1.0);
    const auto all = binomial_bounds(10, 1'000'000, 0.001);
    CHECK(all.low == 9);
    CHECK(all.high == 11);
}
