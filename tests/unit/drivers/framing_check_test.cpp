#include <string>
#include <vector>

#include "drivers/framing/check.hpp"
#include "drivers/framing/framing.hpp"
#include "tests/support/catch.hpp"
#include "yaml.hpp"

using namespace portcullis;
using namespace portcullis::drivers;

namespace {

using Octets = std::vector<std::uint8_t>;

Octets octets(std::string_view hex) {
    return hex_bytes(hex).value();
}

/// The published check of "123456789" and what a manual's frames have at their end.
struct KnownCheck {
    CheckKind kind;
    std::uint16_t of_digits;
};

}  // namespace

TEST_CASE("checks of the nine digits are the published ones") {
    const std::string digits = "123456789";
    const Octets bytes{digits.begin(), digits.end()};
    for (const auto& known : {KnownCheck{CheckKind::crc16_modbus, 0x4B37}, KnownCheck{CheckKind::crc16_mcrf4xx, 0x6F91},
                              KnownCheck{CheckKind::crc16_x25, 0x906E}, KnownCheck{CheckKind::crc16_ccitt, 0x29B1},
                              KnownCheck{CheckKind::crc16_xmodem, 0x31C3}, KnownCheck{CheckKind::exclusive_or, 0x31},
                              KnownCheck{CheckKind::sum, 0xDD}, KnownCheck{CheckKind::twos_complement, 0x23},
                              KnownCheck{CheckKind::twos_complement_7, 0x23}}) {
        CAPTURE(std::string{text_of(known.kind)});
        CHECK(check_of(known.kind, bytes) == known.of_digits);
    }
}

TEST_CASE("checks are those of captured frames") {
    struct Captured {
        const char* frame;
        CheckSettings check;
        std::size_t end = 0;  // bytes of its end mark
    };
    const auto crc = [](CheckKind kind, FieldOrder order) {
        return CheckSettings{.kind = kind, .coding = CheckCoding::binary, .order = order};
    };
    const CheckSettings yaohua{.kind = CheckKind::exclusive_or, .coding = CheckCoding::ascii_hex, .from = 1};
    for (const auto& captured :
         {Captured{"02 2B 30 30 31 35 36 30 30 31 39 03", yaohua, 1},
          Captured{"02 2B 30 30 32 30 30 30 32 31 42 03", yaohua, 1},
          Captured{"A0 04 01 74 10 D7", {.kind = CheckKind::twos_complement}},
          Captured{"01 05 02 00 00 07 8D B0", crc(CheckKind::crc16_modbus, FieldOrder::low_first)},
          Captured{"04 FF 21 19 95", crc(CheckKind::crc16_mcrf4xx, FieldOrder::low_first)},
          Captured{"CF FF 00 72 00 17 A5", crc(CheckKind::crc16_mcrf4xx, FieldOrder::high_first)},
          Captured{"3A 00 78 03 01 B6 0A", {.kind = CheckKind::sum}, 1},
          Captured{"02 2A 30 20 30 34 30 31 32 30 30 30 30 30 30 30 0D 30", {.kind = CheckKind::twos_complement_7}}}) {
        CAPTURE(captured.frame);
        const auto frame = octets(captured.frame);
        const auto width = check_width(captured.check);
        const auto at = frame.size() - captured.end - width;
        const std::span all{frame};
        const auto covered = all.subspan(captured.check.from, at - captured.check.from);
        CHECK(check_holds(captured.check, covered, all.subspan(at, width)));
        CHECK(check_bytes(captured.check, covered) ==
              Octets(all.subspan(at, width).begin(), all.subspan(at, width).end()));
        auto wrong = Octets(all.subspan(at, width).begin(), all.subspan(at, width).end());
        wrong.back() ^= 1U;
        CHECK_FALSE(check_holds(captured.check, covered, wrong));
    }
}

TEST_CASE("hex digits of a check may be capitals, small, or 3A to 3F, and nothing else") {
    const CheckSettings check{.kind = CheckKind::exclusive_or, .coding = CheckCoding::ascii_hex};
    const Octets covered{0x1B};
    CHECK(check_holds(check, covered, Octets{'1', 'B'}));
    CHECK(check_holds(check, covered, Octets{'1', 'b'}));
    CHECK(check_holds(check, covered, Octets{'1', 0x3B}));
    CHECK_FALSE(check_holds(check, covered, Octets{'1', 'G'}));
    CHECK_FALSE(check_holds(check, covered, Octets{'1', ' '}));
    CHECK_FALSE(check_holds(check, covered, Octets{'1'}));
}

TEST_CASE("a frame to send has its marks, its length and its check") {
    ConfigProblems problems;
    const auto a0 = read_framing(
        testing::yaml(
            R"({ framing: { kind: length, begin: "A0", length: { at: 1, plus: 2 } }, check: { kind: twos_complement } })"),
        problems);
    CHECK(framed(a0, octets("00 01 89 01")) == octets("A0 04 01 89 01 D1"));
    const auto sign = read_framing(
        testing::yaml(R"({ framing: { begin: "02", end: "03" }, check: { kind: xor, coding: ascii_hex, from: 1 } })"),
        problems);
    CHECK(framed(sign, octets("41 42")) == octets("02 41 42 30 33 03"));
    const auto after = read_framing(
        testing::yaml(R"({ framing: { begin: "02", end: "03" }, check: { kind: xor, from: 1, place: after_end } })"),
        problems);
    CHECK(framed(after, octets("41 42")) == octets("02 41 42 03 00"));
    CHECK(problems.empty());
}

TEST_CASE("framings that cannot work say why") {
    const auto first_problem = [](const std::string& text) {
        ConfigProblems problems;
        (void)read_framing(testing::yaml(text), problems);
        REQUIRE_FALSE(problems.empty());
        return problems.all().front().what;
    };
    CHECK(first_problem(R"({ framing: { end: "0D" }, check: { kind: xor } })") ==
          "a binary check before the end mark can look like the end mark");
    CHECK(first_problem(R"({ framing: { kind: fixed, total: 4 }, check: { kind: xor, place: after_end } })") ==
          "the check stands after an end mark that is not there");
    CHECK(first_problem(R"({ framing: { kind: fixed, total: 4 }, check: { kind: crc16_modbus } })") ==
          "a CRC has two bytes");
    CHECK(first_problem(R"({ framing: { kind: fixed, total: 4, end: ["0D", "0A"] } })") ==
          "only a line ends with one of several marks, and with one at least");
    CHECK(first_problem(R"({ framing: { begin: "2" , end: "0D" } })") == "not one to eight bytes in hex");
}
