#include "gate/storage_watch.hpp"

#include "tests/support/catch.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t gib = 1024ULL * 1024 * 1024;
constexpr std::uint64_t mib = 1024ULL * 1024;

/// Looks at a disk whose journal grows, an hour apart unless told otherwise.
struct WatchBench {
    StorageWatch watch;
    Now now;
    StorageLook look{BallastState::whole, 100 * gib, gib, std::nullopt, std::nullopt};

    std::optional<Event> take(std::chrono::minutes later = 60min) {
        now.instant += later;
        return watch.take(look, "supervision", now);
    }
};

std::string level_in(const std::optional<Event>& event) {
    return event ? *event->data.find("level")->get<std::string>() : "untold";
}

TEST_CASE("hours left follow from what was used in the last day") {
    WatchBench bench;
    bench.take();
    CHECK_FALSE(bench.watch.view().hours_left);
    bench.look.used_bytes = *bench.look.used_bytes + gib;
    bench.take();
    CHECK(bench.watch.view().hours_left == 100);
    for (int hour = 0; hour < 30; ++hour) {
        bench.take();  // nothing grows for longer than a day
    }
    CHECK_FALSE(bench.watch.view().hours_left);
}

TEST_CASE("a journal that grows towards the end of the disk is told of with the hours left, once a level") {
    WatchBench bench;
    std::vector<std::string> levels;
    bench.take();
    for (int hour = 0; hour < 100; ++hour) {
        bench.look.used_bytes = *bench.look.used_bytes + gib;
        bench.look.free_bytes = *bench.look.free_bytes - gib;
        if (const auto told = bench.take()) {
            levels.push_back(level_in(told));
            const auto* const hours = told->data.find("hours_left")->get<std::int64_t>();
            REQUIRE(hours != nullptr);
            CHECK(*hours < (levels.back() == "low" ? 72 : 12));
            CHECK(*told->data.find("waiting_for")->get<std::string>() == "supervision");
        }
    }
    CHECK(levels == std::vector<std::string>{"low", "critical"});
}

TEST_CASE("little room is told of whatever the rate is, and its end after ten minutes") {
    WatchBench bench;
    bench.look.free_bytes = 200 * mib;
    CHECK(level_in(bench.take()) == "low");
    bench.look.free_bytes = 300 * mib;
    CHECK(level_in(bench.take(9min)) == "untold");
    CHECK(level_in(bench.take(1min)) == "ok");
}

TEST_CASE("a ballast that was given away is told of at once, and its return as well") {
    WatchBench bench;
    bench.look.ballast = BallastState::given;
    CHECK(level_in(bench.take(1min)) == "full");
    CHECK(level_in(bench.take(1min)) == "untold");
    bench.look.ballast = BallastState::whole;
    CHECK(level_in(bench.take(1min)) == "ok");
}

TEST_CASE("what cannot be seen is told as unknown and alarms nobody") {
    WatchBench bench;
    bench.look = {BallastState::off, std::nullopt, std::nullopt, std::nullopt, std::nullopt};
    CHECK(level_in(bench.take()) == "untold");
    CHECK(bench.watch.view().level == StorageLevel::ok);
}

}  // namespace
}  // namespace portcullis::gate
