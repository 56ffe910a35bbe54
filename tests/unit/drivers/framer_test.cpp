#include <string>
#include <vector>

#include "drivers/framing/framer.hpp"
#include "drivers/hex_digits.hpp"
#include "tests/support/catch.hpp"
#include "yaml.hpp"

using namespace portcullis;
using namespace portcullis::drivers;

namespace {

using Told = std::vector<std::string>;

/// What a framer made of what it was given, in order: the content, or `!kind`.
struct Framed {
    Told out;
    std::vector<Instant> at;
    Framer framer;
    Instant now{std::chrono::seconds{1}};

    explicit Framed(FramingSettings settings)
        : framer(std::move(settings),
                 {.frame =
                      [this](const Frame& frame) {
                          out.emplace_back(frame.content().begin(), frame.content().end());
                          at.push_back(frame.at);
                      },
                  .refused = [this](std::string_view kind,
                                    const std::vector<std::uint8_t>&) { out.push_back("!" + std::string{kind}); }}) {}

    explicit Framed(const std::string& profile) : Framed(settings_of(profile)) {}

    static FramingSettings settings_of(const std::string& profile) {
        ConfigProblems problems;
        auto settings = read_framing(testing::yaml(profile), problems);
        REQUIRE(problems.empty());
        return settings;
    }
    void give(const std::string& text) {
        now += std::chrono::milliseconds{1};
        framer.bytes(std::vector<std::uint8_t>(text.begin(), text.end()), now);
    }
    void give_hex(std::string_view hex) {
        const auto bytes = hex_bytes(hex).value();
        give(std::string(bytes.begin(), bytes.end()));
    }
    void spoil() { framer.damaged(now); }
    [[nodiscard]] Told hex() const {
        Told all;
        for (const auto& one : out) {
            const std::vector<std::uint8_t> bytes(one.begin(), one.end());
            all.push_back(one.starts_with('!') ? one : hex_digits(bytes));
        }
        return all;
    }
};

const std::string crlf = R"({ framing: { end: "0D 0A" } })";
const std::string stx_etx = R"({ framing: { begin: "02", end: "03", max_length: 20 } })";
const std::string a0 =
    R"({ framing: { kind: length, begin: "A0", length: { at: 1, plus: 2 }, max_length: 71 }, check: { kind: twos_complement } })";
const std::string reader18 =
    R"({ framing: { kind: length, length: { at: 0, plus: 1 } }, check: { kind: crc16_mcrf4xx, order: low_first } })";
const std::string toledo =
    R"({ framing: { kind: fixed, begin: "02", end: "0D", total: 18 }, check: { kind: twos_complement_7, place: after_end } })";

}  // namespace

TEST_CASE("lines are found however the bytes are cut and glued") {
    Framed lines{crlf};
    lines.give("AB,9");
    CHECK(lines.framer.partial());
    lines.give("8\r");
    lines.give("\nCD,1\r\nEF");
    CHECK(lines.out == Told{"AB,98", "CD,1"});
    lines.give(",2\r\n\r\n");
    CHECK(lines.out == Told{"AB,98", "CD,1", "EF,2", ""});
    CHECK_FALSE(lines.framer.partial());
}

TEST_CASE("a line without an end is refused at the silence, and the next one counts") {
    Framed lines{crlf};
    lines.give("AB,9");
    lines.framer.silence();
    lines.framer.silence();
    lines.give("CD,1\r\n");
    CHECK(lines.out == Told{"!no_end", "CD,1"});
}

TEST_CASE("a line that is too long is refused once, to its end") {
    Framed lines{crlf};
    lines.give(std::string(256, 'x').append("\r\n"));
    lines.give(std::string(5000, 'x').append("\r"));
    lines.give("\nCD,1\r\n");
    CHECK(lines.out == Told{std::string(256, 'x'), "!too_long", "CD,1"});

    lines.out.clear();
    lines.give(std::string(300, 'x'));
    lines.framer.silence();
    lines.give("EF,1\r\n");
    CHECK(lines.out == Told{"!too_long", "EF,1"});
}

TEST_CASE("a damaged byte spoils its line and no other") {
    Framed lines{crlf};
    lines.give("A");
    lines.spoil();
    lines.give("B,98\r\nCD,1\r\n");
    CHECK(lines.out == Told{"!damaged", "CD,1"});
}

TEST_CASE("a line may end in several ways, and what both of them leave between is no line") {
    Framed lines{R"({ framing: { end: ["0D 0A", "0D", "0A"] } })"};
    lines.give("one\r\ntwo\rthree\nfour\r");
    lines.give("\nfive\n\n");
    CHECK(lines.out == Told{"one", "two", "three", "four", "five"});
}

TEST_CASE("a frame begins at its mark, and what is before it is noise") {
    Framed frames{stx_etx};
    frames.give("\x02one\x03xy\x02two\x03");
    CHECK(frames.out == Told{"one", "!noise", "two"});
    frames.out.clear();
    frames.give(std::string(50, 'n').append("\x02three\x03"));
    CHECK(frames.out == Told{"!noise", "three"});
    frames.out.clear();
    frames.give("zz");
    frames.framer.silence();
    CHECK(frames.out == Told{"!noise"});
}

