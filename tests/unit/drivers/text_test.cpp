#include <string>
#include <vector>

#include "drivers/text_decoder.hpp"
#include "drivers/text_reader/line_pattern.hpp"
#include "drivers/text_reader/line_splitter.hpp"
#include "tests/support/catch.hpp"

using namespace portcullis::drivers;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes bytes(const std::string& text) {
    return {text.begin(), text.end()};
}

/// What a splitter made of what it was given, in order: `line` or `!kind`.
struct Split {
    std::vector<std::string> out;
    LineSplitter splitter;

    explicit Split(Framing framing = {})
        : splitter(
              std::move(framing),
              {.line = [this](const Bytes& line) { out.emplace_back(line.begin(), line.end()); },
               .refused = [this](std::string_view kind, const Bytes&) { out.push_back("!" + std::string{kind}); }}) {}

    void give(const std::string& text) { splitter.bytes(bytes(text)); }
};

using Out = std::vector<std::string>;

}  // namespace

TEST_CASE("lines are found however the bytes are cut and glued") {
    Split split;
    split.give("AB,9");
    CHECK(split.splitter.partial());
    split.give("8\r");
    split.give("\nCD,1\r\nEF");
    CHECK(split.out == Out{"AB,98", "CD,1"});
    split.give(",2\r\n\r\n");
    CHECK(split.out == Out{"AB,98", "CD,1", "EF,2", ""});
    CHECK_FALSE(split.splitter.partial());
}

TEST_CASE("a line without an end is refused at the silence, and the next one counts") {
    Split split;
    split.give("AB,9");
    split.splitter.silence();
    split.splitter.silence();
    split.give("CD,1\r\n");
    CHECK(split.out == Out{"!no_end", "CD,1"});
}

TEST_CASE("a line that is too long is refused once, to its end") {
    Split split;
    split.give(std::string(256, 'x').append("\r\n"));
    split.give(std::string(5000, 'x').append("\r"));
    split.give("\nCD,1\r\n");
    CHECK(split.out == Out{std::string(256, 'x'), "!too_long", "CD,1"});

    split.out.clear();
    split.give(std::string(300, 'x'));
    split.splitter.silence();
    split.give("EF,1\r\n");
    CHECK(split.out == Out{"!too_long", "EF,1"});
}

TEST_CASE("a damaged byte spoils its line and no other") {
    Split split;
    split.give("A");
    split.splitter.damaged();
    split.give("B,98\r\nCD,1\r\n");
    CHECK(split.out == Out{"!damaged", "CD,1"});
}

TEST_CASE("a frame begins at its mark, and what is before it is noise") {
    Split split{{.begin = {2}, .end = {3}, .max_length = 20}};
    split.give("\x02one\x03xy\x02two\x03");
    CHECK(split.out == Out{"one", "!noise", "two"});
    split.out.clear();
    split.give(std::string(50, 'n').append("\x02three\x03"));
    CHECK(split.out == Out{"!noise", "!noise", "!noise", "three"});
}

TEST_CASE("a new connection forgets what was cut") {
    Split split;
    split.give("AB,9");
    split.splitter.reset();
    split.give("CD,1\r\n");
    CHECK(split.out == Out{"CD,1"});
}

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
    CHECK(fields->text == "CSQU3054383");
    CHECK(fields->confidence == "98");
    CHECK_FALSE(line.match("CSQU3054383,98"));
    CHECK(line.match(",,")->text.empty());

    const auto axxon = LinePattern::parse("{time:14}{ignore:2}{text}").value();
    const auto frame = axxon.match("20260914081502031ABC234");
    REQUIRE(frame);
    CHECK(frame->time == "20260914081502");
    CHECK(frame->text == "1ABC234");
    CHECK_FALSE(axxon.match("2026091408150"));

    const auto framed = LinePattern::parse("P:{text:7};").value();
    CHECK(framed.match("P:沪A12345;")->text == "沪A12345");
    CHECK_FALSE(framed.match("P:沪A12345; "));
    CHECK_FALSE(framed.match("Q:沪A12345;"));
}

TEST_CASE("a pattern that cannot work says why") {
    CHECK(LinePattern::parse("{confidence}").error() == "it must name {text} once");
    CHECK(LinePattern::parse("{text}{confidence}").error() == "two fields without a text between them or a width");
    CHECK(LinePattern::parse("{text").error() == "a { without its }");
    CHECK(LinePattern::parse("{plate}").error() == "{plate} is none of text, confidence, time, ignore");
    CHECK(LinePattern::parse("{time:x}{text}").error() == "'x' is no width from 1 to 256");
}
