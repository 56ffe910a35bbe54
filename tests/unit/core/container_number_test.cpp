#include "core/container_number.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <set>
#include <string>

#include "tests/support/catch.hpp"

namespace portcullis {
namespace {

ContainerNumber number(std::string_view text) {
    return ContainerNumber::parse(text).value();
}

ContainerDefect defect(std::string_view text) {
    return ContainerNumber::parse(text).error().defect;
}

std::vector<std::string> repairs(std::string_view text) {
    std::vector<std::string> out;
    for (const auto& repair : container_repairs(text)) {
        out.push_back(repair.number.text());
    }
    return out;
}

/// `ten` with the check digit that makes it valid.
std::string completed(const std::string& ten) {
    for (char digit = '0'; digit <= '9'; ++digit) {
        if (ContainerNumber::parse(ten + digit).ok()) {
            return ten + digit;
        }
    }
    return {};
}

std::string random_ten(std::mt19937& random) {
    std::string ten;
    for (int i = 0; i < 3; ++i) {
        ten.push_back(static_cast<char>('A' + random() % 26));
    }
    ten.push_back("JUZ"[random() % 3]);
    for (int i = 0; i < 6; ++i) {
        ten.push_back(static_cast<char>('0' + random() % 10));
    }
    return ten;
}

}  // namespace

TEST_CASE("container numbers of the field are valid") {
    const auto text = GENERATE(as<std::string>{}, "CSQU3054383", "MSCU6639870", "MAEU0396497", "MSKU0028235",
                               "TGHU5080710", "TQHU5080710", "COSU7107049", "CBHU3202732", "CSNU9133370", "OOLU6475485",
                               "EGHU1159704", "EQHU1159704", "EMCU8501813", "HLXU2008419", "HLXU3186035", "RLXU3186035",
                               "HLBU0528142", "FCIU5212363", "PCIU5212363", "YMLU9896587", "ONEU4580808", "WHLU3949244",
                               "TCLU2422826", "TEMU8633464", "CMAU7870250", "KKFU9265020", "ABCU1234560", "TGHJ1001233",
                               "MSKZ1001232", "GESJ3054380", "MWCU6059784");
    const auto parsed = ContainerNumber::parse(text);
    REQUIRE(parsed.ok());
    CHECK(parsed->text() == text);
    CHECK(ContainerNumber::from_packed(parsed->packed()) == *parsed);
}

TEST_CASE("a remainder of ten prints as 0 and is flagged") {
    for (const auto* text : {"CMAU7870250", "KKFU9265020", "GESJ3054380", "DOLU0000630"}) {
        CHECK(number(text).check_digit_ten());
    }
    for (const auto* text : {"MSCU6639870", "OOLU0000630", "CSQU3054383", "TGHU5080710"}) {
        CHECK_FALSE(number(text).check_digit_ten());
    }
}

TEST_CASE("the fourth letter tells freight container, equipment and chassis") {
    CHECK(number("CSQU3054383").category() == ContainerCategory::freight);
    CHECK(number("TGHJ1001233").category() == ContainerCategory::equipment);
    CHECK(number("MSKZ1001232").category() == ContainerCategory::chassis);
}

TEST_CASE("a text that is no container number says what is wrong and where") {
    struct Row {
        const char* text;
        ContainerDefect defect;
        std::size_t position;
    };
    const auto row = GENERATE(values<Row>({
        {"", ContainerDefect::empty, 0},
        {" - .", ContainerDefect::empty, 0},
        {"CSQU305438", ContainerDefect::too_short, 10},
        {"CSQU30543833", ContainerDefect::too_long, 11},
        {"CSQU 305438 3 22G1", ContainerDefect::too_long, 11},
        {"CSQU305438\xD0\x97", ContainerDefect::bad_character, 10},
        {"CSQU305438?", ContainerDefect::bad_character, 10},
        {"CSQU\xFF"
         "054383",
         ContainerDefect::bad_character, 4},
        {"CSQU/3054383", ContainerDefect::bad_character, 4},
        {"CS1U3054383", ContainerDefect::owner_not_letters, 2},
        {"CSQ13054383", ContainerDefect::category_not_letter, 3},
        {"CSQA3054383", ContainerDefect::ilu, 3},
        {"CSQK3054383", ContainerDefect::ilu, 3},
        {"CSQX3054383", ContainerDefect::category_unknown, 3},
        {"MSCU66398O0", ContainerDefect::serial_not_digits, 9},
        {"MSCU663987O", ContainerDefect::serial_not_digits, 10},
    }));
    const auto parsed = ContainerNumber::parse(row.text);
    REQUIRE_FALSE(parsed.ok());
    CHECK(text_of(parsed.error().defect) == text_of(row.defect));
    CHECK(parsed.error().position == row.position);
    CHECK_FALSE(parsed.error().message().empty());
}

TEST_CASE("a wrong check digit is refused and the right one named") {
    struct Row {
        const char* text;
        char expected;
    };
    const auto row = GENERATE(values<Row>({
        {"CSQU3054384", '3'},
        {"MSCU6639871", '0'},
        {"TGHU5080170", '7'},
        {"COSU7170049", '1'},
        {"EGHU1159740", '6'},
        {"OOLU6475488", '5'},
        {"MAEU0396491", '7'},
        {"ABCU1234567", '0'},
        {"SRGU2127325", '3'},
        {"OHHU6020200", '4'},
        {"MSCU0000000", '7'},
    }));
    const auto parsed = ContainerNumber::parse(row.text);
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.error().defect == ContainerDefect::check_digit);
    CHECK(parsed.error().position == 10);
    CHECK(parsed.error().expected_check == row.expected);
}

