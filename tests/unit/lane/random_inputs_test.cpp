// Any input in any order. PORTCULLIS_LANE_SEEDS=A..B runs other seeds than the few of every day.
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>

#include "random_lane.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

struct Seeds {
    std::uint64_t first = 1;
    std::uint64_t last = 1000;
};

Seeds seeds() {
    const char* const wanted = std::getenv("PORTCULLIS_LANE_SEEDS");  // NOLINT(concurrency-mt-unsafe): one thread
    if (wanted == nullptr) {
        return {};
    }
    const std::string range{wanted};
    const auto dots = range.find("..");
    if (dots == std::string::npos) {
        throw std::invalid_argument{"PORTCULLIS_LANE_SEEDS is " + range + ", not A..B"};
    }
    return {std::stoull(range.substr(0, dots)), std::stoull(range.substr(dots + 2))};
}

TEST_CASE("whatever comes in, in whatever order, a lane keeps its promises and comes to rest", "[lane]") {
    const auto [first, last] = seeds();
    int ups = 0;
    for (auto seed = first; seed <= last; ++seed) {
        try {
            RandomLane lane{seed};
            lane.run();
            ups += lane.ups();
        } catch (const std::exception& broken) {
            FAIL_CHECK("PORTCULLIS_LANE_SEEDS=" << seed << ".." << seed << ": " << broken.what());
        }
    }
    CHECK(ups > 0);  // inputs that never open an arm prove nothing
}

}  // namespace
}  // namespace portcullis::lane
