#include "core/plate_number.hpp"

#include <string>

#include "tests/support/catch.hpp"

namespace portcullis {
namespace {

PlateNumber plate(std::string_view text) {
    return PlateNumber::parse(text).value();
}

std::string hex(std::string_view bytes) {
    std::string out;
    for (const auto byte : bytes) {
        constexpr std::string_view digits = "0123456789ABCDEF";
        const auto value = static_cast<unsigned char>(byte);
        out += out.empty() ? "" : " ";
        out.push_back(digits[value >> 4U]);
        out.push_back(digits[value & 15U]);
    }
    return out;
}

}  // namespace

TEST_CASE("each kind of plate is known by its form") {
    struct Row {
        const char* text;
        PlateKind kind;
    };
    const auto row = GENERATE(values<Row>({
        {"闽D12345", PlateKind::ordinary},
        {"闽DA1234", PlateKind::ordinary},
        {"闽DB8Q62", PlateKind::ordinary},
        {"闽D8C321", PlateKind::ordinary},
        {"京AF0236", PlateKind::ordinary},
        {"京O12345", PlateKind::ordinary},
        {"闽D1234挂", PlateKind::trailer},
        {"闽DF552挂", PlateKind::trailer},
        {"闽DD12345", PlateKind::new_energy_small},
        {"粤BF12345", PlateKind::new_energy_small},
        {"闽DDB2345", PlateKind::new_energy_small},
        {"闽D12345D", PlateKind::new_energy_large},
        {"沪A12345F", PlateKind::new_energy_large},
        {"闽D1234学", PlateKind::training},
        {"闽D1234警", PlateKind::police},
        {"粤Z7C59港", PlateKind::cross_border},
        {"粤ZF023澳", PlateKind::cross_border},
        {"闽D0023领", PlateKind::consulate},
        {"224578使", PlateKind::embassy},
        {"使224578", PlateKind::embassy},
        {"WJ闽12345", PlateKind::armed_police},
        {"WJ闽1234X", PlateKind::armed_police},
        {"WJ12345", PlateKind::armed_police},
        {"VA12345", PlateKind::military},
        {"闽X0001应急", PlateKind::emergency},
        {"闽S0001应急", PlateKind::emergency},
        {"闽D12345临", PlateKind::temporary},
        {"闽D1234临", PlateKind::temporary},
        {"闽D123456临", PlateKind::temporary},
        {"临闽D12345", PlateKind::temporary},
        {"ABC-1234", PlateKind::opaque},
        {"KHH 5678", PlateKind::opaque},
        {"T088", PlateKind::opaque},
    }));
    CAPTURE(row.text);
    const auto parsed = PlateNumber::parse(row.text);
    REQUIRE(parsed.ok());
    CHECK(text_of(parsed->kind()) == text_of(row.kind));
    CHECK(parsed->is_trailer() == (row.kind == PlateKind::trailer));
}

TEST_CASE("every province of the table issues plates") {
    for (const auto* province :
         {"京", "津", "沪", "渝", "冀", "豫", "云", "辽", "黑", "湘", "皖", "鲁", "新", "苏", "浙", "赣",
          "鄂", "桂", "甘", "晋", "蒙", "陕", "吉", "闽", "贵", "粤", "青", "藏", "川", "宁", "琼"}) {
        CHECK(plate(std::string{province} + "A12345").kind() == PlateKind::ordinary);
    }
}

TEST_CASE("a text that is no plate says what is wrong and where") {
    struct Row {
        const char* text;
        PlateDefect defect;
        std::size_t position;
    };
    const auto row = GENERATE(values<Row>({
        {"", PlateDefect::empty, 0},
        {" · ", PlateDefect::empty, 0},
        {"\xC3\xF6"
         "D12345",
         PlateDefect::not_utf8, 0},
        {"闵D12345", PlateDefect::province_unknown, 0},
        {"台D12345", PlateDefect::province_unknown, 0},
        {"闂D12345", PlateDefect::province_unknown, 0},
        {"D12345", PlateDefect::province_missing, 0},
        {"D1234挂", PlateDefect::province_missing, 0},
        {"D12345F", PlateDefect::province_missing, 0},
        {"闽", PlateDefect::too_short, 1},
        {"闽D1234", PlateDefect::too_short, 6},
        {"闽D1234567", PlateDefect::too_long, 8},
        {"闽D12345挂", PlateDefect::too_long, 7},
        {"闽D123挂", PlateDefect::too_short, 6},
        {"WJ1234", PlateDefect::too_short, 6},
        {"闽I12345", PlateDefect::letter_i_or_o, 1},
        {"闽DI2345", PlateDefect::letter_i_or_o, 2},
        {"闽D123O5", PlateDefect::letter_i_or_o, 5},
        {"闽O1234挂", PlateDefect::letter_i_or_o, 1},
        {"闽1D2345", PlateDefect::office_not_letter, 1},
        {"闽DABCDE", PlateDefect::no_digit, 2},
        {"闽D1234桂", PlateDefect::suffix_unknown, 6},
        {"闽D123456", PlateDefect::no_kind, 7},
        {"闽D12345L", PlateDefect::no_kind, 7},
        {"粤Y1234港", PlateDefect::no_kind, 1},
        {"闽DA023领", PlateDefect::no_kind, 2},
        {"闽D0001应急", PlateDefect::no_kind, 1},
        {"22457使", PlateDefect::no_kind, 0},
        {"WJ闽1234N", PlateDefect::no_kind, 7},
        {"闽D12_45", PlateDefect::bad_character, 4},
        {"AB/123", PlateDefect::bad_character, 2},
        {"X", PlateDefect::too_short, 1},
        {"ABCDEFG12345", PlateDefect::too_long, 10},
    }));
    CAPTURE(row.text);
    const auto parsed = PlateNumber::parse(row.text);
    REQUIRE_FALSE(parsed.ok());
    CHECK(text_of(parsed.error().defect) == text_of(row.defect));
    CHECK(parsed.error().position == row.position);
    CHECK_FALSE(parsed.error().message().empty());
}

TEST_CASE("plates compare by one canonical form") {
    for (const auto* written : {"闽D12345", "闽D·12345", "闽d 12345", "閩Ｄ１２３４５", "闽D•12345", "闽D・12345",
                                "闽D-123.45", "　闽D12345　"}) {
        CAPTURE(written);
        CHECK(plate(written) == plate("闽D12345"));
        CHECK(plate(written).text() == "闽D12345");
    }
    CHECK(plate("粵Z7C59港").text() == "粤Z7C59港");
    CHECK(plate("閩D1234掛").text() == "闽D1234挂");
    CHECK(plate("臨閩D12345").text() == "临闽D12345");
    CHECK(plate("abc-1234").text() == "ABC1234");
    CHECK(normalised_plate_text("闵 d_1") == "闵D_1");
}

TEST_CASE("the canonical text has the bytes that the field expects") {
    CHECK(hex(plate("闽D12345").text()) == "E9 97 BD 44 31 32 33 34 35");
    CHECK(hex("闽D·1234挂") == "E9 97 BD 44 C2 B7 31 32 33 34 E6 8C 82");
    CHECK(hex(plate("闽D·1234挂").text()) == "E9 97 BD 44 31 32 33 34 E6 8C 82");
    CHECK(hex(plate("粤Z7C59港").text()) == "E7 B2 A4 5A 37 43 35 39 E6 B8 AF");
    CHECK(hex(plate("WJ闽1234X").text()) == "57 4A E9 97 BD 31 32 33 34 58");
    CHECK(hex(plate("闽DD12345").text()) == "E9 97 BD 44 44 31 32 33 34 35");
}

TEST_CASE("repair does only what the grammar forces") {
    CHECK(plate_with_forced_repair("闽DI2345").value().text() == "闽D12345");
    CHECK(plate_with_forced_repair("闽DO2345").value().text() == "闽D02345");
    CHECK(plate_with_forced_repair("WJ闽I234X").value().text() == "WJ闽1234X");
    CHECK(plate_with_forced_repair("闽D12345").value().text() == "闽D12345");
    CHECK(plate_with_forced_repair("京O1234O").value().text() == "京O12340");
    CHECK(plate_with_forced_repair("闽I12345").error().defect == PlateDefect::letter_i_or_o);
    CHECK(plate_with_forced_repair("闽0D2345").error().defect == PlateDefect::office_not_letter);
    CHECK(plate_with_forced_repair("ABI-12O4").value().text() == "ABI12O4");
    CHECK(plate_with_forced_repair("闵DI2345").error().defect == PlateDefect::province_unknown);
}

TEST_CASE("plates are alike at one serial character that readers confuse") {
    const auto like = [](std::string_view text) {
        std::string texts;
        for (const auto& one : plates_like(text)) {
            texts += (texts.empty() ? "" : " ") + one.text();
        }
        return texts;
    };
    CHECK(like("闽D12B45") == "闽D72B45 闽D1ZB45 闽D12845 闽D12B4S");
    CHECK(like("闽D3493挂").empty());
    CHECK(like("闽D3490挂") == "闽D349D挂 闽D349Q挂");
    CHECK(like("闽DI3493") == "闽D13493");  // forced; the letter is in no plate
    CHECK(like("闽D3493").empty());         // too short, whatever is exchanged
    CHECK(like("AB1234").empty());          // foreign: by its exact text only
    CHECK(like("\xff").empty());
}

}  // namespace portcullis