TEST_CASE("case, separators and full-width forms do not matter, and nothing else is dropped") {
    CHECK(number("csqu 305438-3") == number("CSQU3054383"));
    CHECK(number("CSQU.305438.3").text() == "CSQU3054383");
    CHECK(number("ＣＳＱＵ３０５４３８３").text() == "CSQU3054383");
    CHECK(number("ｃｓｑｕ3054383").text() == "CSQU3054383");
    CHECK(normalised_container_text("csqu 305438 З") == "CSQU305438З");
    CHECK(defect("CSQU_3054383") == ContainerDefect::bad_character);
    CHECK(defect("CSQU305438３３") == ContainerDefect::too_long);
}

TEST_CASE("letters of equal value modulo 11 are interchangeable without detection") {
    const auto twins = GENERATE(as<std::string>{}, "AKU", "BLV", "CMW", "DNX", "EOY", "FPZ", "GQ", "HR", "IS", "JT");
    std::mt19937 random{7};
    for (int i = 0; i < 200; ++i) {
        auto text = completed(random_ten(random));
        const auto place = random() % 3;
        text[place] = twins[0];
        text = completed(text.substr(0, 10));
        for (const auto letter : twins) {
            auto twin = text;
            twin[place] = letter;
            CHECK(ContainerNumber::parse(twin).ok());
        }
        for (char letter = 'A'; letter <= 'Z'; ++letter) {
            auto other = text;
            other[place] = letter;
            const bool is_twin = twins.find(letter) != std::string::npos;
            const auto parsed = ContainerNumber::parse(other);
            const bool ten_or_zero = text.back() == '0';  // the only way for other letters to meet
            CHECK((parsed.ok() == is_twin || ten_or_zero));
        }
    }
}

TEST_CASE("every wrong serial digit and every swap of neighbours is detected, but for ten printed as 0") {
    std::mt19937 random{11};
    for (int i = 0; i < 300; ++i) {
        const auto text = completed(random_ten(random));
        REQUIRE(text.size() == 11);
        if (text.back() == '0') {
            continue;
        }
        for (std::size_t place = 4; place < 10; ++place) {
            for (char digit = '0'; digit <= '9'; ++digit) {
                auto wrong = text;
                wrong[place] = digit;
                CHECK((ContainerNumber::parse(wrong).ok() == (digit == text[place])));
            }
            if (place + 1 < 10) {
                auto swapped = text;
                std::swap(swapped[place], swapped[place + 1]);
                CHECK((ContainerNumber::parse(swapped).ok() == (swapped == text)));
            }
        }
    }
}

