#include "codec/canonical.hpp"

#include "tests/support/catch.hpp"

using namespace portcullis;
using codec::RefusalCause;
using portcullis::testing::contains_text;

namespace {

std::string canonical(const Value& value) {
    return codec::canonical_text(value).value();
}
codec::Refusal refused(std::string_view text) {
    return codec::parse_value(text).error();
}

}  // namespace

TEST_CASE("Canonical JSON sorts members by UTF-16 code units, as RFC 8785 section 3.2.3") {
    // The example of the RFC, with texts where it has them. U+1F600 is a surrogate pair: before U+FB33.
    const Value value = Object{{"\u20ac", "Euro Sign"},
                               {"\r", "Carriage Return"},
                               {"\ufb33", "Hebrew Letter Dalet With Dagesh"},
                               {"1", "One"},
                               {"\U0001F600", "Emoji: Grinning Face"},
                               {"\u0080", "Control"},
                               {"\u00f6", "Latin Small Letter O With Diaeresis"}};
    CHECK(canonical(value) ==
          "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"\u00f6\":\"Latin Small Letter O With "
          "Diaeresis\",\"\u20ac\":\"Euro Sign\",\"\U0001F600\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter "
          "Dalet With Dagesh\"}");
    CHECK(canonical(Object{{"ab", 1}, {"a", 2}, {"", 3}}) == R"({"":3,"a":2,"ab":1})");
}

TEST_CASE("Canonical JSON escapes what it must and nothing else") {
    CHECK(canonical("\b\t\n\f\r\"\\") == R"("\b\t\n\f\r\"\\")");
    CHECK(canonical(std::string("\x00\x1f\x7f/", 4)) == "\"\\u0000\\u001f\x7f/\"");
    CHECK(canonical("工号 A113 😀") == "\"工号 A113 😀\"");
}

TEST_CASE("Canonical JSON of nested values") {
    CHECK(canonical(Object{{"b", List{1, "two", Object{}}}, {"a", List{}}, {"c", -7}}) ==
          R"({"a":[],"b":[1,"two",{}],"c":-7})");
    CHECK(canonical(codec::widest_integer) == "9007199254740991");
    CHECK(canonical(-codec::widest_integer) == "-9007199254740991");
}

TEST_CASE("What has no canonical form is refused") {
    CHECK_THAT(codec::canonical_text(codec::widest_integer + 1).error().reason, contains_text("2^53"));
    CHECK_THAT(codec::canonical_text(-codec::widest_integer - 1).error().reason, contains_text("2^53"));
    CHECK_THAT(codec::canonical_text(Object{{"a", 1}, {"b", 2}, {"a", 3}}).error().reason, contains_text("twice"));
    CHECK_THAT(codec::canonical_text(List{EventToken{1}}).error().reason, contains_text("token"));
    for (const auto* bytes : {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80",
                              "\xf4\x90\x80\x80", "\xf0\x8f\xbf\xbf", "\xe4\xb8", "ok\xff"}) {
        CHECK_THAT(codec::canonical_text(bytes).error().reason, contains_text("UTF-8"));
    }
}

TEST_CASE("Reading and writing a value are each other's inverse") {
    const std::string text = R"({"":"\u0000","a":[1,-2,[],{}],"é":{"x":"闽D12345","y":9007199254740991}})";
    CHECK(canonical(codec::parse_value(text).value()) == text);
    CHECK(codec::parse_value(" { \"b\" : 1 , \"a\" : \"\\u00e9\\uD83D\\uDE00\" }\n").value() ==
          Value{Object{{"b", 1}, {"a", "é😀"}}});
}

TEST_CASE("A member that is there twice is refused at any depth, however it is spelled") {
    CHECK(refused(R"({"a":1,"a":1})").pointer == "/a");
    CHECK(refused(R"({"a":[0,{"b":{"c":1,"d":2,"c":3}}]})").pointer == "/a/1/b/c");
    CHECK(refused(R"([{"ab":1,"\u0061b":2}])").pointer == "/0/ab");
    CHECK(refused(R"({"a/b":{"~":1,"~":2}})").pointer == "/a~1b/~0");
    CHECK(codec::parse_value(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]})").ok());
}

TEST_CASE("Only integers that every reader keeps exactly are numbers") {
    CHECK(codec::parse_value("9007199254740991").value() == Value{codec::widest_integer});
    CHECK(codec::parse_value("-9007199254740991").value() == Value{-codec::widest_integer});
    CHECK(codec::parse_value("0").value() == Value{0});
    for (const auto* number : {"9007199254740992", "-9007199254740992", "9223372036854775807", "9223372036854775808",
                               "18446744073709551616", "1.0", "1.5", "1e2", "1E2", "1e-2", "-0", "-0.0", "1e999999",
                               "0.1", "123456789012345678901234567890123456789012345678901234567890"}) {
        CAPTURE(number);
        CHECK_THAT(refused("{\"n\":[1," + std::string{number} + "]}").reason, contains_text("integer"));
        CHECK(refused("{\"n\":[1," + std::string{number} + "]}").pointer == "/n/1");
    }
    for (const auto* number : {"01", "+1", "1.", ".5", "NaN", "Infinity", "0x1", "--1", "-"}) {
        CAPTURE(number);
        CHECK(refused(number).cause == RefusalCause::parse);
    }
}

TEST_CASE("What is not strict JSON is refused") {
    for (const auto* text : {"",
                             " ",
                             "{",
                             "}",
                             "[1",
                             "[1,]",
                             "{\"a\":1,}",
                             "{\"a\"}",
                             "{a:1}",
                             "'a'",
                             "[1] 2",
                             "{}{}",
                             "// x\n1",
                             "/*x*/1",
                             "\"\\ud800\"",
                             "\"\\udc00\"",
                             "\"\\ud800x\"",
                             "\"\\x41\"",
                             "\"\n\"",
                             "\"\x80\"",
                             "\"\xed\xa0\x80\"",
                             "\xef\xbb\xbf{}",
                             "tru",
                             "nul"}) {
        CAPTURE(text);
        CHECK(refused(text).cause == RefusalCause::parse);
    }
    CHECK(refused(std::string{"1\0", 2}).cause == RefusalCause::parse);
    CHECK_THAT(refused("[true]").message(), contains_text("/0: null, true and false"));
    CHECK_FALSE(codec::parse_value("null").ok());
}

TEST_CASE("A text that was cut off anywhere is refused") {
    const std::string text = R"({"a":[1,{"b":"é\n"}],"c":{}})";
    REQUIRE(codec::parse_value(text).ok());
    for (std::size_t length = 0; length < text.size(); ++length) {
        CHECK_FALSE(codec::parse_value(text.substr(0, length)).ok());
    }
}

TEST_CASE("Size and depth are bounded before anything else") {
    CHECK(codec::parse_value("[[1]]", {5, 2}).ok());
    CHECK(codec::parse_value("[[1]]", {4, 2}).error().cause == RefusalCause::size);
    CHECK(codec::parse_value("[[[1]]]", {100, 2}).error().cause == RefusalCause::limits);
    CHECK(codec::parse_value(std::string(1'000'000, '['), {2'000'000, 32}).error().cause == RefusalCause::limits);
    std::string wide = "{";
    for (int i = 0; i < 100'000; ++i) {
        wide += "\"" + std::to_string(i) + "\":1,";
    }
    CHECK(codec::parse_value(wide + "\"x\":1}", {2'000'000, 2}).ok());
    CHECK_THAT(codec::parse_value(wide + "\"77\":1}", {2'000'000, 2}).error().message(), contains_text("/77: "));
}
