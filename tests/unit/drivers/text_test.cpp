#include <string>
#include <vector>

#include "drivers/text_decoder.hpp"
#include "drivers/text_reader/line_pattern.hpp"
#include "tests/support/catch.hpp"

using namespace portcullis::drivers;

namespace {

using Bytes = std::vector<std::uint8_t>;

}  // namespace

TEST_CASE("text is decoded strictly, in the encoding that the profile names") {
    TextDecoder gbk{Encoding::gbk};
    TextDecoder utf8{Encoding::utf8};
    CHECK(gbk.decode(Bytes{0xBB, 0xA6, 'A', '1', '2', '3', '4', '5'}) == "沪A12345");
    CHECK(utf8.decode(Bytes{0xE6, 0xB2, 0xAA, 'A', '1', '2', '3', '4', '5'}) == "沪A12345");
    CHECK(gbk.decode(Bytes{0xBE, 0xA9}) == "京");

    CHECK_FALSE(utf8.decode(Bytes{0xBB, 0xA6, 'A'}));  // GBK where UTF-8 is said
    CHECK_FALSE(gbk.decode(Bytes{0xBB}));              // half a character
    CHECK_FALSE(gbk.decode(Bytes{0xFF, 0xFF, 'A'}));
    CHECK_FALSE(utf8.decode(Bytes{0xC0, 0xAF}));        // overlong
    CHECK_FALSE(utf8.decode(Bytes{0xED, 0xA0, 0x80}));  // surrogate
    CHECK_FALSE(utf8.decode(Bytes{'A', 0, 'B'}));       // NUL
    CHECK_FALSE(utf8.decode(Bytes{'A', 0x1B, '[', '0', 'm'}));
    CHECK_FALSE(utf8.decode(Bytes{'A', 0xC2, 0x9B, '0', 'm'}));
    CHECK(utf8.decode(Bytes{0xC2, 0xB7}) == "·");
    CHECK(gbk.decode(Bytes{0xBB, 0xA6}) == "沪");  // a failure before does not stay in the decoder
}

TEST_CASE("a pattern finds its fields or nothing") {
    const auto line = LinePattern::parse("{text},{confidence},{ignore}").value();
    const auto fields = line.match("CSQU3054383,98,3");
    REQUIRE(fields);
    CHECK(fields->at(FrameField::text) == "CSQU3054383");
    CHECK(fields->at(FrameField::confidence) == "98");
    CHECK_FALSE(fields->at(FrameField::time));
    CHECK_FALSE(line.match("CSQU3054383,98"));
    CHECK(line.match(",,")->at(FrameField::text) == "");

    const auto axxon = LinePattern::parse("{time:14}{ignore:2}{text}").value();
    const auto frame = axxon.match("20260914081502031ABC234");
    REQUIRE(frame);
    CHECK(frame->at(FrameField::time) == "20260914081502");
    CHECK(frame->at(FrameField::text) == "1ABC234");
    CHECK_FALSE(axxon.match("2026091408150"));

    const auto framed = LinePattern::parse("P:{text:7};").value();
    CHECK(framed.match("P:沪A12345;")->at(FrameField::text) == "沪A12345");
    CHECK_FALSE(framed.match("P:沪A12345; "));
    CHECK_FALSE(framed.match("Q:沪A12345;"));
}

TEST_CASE("a pattern that cannot work says why") {
    CHECK(LinePattern::parse("{confidence}").error() == "it must name {text} once");
    CHECK(LinePattern::parse("{text},{text}").error() == "it names {text} twice");
    CHECK(LinePattern::parse("{text}{confidence}").error() == "two fields without a text between them or a width");
    CHECK(LinePattern::parse("{text").error() == "a { without its }");
    CHECK_THAT(LinePattern::parse("{plate}").error(),
               portcullis::testing::contains_text("{plate} is none of text, confidence"));
    CHECK(LinePattern::parse("{time:x}{text}").error() == "'x' is no width from 1 to 256");
}
