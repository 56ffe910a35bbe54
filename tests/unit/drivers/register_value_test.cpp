#include "drivers/registers/register_value.hpp"

#include "tests/support/catch.hpp"
#include "yaml.hpp"

using namespace portcullis;
using namespace portcullis::drivers;
using portcullis::testing::contains_text;
using portcullis::testing::yaml;

namespace {

using Registers = std::vector<std::uint16_t>;

/// The value of `field`'s YAML in these registers, or the word of why there is none.
std::string value_of(const std::string& field, const Registers& registers) {
    ConfigProblems problems;
    const auto node = yaml(field);
    const auto read = read_number_field(node, static_cast<std::uint16_t>(registers.size()), problems);
    node.report_unread(problems);
    for (const auto& problem : problems.all()) {
        FAIL(problem.message());
    }
    const auto number = number_in(read, registers);
    return number ? std::to_string(*number) : std::string{number.error()};
}

struct Vector {
    const char* field;
    Registers registers;
    const char* value;
};

std::string problems_of(const std::string& field, std::uint16_t count) {
    ConfigProblems problems;
    const auto node = yaml(field);
    (void)read_number_field(node, count, problems);
    node.report_unread(problems);
    std::string all;
    for (const auto& problem : problems.all()) {
        all += problem.message() + "\n";
    }
    return all;
}

}  // namespace