TEST_CASE("a begin mark in the middle of a frame is the next one's") {
    Framed frames{stx_etx};
    frames.give("\x02on\x02two\x03");
    CHECK(frames.out == Told{"!no_end", "two"});
    frames.out.clear();
    frames.give("\x02" + std::string(40, 'x') + "\x02three\x03");
    CHECK(frames.out == Told{"!too_long", "three"});
}

TEST_CASE("a check behind the end mark may be any byte, the marks too") {
    Framed frames{R"({ framing: { begin: "02", end: "03" }, check: { kind: xor, from: 1, place: after_end } })"};
    frames.give_hex("02 41 43 03");
    CHECK(frames.framer.partial());
    frames.give_hex("01");
    frames.give_hex("02 41 42 03 00 02 41 40 03 02");  // its check is 02 itself
    CHECK(frames.out == Told{"AC", "AB", "A@"});
    frames.give_hex("02 41 40 03 07");
    CHECK(frames.out.back() == "!check");
}

TEST_CASE("a frame that says its length is found in pieces, and after noise, cuts and lies") {
    Framed frames{a0};
    frames.give_hex("A0 04 01 74");
    frames.give_hex("10 D7 A0 04 01 74 10 D7");
    CHECK(frames.hex() == Told{"04017410", "04017410"});
    frames.out.clear();
    frames.give_hex("A0 0A 01 89 00 A0 04 01 74 10 D7");  // the first lost its end and swallows the second
    CHECK(frames.hex() == Told{});
    frames.framer.silence();
    CHECK(frames.hex() == Told{"!no_end", "04017410"});
    frames.out.clear();
    frames.give_hex("A0 04 01 74 10 D6 A0 04 01 74 10 D7");
    CHECK(frames.hex() == Told{"!check", "04017410"});
    frames.out.clear();
    frames.give_hex("A0 FF A0 00 A0 04 01 74 10 D7");
    CHECK(frames.hex() == Told{"!length", "!check", "04017410"});
}

TEST_CASE("a frame that was searched out of a broken one keeps the time at which it came") {
    Framed frames{a0};
    frames.give_hex("A0 0A 01 89 00 A0 04 01 74 10 D7");
    const auto came = frames.now;
    frames.now += std::chrono::seconds{1};
    frames.give_hex("A0");  // the broken one has its length now, and is none
    REQUIRE(frames.at.size() == 1);
    CHECK(frames.at[0] == came);
}

TEST_CASE("without a begin mark silence alone finds the next frame") {
    Framed frames{reader18};
    frames.give_hex("04 FF 21 19 95 04 FF 21");
    frames.give_hex("19 95");
    CHECK(frames.hex() == Told{"04FF21", "04FF21"});
    frames.out.clear();
    frames.give_hex("04 FF 20 19 95 04 FF 21 19 95");
    frames.give_hex("04 FF 21 19 95");
    frames.framer.silence();
    CHECK_FALSE(frames.framer.partial());
    frames.give_hex("04 FF 21 19 95");
    CHECK(frames.hex() == Told{"!check", "04FF21"});
}

TEST_CASE("a fixed frame has its marks where they belong, whatever its check looks like") {
    Framed frames{toledo};
    frames.give_hex("02 2A 30 20 30 34 30 31 32 30 30 30 30 30 30 30 0D 30");
    frames.give_hex("02 2A 38 20 30 33 39 38 38 30 30 30 30 30 30 30 0D 13");
    CHECK(frames.out.size() == 2);
    frames.out.clear();
    frames.give_hex("02 2A 30 20 30 34 30 31 32 30 30 30 30 30 30 30 0D");
    frames.give_hex("02 2A 30 20 30 34 30 31 32 30 30 30 30 30 30 30 0D 30");
    CHECK(frames.out == Told{"!check", "*0 040120000000"});
    frames.out.clear();
    frames.give_hex("02 2A 30 20 30 34 30 31 32 30 30 30 30 30 30 30 30 30");
    frames.framer.silence();
    CHECK(frames.out == Told{"!marks"});
}

TEST_CASE("a frame may end with the silence behind it") {
    Framed frames{R"({ framing: { kind: silence, max_length: 16 }, check: { kind: crc16_modbus, order: low_first } })"};
    frames.give_hex("01 05 02 00");
    frames.give_hex("00 07 8D B0");
    CHECK(frames.out.empty());
    frames.framer.silence();
    CHECK(frames.hex() == Told{"010502000007"});
    frames.out.clear();
    frames.give_hex("01 05 02 00 00 07 8D");
    frames.framer.silence();
    frames.give(std::string(40, 'x'));
    frames.give("y");
    frames.framer.silence();
    frames.give_hex("01 05 02 00 00 07 8D B0");
    frames.framer.silence();
    CHECK(frames.hex() == Told{"!check", "!too_long", "010502000007"});
}

TEST_CASE("a new connection forgets what was cut") {
    Framed lines{crlf};
    lines.give("AB,9");
    lines.framer.reset();
    lines.give("CD,1\r\n");
    CHECK(lines.out == Told{"CD,1"});
}
