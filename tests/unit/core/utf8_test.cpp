#include "core/utf8.hpp"

#include "tests/support/catch.hpp"

namespace portcullis {

TEST_CASE("UTF-8 of every length goes to code points and back") {
    const std::string text = "a\u00B7闽\U0001F69B";
    const auto decoded = code_points(text);
    REQUIRE(decoded);
    CHECK(is_utf8(text));
    CHECK(utf8_length_at(text, 1) == 2);
    CHECK(*decoded == U"a\u00B7闽\U0001F69B");
    CHECK(to_utf8(*decoded) == text);
}

TEST_CASE("bytes that are no UTF-8 give nothing") {
    for (const auto* bytes : {"\xC3\xF6", "\xC0\x80", "\xE0\x80\x80", "\xF0\x80\x80\x80", "\xED\xA0\x80",
                              "\xF4\x90\x80\x80", "\xE9\x97", "\x80", "\xFF", "a\xC2"}) {
        CHECK_FALSE(code_points(bytes));
        CHECK_FALSE(is_utf8(bytes));
    }
}

TEST_CASE("a text from outside is cut between characters") {
    CHECK(clipped("闽D12345", 10) == "闽D12345");
    CHECK(clipped("闽D12345", 8) == "闽D1…");
    CHECK(clipped("闽闽闽", 8) == "闽…");
}

TEST_CASE("full-width forms have an ASCII form, others stay") {
    CHECK(half_width(U'Ａ') == U'A');
    CHECK(half_width(U'９') == U'9');
    CHECK(half_width(U'闽') == U'闽');
    CHECK(half_width(U'\u3000') == U'\u3000');
}

}  // namespace portcullis
