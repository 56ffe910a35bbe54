// What frames of weighing indicators mean.
#include "drivers/weighbridge/weight_frame.hpp"

#include "tests/support/catch.hpp"

using namespace portcullis;
using namespace portcullis::drivers;

namespace {

std::string weight_of(WeightProtocol protocol, std::string_view content, MassUnit unit = MassUnit::kilogram) {
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(content.data());
    const auto read = read_weight_frame(protocol, unit, {bytes, content.size()});
    if (!read) {
        return std::string{read.error()};
    }
    auto text = std::string{text_of(read->seen.state)};
    text += read->seen.gross_kg ? " " + std::to_string(*read->seen.gross_kg) : "";
    return text + (read->fault.empty() ? "" : ": " + read->fault);
}

std::string toledo(std::string_view content) {
    return weight_of(WeightProtocol::toledo, content);
}

std::string sics(std::string_view content) {
    return weight_of(WeightProtocol::sics, content);
}

}  // namespace

TEST_CASE("a Toledo frame says where its point stands, which zero it left out, and the sign") {
    CHECK(toledo("\x2A\x30 040120000000") == "stable 40120");
    CHECK(toledo("\x2A\x30  40120     0") == "stable 40120");
    CHECK(toledo("\x2A\x30 040120") == "stable 40120");  // the short form has no tare
    CHECK(toledo("\x28\x30 000401000000") == "stable 40100");
    CHECK(toledo("\x31\x30 004012000000") == "stable 40120");
    CHECK(toledo("\x2B\x30 401200000000") == "stable 40120");
    CHECK(toledo("\x2B\x30 401205000000") == "fraction");
    CHECK(toledo("\x2A\x32 000040000000") == "stable -40");
    CHECK(toledo("\x2A\x30\x30"
                 "401200000000") == "stable 40120");  // expanded by ten
}

TEST_CASE("a Toledo frame in tonnes or grams is kilograms exactly, in pounds it is none") {
    CHECK(toledo("\x2D\x30\x22"
                 "040120000000") == "stable 40120");
    CHECK(toledo("\x2A\x30\x21"
                 "800000000000") == "stable 800");
    CHECK(toledo("\x2A\x30\x21"
                 "800500000000") == "fraction");
    CHECK(toledo("\x2A\x20 088449000000") == "unit");
    CHECK(toledo("\x2A\x30\x23"
                 "088449000000") == "unit");
}

TEST_CASE("a Toledo frame tells motion, range, net and an indicator that was not zeroed") {
    CHECK(toledo("\x2A\x38 039880000000") == "moving 39880");
    CHECK(toledo("\x2A\x34 000000000000") == "over");
    CHECK(toledo("\x2A\x36 000000000000") == "under");
    CHECK(toledo("\x2A\x31 025620014500") == "absent: it shows the net weight");
    CHECK(toledo("\x2A\x70 000000000000") == "fault: not zeroed since its power came");
}

TEST_CASE("what no Toledo indicator sends is refused") {
    CHECK(toledo("\x2A\x30 04012000000") == "length");
    CHECK(toledo("\x0A\x30 040120000000") == "status");
    CHECK(toledo("\x6A\x30 040120000000") == "status");
    CHECK(toledo("\x22\x30 040120000000") == "status");  // no increment
    CHECK(toledo("\x2A\x30 04O120000000") == "digits");
    CHECK(toledo("\x2A\x30       000000") == "digits");
    CHECK(toledo("") == "length");
}

TEST_CASE("an MT-SICS reply is stable, dynamic, or none, in its own unit") {
    CHECK(sics("S S      40120 kg") == "stable 40120");
    CHECK(sics("S D      39880 kg") == "moving 39880");
    CHECK(sics("S S     40.120 t") == "stable 40120");
    CHECK(sics("S S        -40 kg") == "stable -40");
    CHECK(sics("S +") == "over");
    CHECK(sics("S -") == "under");
    CHECK(sics("S I") == "absent");
    CHECK(sics("S S      88449 lb") == "unit");
    CHECK(sics("S S     4012.5 kg") == "fraction");
    CHECK(sics("S S     4012.0 kg") == "stable 4012");
    CHECK(sics("S S      40 20 kg") == "digits");
    CHECK(sics("S S            kg") == "digits");
    CHECK(sics("S S      4012. kg") == "digits");
    CHECK(sics("S X      40120 kg") == "status");
    CHECK(sics("ES") == "reply");
    CHECK(sics("") == "status");
}

TEST_CASE("a frame of the XK3190 is a sign, six digits and how many stand behind the point") {
    CHECK(weight_of(WeightProtocol::yaohua, "+0401200") == "stable 40120");
    CHECK(weight_of(WeightProtocol::yaohua, "-0000200") == "stable -20");
    CHECK(weight_of(WeightProtocol::yaohua, "+0020002") == "stable 20");
    CHECK(weight_of(WeightProtocol::yaohua, "+0020012") == "fraction");
    CHECK(weight_of(WeightProtocol::yaohua, "+0401203", MassUnit::tonne) == "stable 40120");
    CHECK(weight_of(WeightProtocol::yaohua, "+0401205") == "status");
    CHECK(weight_of(WeightProtocol::yaohua, " 0401200") == "status");
    CHECK(weight_of(WeightProtocol::yaohua, "+ 401200") == "digits");
    CHECK(weight_of(WeightProtocol::yaohua, "+040120") == "length");
}
