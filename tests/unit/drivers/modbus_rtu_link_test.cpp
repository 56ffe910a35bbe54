#include "drivers/transport/modbus_rtu_link.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "tests/support/catch.hpp"
#include "tests/support/rtu_line.hpp"

using namespace portcullis;
using namespace portcullis::drivers;
using namespace std::chrono_literals;
using portcullis::testing::contains_text;
using portcullis::testing::RtuLine;
using Piece = RtuLine::Piece;
using LineBytes = RtuLine::Bytes;

namespace {

constexpr auto answer_time = 100ms;
/// What a call may take beyond what it was allowed, on a machine that builds something else too.
constexpr auto slack = 100ms;

struct RtuRig {
    RtuLine line;
    runtime::SystemClock clock;
    LineSettings settings{.baud = 115'200};
    std::string path = line.path();
    ModbusRtuLink link{LinePort::Kind::local,
                       [this](std::chrono::milliseconds) { return serial_opener(path, settings, {})(1s); },
                       rtu_timing(settings), clock};
    ModbusRequest read_three{
        .unit = 1, .function = ModbusFunction::read_holding_registers, .address = 10, .operand = 3};

    RtuRig() {
        line.change([](auto& bank) {
            for (std::size_t i = 0; i < bank.holding.size(); ++i) {
                bank.holding[i] = static_cast<std::uint16_t>(1000 + i);
            }
        });
    }
    void set(std::uint16_t value) {
        line.change([value](auto& bank) { std::fill(bank.holding.begin(), bank.holding.end(), value); });
    }
    [[nodiscard]] std::string first() {
        const auto answer = link.exchange(read_three, answer_time);
        return answer ? std::to_string(answer->values.registers.front()) : "no: " + answer.error().cause;
    }
    [[nodiscard]] std::vector<std::string> kinds() {
        std::vector<std::string> kinds;
        for (const auto& frame : link.take_bad_frames()) {
            kinds.emplace_back(frame.kind);
        }
        return kinds;
    }
};

LineBytes both(LineBytes first, const LineBytes& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

/// Does `first` with the first answer and is honest from then on.
RtuLine::Script only_the_first(const std::function<std::vector<Piece>(LineBytes question, LineBytes honest)>& first) {
    return [first, done = false](const LineBytes& question, const LineBytes& honest) mutable {
        return std::exchange(done, true) ? std::vector<Piece>{{honest}} : first(question, honest);
    };
}

}  // namespace

TEST_CASE("a line is asked, and stays open while all is well") {
    RtuRig rig;
    for (int i = 0; i < 5; ++i) {
        const auto answer = rig.link.exchange(rig.read_three, answer_time);
        REQUIRE(answer);
        CHECK(answer->values.registers == std::vector<std::uint16_t>{1010, 1011, 1012});
        CHECK(answer->connection == 1);
    }
    CHECK(rig.kinds().empty());
    CHECK(rig.line.questions().size() == 5);
}

TEST_CASE("questions of a line stand 3.5 characters apart") {
    RtuRig rig;
    const auto parity = LineSettings::Parity::even;
    CHECK(rtu_timing({.baud = 1200, .data_bits = 8, .parity = parity, .stop_bits = 1}).gap == 32'083'333ns);
    CHECK(rtu_timing({.baud = 9600}).gap == 3'645'833ns);
    CHECK(rtu_timing({.baud = 38'400}).gap == 1750us);
    rig.settings = {.baud = 1200};
    ModbusRtuLink slow{LinePort::Kind::local, serial_opener(rig.path, rig.settings, {}), rtu_timing(rig.settings),
                       rig.clock};
    REQUIRE(slow.exchange(rig.read_three, 1s));
    const auto before = rig.clock.now().instant;
    REQUIRE(slow.exchange(rig.read_three, 1s));
    CHECK(rig.clock.now().instant - before >= 29ms);
}

TEST_CASE("a frame on the line that is no answer is counted, and the right one is still taken") {
    struct Case {
        const char* kind;
        std::function<LineBytes(const LineBytes& question, const LineBytes& honest)> before;
    };
    const auto wrong = GENERATE(values<Case>({
        {"unit",
         [](const LineBytes&, LineBytes frame) {
             frame.resize(frame.size() - 2);
             frame[0] = 9;
             return RtuLine::with_check(frame);
         }},
        {"function",
         [](const LineBytes&, LineBytes frame) {
             frame.resize(frame.size() - 2);
             frame[1] = 4;
             return RtuLine::with_check(frame);
         }},
        {"count",
         [](const LineBytes&, const LineBytes&) {
             return RtuLine::with_check({1, 3, 2, 0, 7});
         }},
        {"echo", [](const LineBytes& question, const LineBytes&) { return question; }},
        {"noise",
         [](const LineBytes&, const LineBytes&) {
             return LineBytes{0x00, 0xFF, 0x01};
         }},
    }));
    CAPTURE(wrong.kind);
    RtuRig rig;
    rig.line.script(only_the_first([&wrong](const LineBytes& question, const LineBytes& honest) {
        return std::vector<Piece>{{both(wrong.before(question, honest), honest)}};
    }));
    CHECK(rig.first() == "1010");
    CHECK(rig.kinds() == std::vector<std::string>{wrong.kind});
    CHECK(rig.first() == "1010");
    CHECK(rig.kinds().empty());
}

TEST_CASE("an answer that is damaged or cut is none, and the next question is answered") {
    const auto damage = GENERATE(values<std::pair<const char*, std::function<LineBytes(LineBytes)>>>({
        {"crc",
         [](LineBytes frame) {
             frame[4] ^= 0x10U;
             return frame;
         }},
        {"length",
         [](LineBytes frame) {
             frame.resize(frame.size() - 3);
             return frame;
         }},
    }));
    RtuRig rig;
    rig.line.script(only_the_first(
        [&damage](const LineBytes&, const LineBytes& honest) { return std::vector<Piece>{{damage.second(honest)}}; }));
    CHECK_THAT(rig.first(), contains_text("no answer within 100 ms"));
    CHECK(rig.kinds() == std::vector<std::string>{damage.first});
    CHECK(rig.first() == "1010");
}

TEST_CASE("silence and a drip end when the call's time is over") {
    const bool drips = GENERATE(false, true);
    RtuRig rig;
    REQUIRE(rig.first() == "1010");
    rig.line.script([drips](const LineBytes&, const LineBytes& honest) {
        std::vector<Piece> pieces;
        for (std::size_t i = 0; drips && i < honest.size(); ++i) {
            pieces.push_back({.bytes = {honest[i]}, .after = i * 30ms});
        }
        return pieces;
    });
    const auto before = rig.clock.now().instant;
    CHECK_THAT(rig.first(), contains_text("no answer within 100 ms"));
    const auto took = rig.clock.now().instant - before;
    CHECK(took >= answer_time);
    CHECK(took < answer_time + slack);
}

TEST_CASE("an answer that comes after its time never meets a later question of its own shape") {
    // It arrives while the next question waits for its own; libmodbus would give it to that one.
    RtuRig rig;
    rig.set(1);
    rig.line.script(only_the_first([](const LineBytes&, const LineBytes& honest) {
        return std::vector<Piece>{{.bytes = honest, .after = 150ms}};
    }));
    CHECK_THAT(rig.first(), contains_text("no answer"));
    rig.set(2);
    rig.line.script(
        [](const LineBytes&, const LineBytes& honest) { return std::vector<Piece>{{.bytes = honest, .after = 20ms}}; });
    const auto answer = rig.link.exchange(rig.read_three, 1s);
    REQUIRE(answer);
    CHECK(answer->values.registers.front() == 2);
    CHECK(rig.line.questions().at(1).at(5) == 2);  // the first question after it was one of another shape
}

TEST_CASE("a unit that answers each question only when the next one comes never gives a value") {
    RtuRig rig;
    std::uint16_t now = 0;
    LineBytes held;
    rig.line.script([&held](const LineBytes&, LineBytes honest) {
        std::swap(held, honest);
        return honest.empty() ? std::vector<Piece>{} : std::vector<Piece>{{honest}};
    });
    for (int i = 0; i < 12; ++i) {
        rig.set(++now);
        const auto answer = rig.link.exchange(rig.read_three, 20ms);
        CHECK_FALSE((answer && answer->values.registers.front() != now));
    }
    rig.line.honest();
    rig.set(++now);
    (void)rig.link.exchange(rig.read_three, answer_time);
    CHECK(rig.first() == std::to_string(now));
}

TEST_CASE("a question that has no smaller form takes the last answer of its time") {
    RtuRig rig;
    rig.read_three.operand = 1;
    rig.set(1);
    rig.line.script(only_the_first([](const LineBytes&, const LineBytes& honest) {
        return std::vector<Piece>{{.bytes = honest, .after = 130ms}};
    }));
    CHECK_THAT(rig.first(), contains_text("no answer"));
    rig.set(2);
    rig.line.script(
        [](const LineBytes&, const LineBytes& honest) { return std::vector<Piece>{{.bytes = honest, .after = 50ms}}; });
    CHECK(rig.first() == "2");
}

TEST_CASE("what comes without a question is told, and believed by nobody") {
    RtuRig rig;
    REQUIRE(rig.first() == "1010");
    rig.line.say(RtuLine::with_check({1, 3, 6, 0, 1, 0, 2, 0, 3}));
    CHECK(rig.first() == "1010");
    CHECK(rig.kinds() == std::vector<std::string>{"late"});
}

TEST_CASE("a line that never falls silent is not asked, and holds nobody") {
    RtuRig rig;
    REQUIRE(rig.first() == "1010");
    rig.line.babble({0x55, 0xAA}, 500us);
    const auto before = rig.clock.now().instant;
    const auto answer = rig.link.exchange(rig.read_three, answer_time);
    const auto took = rig.clock.now().instant - before;
    CHECK(took < answer_time + slack);
    if (!answer) {
        CHECK_THAT(answer.error().cause, contains_text("does not fall silent") || contains_text("no answer"));
    }
}

TEST_CASE("a refusal of the device is an answer") {
    RtuRig rig;
    rig.read_three.address = 5000;
    CHECK_THAT(rig.first(), contains_text("02 illegal data address"));
    rig.read_three.address = 10;
    CHECK(rig.first() == "1010");
}

TEST_CASE("an adapter that gives back what it sends is said in the settings, and then heard first") {
    RtuRig rig;
    auto timing = rtu_timing(rig.settings);
    timing.local_echo = true;
    ModbusRtuLink echoing{LinePort::Kind::local, serial_opener(rig.path, rig.settings, {}), timing, rig.clock};
    rig.line.script([](const LineBytes& question, const LineBytes& honest) {
        return std::vector<Piece>{{question}, {.bytes = honest, .after = 5ms}};
    });
    const auto on = write_coil(1, 3, true);
    CHECK(echoing.exchange(on, answer_time));
    // The device is dead, and only the adapter speaks: its echo of a write is the very answer that is expected.
    rig.line.script([](const LineBytes& question, const LineBytes&) { return std::vector<Piece>{{question}}; });
    CHECK_FALSE(echoing.exchange(on, answer_time));
    rig.line.script([](const LineBytes&, const LineBytes& honest) { return std::vector<Piece>{{honest}}; });
    const auto without = echoing.exchange(rig.read_three, answer_time);
    REQUIRE_FALSE(without);
    CHECK_THAT(without.error().cause, contains_text("local_echo"));
}

TEST_CASE("a port that is pulled out is told at once, and found again under its name") {
    RtuRig rig;
    REQUIRE(rig.first() == "1010");
    const bool in_question = GENERATE(false, true);
    if (in_question) {
        rig.line.script([](const LineBytes&, const LineBytes&) {
            return std::vector<Piece>{{.bytes = {}, .after = 30ms, .pulls_out = true}};
        });
        const auto before = rig.clock.now().instant;
        const auto answer = rig.link.exchange(rig.read_three, 2s);
        REQUIRE_FALSE(answer);
        CHECK(answer.error().kind == ModbusFault::Kind::no_answer);
        CHECK_THAT(answer.error().cause, contains_text("the line is gone"));
        CHECK(rig.clock.now().instant - before < 1s);
        rig.line.honest();
    } else {
        rig.line.unplug();
    }
    auto gone = rig.link.exchange(rig.read_three, answer_time);
    // The kernel hangs up when the line's thread has let go too.
    for (int i = 0; i < 20 && !gone && gone.error().kind != ModbusFault::Kind::not_sent; ++i) {
        gone = rig.link.exchange(rig.read_three, answer_time);
    }
    REQUIRE_FALSE(gone);
    CHECK(gone.error().kind == ModbusFault::Kind::not_sent);
    rig.line.replug();
    rig.path = rig.line.path();
    CHECK(rig.first() == "1010");
}

TEST_CASE("units of a line are 1 to 247, and nobody is asked as everybody") {
    RtuRig rig;
    rig.read_three.unit = GENERATE(std::uint8_t{0}, std::uint8_t{248});
    CHECK_THAT(rig.first(), contains_text("1 to 247"));
    CHECK(rig.line.questions().empty());
}

TEST_CASE("a port that another program holds, or whose direction nobody can switch, is said") {
    RtuRig rig;
    REQUIRE(rig.first() == "1010");
    ModbusRtuLink second{LinePort::Kind::local, serial_opener(rig.path, rig.settings, {}), rtu_timing(rig.settings),
                         rig.clock};
    const auto held = second.exchange(rig.read_three, answer_time);
    REQUIRE_FALSE(held);
    CHECK_THAT(held.error().cause, contains_text(rig.path) && contains_text("another program holds it"));
    rig.link.close();
    ModbusRtuLink directed{LinePort::Kind::local, serial_opener(rig.path, rig.settings, Rs485::rts_high_sends),
                           rtu_timing(rig.settings), rig.clock};
    const auto undirected = directed.exchange(rig.read_three, answer_time);
    REQUIRE_FALSE(undirected);
    CHECK_THAT(undirected.error().cause, contains_text("leave rs485 out"));
}
