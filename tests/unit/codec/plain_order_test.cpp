#include "codec/plain_order.hpp"

#include <array>
#include <random>
#include <string>
#include <vector>

#include "codec/orders.hpp"
#include "tests/support/catch.hpp"

using namespace portcullis;

namespace {

const std::string whole =
    R"({"authority":"ciq","box_tare_kg":3900,"class":"A","conditions":[],"container":"CSQU3054383",)"
    R"("control_points":["g07"],"decided":"2026-11-22T08:00:00.000Z","declarations":["390200261000123"],)"
    R"("draw":"at_gate","enterprise":"3502960123","fullness":"full","gates":["g07"],"gross_kg":28410,)"
    R"("hs":["0303140000","0304"],"imdg":"3","ippc":true,"kind":"release","last_port":"NOBGO","mass_basis":"goods",)"
    R"("movement":"import_laden","officer":"A113","order":"R-2026-000123","origin":"NO","origin_region":"NO-46",)"
    R"("reefer":true,"seals":["CN123456"],"size_type":"45R1","status":"released","tractor_plates":["闽D12345"],)"
    R"("trailer_plates":[],"uses":2,"valid_from":"2026-11-23T00:00:00.000Z","valid_to":"2026-11-26T00:00:00.000Z",)"
    R"("wood":false})";
const std::string least =
    R"({"authority":"ciq","container":"CSQU3054383","decided":"2026-11-22T08:00:00.000Z","kind":"release",)"
    R"("officer":"A113","order":"R-1","status":"held","valid_from":"2026-11-23T00:00:00.000Z"})";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

/// What the long way reads, where the short one reads anything at all, must be the same.
bool agree(codec::PlainOrderReader& reader, const std::string& text) {
    const auto plain = reader.read(text, "ciq");
    if (!plain) {
        return false;
    }
    CAPTURE(text);
    const auto order = codec::read_cached_order(text);
    REQUIRE(order.ok());
    const auto* release = order->release();
    REQUIRE(release != nullptr);
    CHECK(order->authority == Authority{"ciq"});
    CHECK(plain->id == order->id.text());
    CHECK(plain->status == text_of(release->status));
    CHECK(plain->container == release->container);
    CHECK(plain->enterprise == release->enterprise.value_or(""));
    CHECK(plain->origin == release->origin.value_or(""));
    std::string hs;
    for (const auto& code : release->hs.value_or(std::vector<std::string>{})) {
        hs += (hs.empty() ? "" : " ") + code;
    }
    CHECK(plain->hs == hs);
    CHECK(plain->decided == order->decided);
    CHECK_FALSE(order->revoked);
    return true;
}

}  // namespace

TEST_CASE("an order in canonical form is read the short way") {
    codec::PlainOrderReader reader;
    CHECK(agree(reader, whole));
    CHECK(agree(reader, least));
    const auto order = codec::read_cached_order(whole);
    REQUIRE(order.ok());
    CHECK(codec::write_cached_order(*order) == whole);
}

TEST_CASE("what is rare or wrong is left to the long way") {
    codec::PlainOrderReader reader;
    const auto text = GENERATE_COPY(
        replaced(whole, "\"ciq\"", "\"customs\""), replaced(whole, "[],\"container", "[{\"kind\":\"x\"}],\"container"),
        replaced(whole, "CSQU3054383", "CSQU3054384"), replaced(whole, "CSQU3054383", "CSQU305438\\u0033"),
        replaced(whole, "release\"", "movement\""), replaced(whole, "released", "revoked"),
        replaced(whole, "28410", "028410"), replaced(whole, "28410", "-1"), replaced(whole, "28410", "2.5"),
        replaced(whole, "28410", "28410000000"), replaced(whole, "\"uses\":2", "\"uses\":0"),
        replaced(whole, "2026-11-26", "2026-11-22"), replaced(whole, "2026-11-26", "2026-02-30"),
        replaced(whole, "闽D12345", "闽D1234"), replaced(whole, "闽", "\xE9\x97"), replaced(whole, "\"NO\"", "\"no\""),
        replaced(whole, "\"A113\"", "\"sha256:" + std::string(64, 'a') + "\""), replaced(whole, "\"A113\"", "null"),
        replaced(whole, "\"A113\"", "\"\""),
        replaced(whole, "\"movement\":\"import_laden\"", "\"movement\":\"unknown\""),
        replaced(whole, "\"wood\":false", "\"wool\":false"),
        replaced(whole, "\"wood\":false", "\"wood\":false,\"wood\":true"),
        replaced(whole, "\"uses\":2", "\"revoked\":\"x\",\"uses\":2"), replaced(whole, ",", " ,"), whole + " ",
        whole.substr(0, whole.size() - 1), replaced(least, "\"order\":\"R-1\",", ""),
        replaced(least, "\"container\":\"CSQU3054383\",", ""), replaced(least, "\"kind\":\"release\",", ""));
    CHECK_FALSE(reader.read(text, "ciq").has_value());
}

TEST_CASE("over random damage the short way takes nothing that the long way refuses") {
    std::mt19937_64 random{11};
    const auto below = [&random](std::size_t bound) { return random() % bound; };
    static const std::array<std::string, 24> pieces{
        "\"",   ",",  ":",    "{",    "}",         "[", "]",  "\\", "0",        "1",    " ",  "null",
        "true", "闽", "\x80", "\x7F", "\"uses\":", "-", "e5", "U",  "released", "held", "\n", "unknown"};
    codec::PlainOrderReader reader;
    int taken = 0;
    for (int i = 0; i < 200'000; ++i) {
        auto text = below(2) == 0 ? whole : least;
        for (auto count = below(3); count > 0; --count) {
            const auto at = below(text.size());
            switch (below(4)) {
                case 0:
                    text.erase(at, 1 + below(12));
                    break;
                case 1:
                    text.insert(at, pieces.at(below(pieces.size())));
                    break;
                case 2:
                    text[at] = static_cast<char>(below(256));
                    break;
                default:
                    text.replace(at, 1, std::string(1, static_cast<char>('0' + below(75))));
            }
            if (text.empty()) {
                text = least;
            }
        }
        taken += agree(reader, text) ? 1 : 0;
    }
    CHECK(taken > 10'000);
}
