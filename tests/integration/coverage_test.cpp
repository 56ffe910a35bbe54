// What the built daemon says that it saw, and what it remembers: over kills, and a wall clock that jumps.
#include <array>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "tests/integration/gate_bench.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

namespace portcullis::testing {
namespace {

const Truck truck{"闽D12345", "CSQU3054383"};
const Truck second_truck{"闽D23456", "MSKU0028235"};

constexpr std::int64_t hour_s = 3600;

/// A wall clock that the test sets, under the daemon alone. It begins at ten past an hour: what lasts minutes here
/// meets no full hour but those that the test makes.
class MovedClock {
public:
    MovedClock() : file_(folder_ / "clock") {
        const auto now = runtime::SystemClock{}.now().wall.time_since_epoch();
        base_s_ = 600 - std::chrono::duration_cast<std::chrono::seconds>(now).count() % hour_s;
        set(0);
    }

    [[nodiscard]] GateBench::Environment environment() const {
        const auto* programs = std::getenv("PORTCULLIS_BIN");  // NOLINT(concurrency-mt-unsafe): nobody sets it
        REQUIRE(programs != nullptr);
        return {{"LD_PRELOAD", (std::filesystem::absolute(programs) / "libfault_wall_clock.so").string()},
                {"FAULT_WALL_CLOCK", file_.string()}};
    }
    /// From now on it stands so far from where it began. The daemon has the file in its memory.
    void set(std::int64_t since_s) {
        const auto offset_s = base_s_ + since_s;
        std::array<char, sizeof offset_s> bytes{};
        std::memcpy(bytes.data(), &offset_s, sizeof offset_s);
        const auto mode = std::ios::binary | std::ios::out | (exists(file_) ? std::ios::in : std::ios::trunc);
        std::fstream{file_, mode}.write(bytes.data(), bytes.size());
    }

private:
    store::testing::TemporaryDirectory folder_;
    std::filesystem::path file_;
    std::int64_t base_s_ = 0;
};

std::int64_t number(const run::SeenEvent& event, const char* name) {
    return event.data.at(name).as_int64();
}

/// Whether docs/central/coverage.py, given the journal's events, counts what every sheet says.
bool central_counts_the_same(const GateBench& bench, std::size_t sheets) {
    const store::testing::TemporaryDirectory folder;
    std::ofstream events{folder / "events.jsonl"};
    for (const auto& row : bench.journal()) {
        events << row.published << '\n';
    }
    events.close();
    const auto command = "/usr/bin/python3 docs/central/coverage.py recount " + (folder / "events.jsonl").string() +
                         " > " + (folder / "counts").string();
    const auto code = std::system(command.c_str());  // NOLINT(concurrency-mt-unsafe): a test has one thread
    const auto counts = file_text(folder / "counts");
    CAPTURE(counts);
    CHECK_THAT(counts, contains_text("\"agree\": " + std::to_string(sheets) + ","));
    return code == 0;
}

/// Released for one way out, though it has places for two.
std::string release_for_one_exit(const Truck& of) {
    return R"({"op":"put","order":"R-once","kind":"release","status":"released","movement":"import_laden","container":")" +
           of.container +
           R"(","tractor_plates":[],"trailer_plates":[],"conditions":[{"kind":"left_already","is":["no"]}],"uses":2,)"
           R"("valid_from":"2020-01-01T00:00:00.000Z","valid_to":"2099-01-01T00:00:00.000Z","officer":"A113",)"
           R"("decided":"2020-01-01T00:00:00.000Z"})";
}

}  // namespace

TEST_CASE("Each sheet adds up over a kill and a clock that jumps, and central counts the same") {
    MovedClock clock;
    GateBench bench{{{}}, {}, {}, clock.environment()};
    bench.start();
    bench.order({released(truck), held(second_truck)});
    bench.lane().passes(truck);
    clock.set(hour_s);
    bench.until_central_has("coverage.hour");
    const auto& first = *bench.events("coverage.hour").front();
    CHECK(number(first, "vehicles") == 1);
    CHECK(number(first, "matched") == 1);
    CHECK(number(first, "first") == 1);

    bench.lane().arrives();
    bench.kill_and_restart();
    bench.lane().is_read(second_truck);
    bench.until_central_has("verdict.issued",
                            [](const auto& event) { return run::text_of(event, "outcome") == "hold"; });
    bench.lane().backs_out();
    bench.kill_and_restart();
    clock.set(0);
    bench.until_central_has("coverage.hour", [&](const auto& event) { return event.sequence > first.sequence; });
    const auto& second = *bench.events("coverage.hour").back();
    CHECK(number(second, "first") == first.sequence + 1);
    CHECK(number(second, "detected") == 1);
    CHECK(number(second, "vehicles") == 1);
    CHECK(number(second, "unopened") == 0);
    bench.prove_stream();
    CHECK(central_counts_the_same(bench, 2));
}

TEST_CASE("A container that leaves a second time is seen, also over a kill") {
    GateBench bench;
    bench.start();
    bench.gate().publish_orders("ciq", {release_for_one_exit(truck)});
    bench.until("the order is applied", [&] { return bench.status() && bench.status()->order_cursor() == 1; });
    bench.lane().passes(truck);
    bench.kill_and_restart();
    bench.lane().arrives();
    bench.lane().is_read(truck);
    bench.until_central_has("verdict.issued",
                            [](const auto& event) { return run::text_of(event, "outcome") == "hold"; });
    const auto& verdict = *bench.events("verdict.issued").back();
    const auto reasons = boost::json::serialize(verdict.data.at("reasons"));
    CHECK_THAT(reasons, contains_text("condition_unmet"));
    bench.lane().backs_out();
    bench.prove_stream();
}

}  // namespace portcullis::testing
