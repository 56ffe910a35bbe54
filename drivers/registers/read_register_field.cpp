#include <limits>

#include "drivers/registers/register_value.hpp"

namespace portcullis::drivers {

namespace {

constexpr std::int64_t longest_multiply = 1'000'000'000;
constexpr std::int64_t longest_divide = 1'000'000'000'000;
constexpr std::int64_t any_least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t any_most = std::numeric_limits<std::int64_t>::max();

std::uint16_t registers_of(NumberType type) {
    switch (type) {
        case NumberType::uint16:
        case NumberType::int16:
        case NumberType::bcd:
            break;
        case NumberType::uint32:
        case NumberType::int32:
        case NumberType::float32:
            return 2;
        case NumberType::uint64:
        case NumberType::int64:
        case NumberType::float64:
            return 4;
    }
    return 1;
}

std::int64_t given(const ConfigNode& node, std::string_view key, std::int64_t otherwise, std::int64_t least,
                   std::int64_t most, ConfigProblems& problems) {
    const auto* member = node.find(key);
    return member == nullptr ? otherwise : member->integer(problems, least, most);
}

template <class Enum>
Enum word(const ConfigNode& node, std::string_view key, Enum otherwise, ConfigProblems& problems) {
    const auto* member = node.find(key);
    return member == nullptr ? otherwise : member->word<Enum>(problems).value_or(otherwise);
}

std::uint16_t place(const ConfigNode& node, std::uint16_t count, ConfigProblems& problems) {
    const auto* at = node.require("at", problems);
    return at == nullptr ? std::uint16_t{0}
                         : static_cast<std::uint16_t>(at->integer(problems, 0, count == 0 ? 0 : count - 1));
}

void expect_inside(const ConfigNode& node, std::uint16_t at, std::uint16_t registers, std::uint16_t count,
                   ConfigProblems& problems) {
    if (at + registers > count) {
        node.report(
            problems, "goes beyond the " + std::to_string(count) + " registers read",
            "it takes " + std::to_string(registers) + " from register " + std::to_string(at) + " of the answer");
    }
}

void read_words(const ConfigNode& node, NumberField& field, ConfigProblems& problems) {
    field.words = word(node, "word_order", WordOrder::high_first, problems);
    field.bytes = word(node, "byte_order", ByteOrder::high_first, problems);
    const bool pairs = field.words == WordOrder::low_pair_first || field.words == WordOrder::swapped_pairs;
    if (pairs && field.registers != 4) {
        node.report(problems, "this word_order is for numbers of four registers", "write high_first or low_first");
        field.words = WordOrder::high_first;
    }
}

void read_bits(const ConfigNode& node, NumberField& field, ConfigProblems& problems) {
    const auto* first = node.find("bit");
    const auto* bits = node.find("bits");
    if (first == nullptr && bits == nullptr) {
        return;
    }
    const int all = field.registers * 16;
    field.first_bit = static_cast<std::uint8_t>(first == nullptr ? 0 : first->integer(problems, 0, all - 1));
    field.bits = static_cast<std::uint8_t>(bits == nullptr ? 1 : bits->integer(problems, 1, 63));
    const bool is_unsigned =
        field.type == NumberType::uint16 || field.type == NumberType::uint32 || field.type == NumberType::uint64;
    if (!is_unsigned) {
        node.report(problems, "a bit field of a number with a sign or a point", "write type uint16, uint32 or uint64");
    } else if (field.first_bit + field.bits > all) {
        node.report(problems, "the bit field goes beyond the " + std::to_string(all) + " bits of the number");
    }
}

void read_scale(const ConfigNode& node, NumberField& field, ConfigProblems& problems) {
    field.multiply = given(node, "multiply", 1, 1, longest_multiply, problems);
    field.divide = given(node, "divide", 1, 1, longest_divide, problems);
    field.add = given(node, "add", 0, -longest_divide, longest_divide, problems);
    if (const auto* least = node.find("least")) {
        field.least = least->integer(problems, any_least, any_most);
    }
    if (const auto* most = node.find("most")) {
        field.most = most->integer(problems, field.least.value_or(any_least), any_most);
    }
    if (const auto* absent = node.find("absent");
        absent != nullptr && absent->expect(ConfigNode::Kind::sequence, problems)) {
        for (const auto& value : absent->items()) {
            field.absent.push_back(value.integer(problems, any_least, any_most));
        }
        const bool is_float = field.type == NumberType::float32 || field.type == NumberType::float64;
        if (is_float) {
            absent->report(problems, "a float says that it has no value by not being a number",
                           "leave `absent` out; bound it by least and most");
        }
    }
}

}  // namespace

NumberField read_number_field(const ConfigNode& node, std::uint16_t count, ConfigProblems& problems) {
    NumberField field;
    field.at = place(node, count, problems);
    field.type = word(node, "type", NumberType::uint16, problems);
    field.registers = registers_of(field.type);
    if (const auto* registers = node.find("registers")) {
        if (field.type == NumberType::bcd) {
            field.registers = static_cast<std::uint16_t>(registers->integer(problems, 1, 4));
        } else {
            registers->report(problems, "its type says how many registers it takes", "`registers` is for bcd only");
        }
    }
    read_words(node, field, problems);
    read_bits(node, field, problems);
    read_scale(node, field, problems);
    expect_inside(node, field.at, field.registers, count, problems);
    return field;
}

TextField read_text_field(const ConfigNode& node, std::uint16_t count, ConfigProblems& problems) {
    TextField field;
    field.at = place(node, count, problems);
    if (const auto* registers = node.require("registers", problems)) {
        field.registers = static_cast<std::uint16_t>(registers->integer(problems, 1, count == 0 ? 1 : count));
    }
    field.bytes = word(node, "byte_order", ByteOrder::high_first, problems);
    expect_inside(node, field.at, field.registers, count, problems);
    return field;
}

}  // namespace portcullis::drivers
