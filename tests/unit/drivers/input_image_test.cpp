#include "drivers/input_image.hpp"

#include "tests/support/catch.hpp"

using namespace portcullis;
using namespace portcullis::drivers;
using namespace std::chrono_literals;
using portcullis::testing::contains_text;

namespace {

const PointRef arm_loop{DeviceName{"io"}, PointName{"di1"}};
const PointRef arm_beam{DeviceName{"other"}, PointName{"di0"}};
const Instant start{10s};

}  // namespace

TEST_CASE("an input proves the arm clear only freshly and after two equal reads") {
    InputImage image;
    auto& loop = image.add(arm_loop, 500ms);
    CHECK_THAT(*image.not_clear({arm_loop}, start), contains_text("io.di1 is unknown"));

    loop.store(Signal::off, start);
    CHECK_THAT(*image.not_clear({arm_loop}, start), contains_text("only once"));
    loop.store(Signal::off, start + 20ms);
    CHECK_FALSE(image.not_clear({arm_loop}, start + 20ms));
    CHECK_FALSE(image.not_clear({arm_loop}, start + 520ms));
    CHECK_THAT(*image.not_clear({arm_loop}, start + 521ms), contains_text("stale"));

    loop.store(Signal::on, start + 40ms);
    CHECK_THAT(*image.not_clear({arm_loop}, start + 40ms), contains_text("occupied"));
    loop.store(Signal::off, start + 60ms);
    CHECK(image.not_clear({arm_loop}, start + 60ms));
    loop.store(Signal::unknown, start + 80ms);
    CHECK(image.not_clear({arm_loop}, start + 80ms));
}

TEST_CASE("a read after a gap does not confirm the one before the gap") {
    InputImage image;
    auto& loop = image.add(arm_loop, 500ms);
    loop.store(Signal::off, start);
    loop.store(Signal::off, start + 10s);
    CHECK_THAT(*image.not_clear({arm_loop}, start + 10s), contains_text("only once"));
}

TEST_CASE("every input must be clear, and one that nobody reads never is") {
    InputImage image;
    for (auto* cell : {&image.add(arm_loop, 500ms), &image.add(arm_beam, 500ms)}) {
        cell->store(Signal::off, start);
        cell->store(Signal::off, start);
    }
    CHECK_FALSE(image.not_clear({arm_loop, arm_beam}, start));
    CHECK(image.not_clear({arm_loop, {DeviceName{"io"}, PointName{"di9"}}, arm_beam}, start));
    CHECK_FALSE(image.not_clear({}, start));
}
