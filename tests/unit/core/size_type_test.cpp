#include "core/size_type.hpp"

#include "tests/support/catch.hpp"

using namespace portcullis;

TEST_CASE("size types of one group are the same, whoever wrote them and when") {
    const auto [one, other, same] = GENERATE(table<std::string, std::string, bool>({
        {"22G1", "22G1", true},  {"22G0", "22G1", true},                           // openings or passive vents
        {"22GP", "22G1", true},  {"42GP", "42G0", true},  {"45RT", "45R1", true},  // groups of documents
        {"2210", "22G1", true},  {"2510", "25G1", true},  {"4310", "42G0", true},  {"4510", "45G1", true},
        {"9510", "L5G1", true},  {"9510", "LEG1", true},  {"L5G1", "LEG1", false}, {"2232", "22R1", true},
        {"4332", "42R1", true},  {"4532", "45R1", true},  {"2250", "22U1", true},  {"4350", "42U1", true},
        {"2260", "22P3", true},  {"4363", "42P1", true},  {"2270", "22T6", true},  {"2280", "22B1", true},
        {"2240", "22H0", true},  {"2213", "22V2", true},  {"2210", "22GP", true},  {"22K2", "22T3", true},
        {"2270", "22K8", true},  // tanks of both editions
        {"22g1", "22G1", true},  {"22 G1", "22G1", true}, {"22G1", "42G1", false}, {"42G1", "45G1", false},
        {"22G1", "22R1", false}, {"22P1", "42P1", false}, {"2210", "42G1", false}, {"4350", "45U1", false},
        {"2299", "2298", false}, {"2299", "2299", true},  {"22G", "22G1", false},  {"", "22G1", false},
    }));
    CAPTURE(one, other);
    CHECK(same_size_type(one, other) == same);
    CHECK(same_size_type(other, one) == same);
}