TEST_CASE("one serial in eleven of a prefix has the remainder ten") {
    int tens = 0;
    for (int serial = 0; serial < 1'000'000; serial += 10) {  // every tenth: 100 000 of the million
        auto digits = std::to_string(serial);
        const auto text = completed("MSCU" + std::string(6 - digits.size(), '0') + digits);
        tens += number(text).check_digit_ten() ? 1 : 0;
    }
    CHECK(tens >= 9'089);
    CHECK(tens <= 9'092);
}

TEST_CASE("the packed key is the one of the contract") {
    // ((((2·32 + 18)·32 + 16)·4 + 1)·2^24 + 305438·16 + 3
    CHECK(number("CSQU3054383").packed() == (((((2ULL * 32 + 18) * 32 + 16) * 4 + 1) << 24U) + 305438ULL * 16 + 3));
    CHECK(number(completed("ZZZZ999999")).packed() < (1ULL << 41U));
}

TEST_CASE("the order of packed keys is the order of texts") {
    std::mt19937 random{3};
    std::vector<std::string> texts;
    for (int i = 0; i < 500; ++i) {
        texts.push_back(completed(random_ten(random)));
    }
    auto by_key = texts;
    std::ranges::sort(texts);
    std::ranges::sort(by_key, {}, [](const std::string& text) { return number(text).packed(); });
    CHECK(texts == by_key);
}

TEST_CASE("a key that is no valid number's key gives nothing") {
    const auto good = number("CSQU3054383").packed();
    CHECK(ContainerNumber::from_packed(good));
    CHECK_FALSE(ContainerNumber::from_packed(good + 1));                   // check digit
    CHECK_FALSE(ContainerNumber::from_packed(good | 15U));                 // check digit above 9
    CHECK_FALSE(ContainerNumber::from_packed(good | (0xFFFFFULL << 4U)));  // serial of seven digits
    CHECK_FALSE(ContainerNumber::from_packed(good | (3ULL << 24U)));       // fourth category
    CHECK_FALSE(ContainerNumber::from_packed(good | (31ULL << 26U)));      // no such letter
    CHECK_FALSE(ContainerNumber::from_packed(good | (1ULL << 41U)));       // beyond 41 bits
}

TEST_CASE("repair finds every valid number at one confusable character across classes") {
    CHECK(repairs("CSQU3O54383") == std::vector<std::string>{"CSQU3054383"});
    CHECK(repairs("MSCU66398T0") == std::vector<std::string>{"MSCU6639870"});
    CHECK(repairs("CO5U7107049") == std::vector<std::string>{"COSU7107049"});
    CHECK(repairs("CSQU30543B3") == std::vector<std::string>{"CSQU3054383"});
    CHECK(repairs("MSCU663987O") == std::vector<std::string>{"MSCU6639870"});
    CHECK(repairs("csqu 3O5438-3") == std::vector<std::string>{"CSQU3054383"});
    auto two = repairs("0OLU0000630");
    std::ranges::sort(two);
    CHECK(two == std::vector<std::string>{"DOLU0000630", "OOLU0000630"});
    CHECK(container_repairs("CSQU3O54383").front().position == 5);
}

TEST_CASE("repair never turns digit into digit, fills a hole, or mends two characters") {
    for (const auto* text : {"MSCU6639871", "CSQU1009774", "TGHU5O8O710", "CSQU3054388", "MAEU039649I", "MSCU663987?",
                             "EQHU1159704", "CSQU3054383", "CSQU305438", "", "CSQU30543833"}) {
        CHECK(repairs(text).empty());
    }
}

}  // namespace portcullis
