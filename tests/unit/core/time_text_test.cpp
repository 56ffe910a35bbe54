#include "core/time_text.hpp"

#include "tests/support/catch.hpp"

using namespace portcullis;

TEST_CASE("Wall times are written and read as RFC 3339 UTC with milliseconds") {
    const auto at = [](std::int64_t milliseconds) { return WallTime{std::chrono::milliseconds{milliseconds}}; };
    CHECK(time_text(at(0)) == "1970-01-01T00:00:00.000Z");
    CHECK(time_text(at(-1)) == "1969-12-31T23:59:59.999Z");
    CHECK(time_text(at(1'795'395'723'004)) == "2026-11-23T01:02:03.004Z");
    CHECK(time_text(WallTime::max()) == "9999-12-31T23:59:59.999Z");
    for (const auto* text : {"2026-11-23T01:02:03.004Z", "2024-02-29T23:59:59.999Z", "0000-01-01T00:00:00.000Z",
                             "9999-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"}) {
        CHECK(time_text(time_from_text(text).value()) == text);
    }
}

TEST_CASE("Another form of a time is refused") {
    for (const auto* text : {"", "2026-11-23T01:02:03Z", "2026-11-23T01:02:03.004", "2026-11-23 01:02:03.004Z",
                             "2026-11-23T01:02:03.004z", "2026-11-23T01:02:03.004+08:00", "2026-11-23T01:02:03.0040Z",
                             "2026-02-29T01:02:03.004Z", "2026-13-01T01:02:03.004Z", "2026-00-01T01:02:03.004Z",
                             "2026-04-31T01:02:03.004Z", "2026-11-23T24:00:00.000Z", "2026-11-23T23:60:00.000Z",
                             "2026-11-23T23:59:60.000Z", "2o26-11-23T01:02:03.004Z"}) {
        CAPTURE(text);
        CHECK_FALSE(time_from_text(text));
    }
}
