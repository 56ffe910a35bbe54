#include "drivers/bus_cycle.hpp"

#include "tests/support/catch.hpp"

using namespace portcullis::drivers;
using namespace std::chrono_literals;
using portcullis::testing::contains_text;

namespace {

const LineSettings line_9600{.baud = 9600};
const LineSettings line_38400{.baud = 38'400};

DeviceOnBus relay(const std::string& name, std::chrono::milliseconds poll, std::chrono::milliseconds timeout = 300ms) {
    const ModbusRequest read{.unit = 1, .function = ModbusFunction::read_coils, .address = 0, .operand = 8};
    return {name,
            {.requests = {repeated(read, poll)},
             .timeout = timeout,
             .slowest_poll = poll,
             .stale_after = 3 * poll + 500ms}};
}

}  // namespace

TEST_CASE("a request takes its bytes, two silences and an answer's time") {
    // 01 01 00 00 00 08 3D CC and 01 01 01 05 91 8B: 14 characters of 10 bits, and twice 3.5 of silence.
    const auto request = relay("relay", 20ms).share.requests.front();
    CHECK(request.sent == 5);
    CHECK(request.answered == 3);
    CHECK(time_on_bus(request, line_9600) == 14583us + 2 * 3645us + 2000us);
    CHECK(time_on_bus(request, line_38400) == 3645us + 2 * 1750us + 2000us);
    CHECK(time_on_bus(request, LineSettings{.baud = 9600, .parity = LineSettings::Parity::even}) > 25ms);
    CHECK(time_on_bus(request, std::nullopt) == 2ms);
}

TEST_CASE("a bus that has no time for its polls is refused with its devices and numbers") {
    CHECK(check_bus({relay("a", 100ms), relay("b", 100ms)}, line_9600).empty());
    const auto problems = check_bus({relay("a", 20ms), relay("b", 100ms)}, line_9600);
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems.front().what, contains_text("143 % of its time at 9600 8N1"));
    CHECK_THAT(problems.front().what,
               contains_text("`a` 23.9 ms every 20 ms (119 %), `b` 23.9 ms every 100 ms (23 %)"));
    CHECK(check_bus({relay("a", 20ms), relay("b", 100ms)}, line_38400).empty());
    CHECK(check_bus({relay("a", 20ms), relay("b", 20ms)}, std::nullopt).empty());
}

TEST_CASE("one lost answer of a unit must not make the values of another one stale") {
    CHECK(check_bus({relay("a", 100ms), relay("b", 100ms, 600ms)}, line_9600).empty());
    const auto problems = check_bus({relay("a", 100ms), relay("b", 100ms, 1000ms)}, line_9600);
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems.front().what,
               contains_text("one lost answer of `b` (timeout 1 s) would leave `a` unread for 1147.7 ms"));
    // A device alone on its bus, and one that is not polled, harm nobody.
    CHECK(check_bus({relay("a", 100ms, 1000ms)}, line_9600).empty());
    CHECK(check_bus({relay("a", 100ms), DeviceOnBus{"camera", {}}}, line_9600).empty());
}