TEST_CASE("whole numbers of 16, 32 and 64 bits are read, with and without a sign") {
    const auto vector = GENERATE(values<Vector>({
        {"{ at: 0 }", {65'535}, "65535"},
        {"{ at: 1, type: uint16 }", {7, 32'768}, "32768"},
        {"{ at: 0, type: int16 }", {0xFFFF}, "-1"},
        {"{ at: 0, type: int16 }", {0x8000}, "-32768"},
        {"{ at: 0, type: int16 }", {0x7FFF}, "32767"},
        {"{ at: 0, type: uint32 }", {0x0001, 0x86A0}, "100000"},
        {"{ at: 0, type: uint32 }", {0xFFFF, 0xFFFF}, "4294967295"},
        // libmodbus's own macro gave a wrong number for this one until 3.1.7.
        {"{ at: 0, type: int32 }", {0xFFFE, 0x7960}, "-100000"},
        {"{ at: 0, type: int32 }", {0x8000, 0x0000}, "-2147483648"},
        {"{ at: 0, type: int64 }", {0xFFFF, 0xFFFF, 0xFFFF, 0xFFFE}, "-2"},
        {"{ at: 0, type: int64 }", {0x8000, 0, 0, 0}, "-9223372036854775808"},
        {"{ at: 0, type: uint64 }", {0x0000, 0x00E8, 0xD4A5, 0x1000}, "1000000000000"},
        {"{ at: 0, type: uint64 }", {0x8000, 0, 0, 0}, "range"},
    }));
    CAPTURE(vector.field, vector.registers);
    CHECK(value_of(vector.field, vector.registers) == vector.value);
}

TEST_CASE("every order of words and bytes is read") {
    // 0x12345678 = 305419896; 0x0123456789ABCDEF = 81985529216486895.
    const auto vector = GENERATE(values<Vector>({
        {"{ at: 0, type: uint32 }", {0x1234, 0x5678}, "305419896"},
        {"{ at: 0, type: uint32, word_order: low_first }", {0x5678, 0x1234}, "305419896"},
        {"{ at: 0, type: uint32, byte_order: low_first }", {0x3412, 0x7856}, "305419896"},
        {"{ at: 0, type: uint32, word_order: low_first, byte_order: low_first }", {0x7856, 0x3412}, "305419896"},
        {"{ at: 0, type: uint64 }", {0x0123, 0x4567, 0x89AB, 0xCDEF}, "81985529216486895"},
        {"{ at: 0, type: uint64, word_order: low_first }", {0xCDEF, 0x89AB, 0x4567, 0x0123}, "81985529216486895"},
        {"{ at: 0, type: uint64, word_order: low_pair_first }", {0x89AB, 0xCDEF, 0x0123, 0x4567}, "81985529216486895"},
        {"{ at: 0, type: uint64, word_order: swapped_pairs }", {0x4567, 0x0123, 0xCDEF, 0x89AB}, "81985529216486895"},
        {"{ at: 0, type: uint64, word_order: low_first, byte_order: low_first }",
         {0xEFCD, 0xAB89, 0x6745, 0x2301},
         "81985529216486895"},
        {"{ at: 0, byte_order: low_first }", {0x3412}, "4660"},
    }));
    CAPTURE(vector.field, vector.registers);
    CHECK(value_of(vector.field, vector.registers) == vector.value);
}

TEST_CASE("floats leave as whole numbers, rounded to the nearest, halves away from zero") {
    // Bit patterns: IEEE 754 examples, and Python's struct.pack('>f') and ('>d').
    const auto vector = GENERATE(values<Vector>({
        {"{ at: 0, type: float32 }", {0x3F80, 0x0000}, "1"},
        {"{ at: 0, type: float32, multiply: 1000 }", {0xC2ED, 0x4000}, "-118625"},
        {"{ at: 0, type: float32, word_order: low_first }", {0x2000, 0x47F1}, "123456"},
        {"{ at: 0, type: float32 }", {0x3F00, 0x0000}, "1"},
        {"{ at: 0, type: float32 }", {0xBF00, 0x0000}, "-1"},
        {"{ at: 0, type: float32 }", {0x3EFF, 0xFFFF}, "0"},
        {"{ at: 0, type: float32, multiply: 100 }", {0x41C9, 0x999A}, "2520"},
        {"{ at: 0, type: float64, multiply: 1000000 }", {0x4009, 0x21FB, 0x5444, 0x2D18}, "3141593"},
        {"{ at: 0, type: float64 }", {0xC0F8, 0x6A00, 0x0000, 0x0000}, "-100000"},
        {"{ at: 0, type: float32 }", {0x7FC0, 0x0000}, "not_a_number"},
        {"{ at: 0, type: float32 }", {0x7F80, 0x0000}, "not_a_number"},
        {"{ at: 0, type: float32 }", {0xFF80, 0x0000}, "not_a_number"},
        {"{ at: 0, type: float64 }", {0x7FF0, 0x0000, 0x0000, 0x0001}, "not_a_number"},
        {"{ at: 0, type: float32 }", {0x7F7F, 0xFFFF}, "range"},
        {"{ at: 0, type: float32, most: 1000 }", {0x447A, 0x4000}, "range"},
    }));
    CAPTURE(vector.field, vector.registers);
    CHECK(value_of(vector.field, vector.registers) == vector.value);
}

TEST_CASE("decimal digits in registers are read, and what is no digit is refused") {
    CHECK(value_of("{ at: 0, type: bcd }", {0x1234}) == "1234");
    CHECK(value_of("{ at: 0, type: bcd, registers: 2 }", {0x0012, 0x3456}) == "123456");
    CHECK(value_of("{ at: 0, type: bcd, registers: 2, word_order: low_first }", {0x3456, 0x0012}) == "123456");
    CHECK(value_of("{ at: 0, type: bcd, registers: 4 }", {0x9999, 0x9999, 0x9999, 0x9999}) == "9999999999999999");
    CHECK(value_of("{ at: 0, type: bcd }", {0x12A4}) == "digits");
}

TEST_CASE("bits of a register are read as a number of their own") {
    CHECK(value_of("{ at: 0, bit: 15 }", {0x8000}) == "1");
    CHECK(value_of("{ at: 0, bit: 0 }", {0xFFFE}) == "0");
    CHECK(value_of("{ at: 0, bit: 4, bits: 3 }", {0x0050}) == "5");
    CHECK(value_of("{ at: 0, type: uint32, word_order: low_first, bit: 20, bits: 4 }", {0x0000, 0x00A0}) == "10");
    CHECK(value_of("{ at: 0, type: uint64, bit: 0, bits: 63 }", {0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF}) ==
          "9223372036854775807");
}

TEST_CASE("a scale is whole numbers, and what falls out of its bounds is no value") {
    CHECK(value_of("{ at: 0, multiply: 10 }", {123}) == "1230");
    CHECK(value_of("{ at: 0, divide: 10 }", {125}) == "13");
    CHECK(value_of("{ at: 0, type: int16, divide: 10 }", {0xFF83}) == "-13");
    CHECK(value_of("{ at: 0, divide: 10 }", {124}) == "12");
    CHECK(value_of("{ at: 0, multiply: 5, divide: 9, add: -18 }", {32}) == "0");
    CHECK(value_of("{ at: 0, least: 1, most: 60000 }", {0}) == "range");
    CHECK(value_of("{ at: 0, most: 60000 }", {60'001}) == "range");
    CHECK(value_of("{ at: 0, type: int64, multiply: 2 }", {0x7FFF, 0xFFFF, 0xFFFF, 0xFFFF}) == "range");
    CHECK(value_of("{ at: 0, type: int64, add: 1 }", {0x7FFF, 0xFFFF, 0xFFFF, 0xFFFF}) == "range");
}

TEST_CASE("a device's own word for no value is none, before it is scaled") {
    CHECK(value_of("{ at: 0, type: int16, multiply: 10, absent: [-32768, 32767] }", {0x8000}) == "absent");
    CHECK(value_of("{ at: 0, type: uint32, absent: [4294967295] }", {0xFFFF, 0xFFFF}) == "absent");
    CHECK(value_of("{ at: 0, type: int16, multiply: 10, absent: [-32768] }", {0x8001}) == "-327670");
}

TEST_CASE("an answer that is too short has no value") {
    const NumberField field{.at = 1, .type = NumberType::uint32, .registers = 2};
    const auto number = number_in(field, Registers{1, 2});
    REQUIRE_FALSE(number);
    CHECK(number.error() == no_value::count);
}

TEST_CASE("a field that does not fit is said with what to do") {
    CHECK_THAT(problems_of("{ type: uint16 }", 4), contains_text("at"));
    CHECK_THAT(problems_of("{ at: 4 }", 4), contains_text("out of range"));
    CHECK_THAT(problems_of("{ at: 3, type: uint32 }", 4), contains_text("goes beyond the 4 registers read"));
    CHECK_THAT(problems_of("{ at: 0, type: uint32, word_order: swapped_pairs }", 4),
               contains_text("numbers of four registers"));
    CHECK_THAT(problems_of("{ at: 0, type: uint32, registers: 2 }", 4), contains_text("`registers` is for bcd only"));
    CHECK_THAT(problems_of("{ at: 0, type: int16, bit: 3 }", 4), contains_text("write type uint16"));
    CHECK_THAT(problems_of("{ at: 0, bit: 12, bits: 8 }", 4), contains_text("beyond the 16 bits"));
    CHECK_THAT(problems_of("{ at: 0, divide: 0 }", 4), contains_text("out of range"));
    CHECK_THAT(problems_of("{ at: 0, type: float32, absent: [0] }", 4), contains_text("not being a number"));
    CHECK_THAT(problems_of("{ at: 0, type: float16 }", 4), contains_text("float32"));
    CHECK_THAT(problems_of("{ at: 0, scale: 10 }", 4), contains_text("scale"));
}

TEST_CASE("text of registers ends at its first NUL, without spaces at its end") {
    const Registers csqu{0x4353, 0x5155, 0x3330, 0x3520, 0x2000, 0xFFFF};
    CHECK(*text_in({.at = 0, .registers = 6, .bytes = ByteOrder::high_first}, csqu) == "CSQU305");
    CHECK(*text_in({.at = 0, .registers = 2, .bytes = ByteOrder::low_first}, Registers{0x5343, 0x5551}) == "CSQU");
    CHECK(text_in({.at = 5, .registers = 1, .bytes = ByteOrder::high_first}, csqu).error() == no_value::text);
    CHECK(text_in({.at = 5, .registers = 2, .bytes = ByteOrder::high_first}, csqu).error() == no_value::count);
    CHECK(text_in({.at = 0, .registers = 1, .bytes = ByteOrder::high_first}, Registers{0})->empty());
}
