#include "store/order_sync.hpp"

#include <atomic>
#include <thread>

#include "store/order_fill.hpp"
#include "store/right_of_way.hpp"
#include "tests/unit/store/a_cache.hpp"
#include "tests/unit/store/faulty_disk.hpp"
#include "tests/unit/store/temporary_directory.hpp"

using namespace portcullis;
using namespace portcullis::store;
using namespace portcullis::store::testing;
using namespace std::chrono_literals;

namespace {

/// Slices until a sync is due.
std::shared_ptr<OrderSync> slices_until_sync(OrderCache& cache) {
    for (int slices = 0; slices < 100; ++slices) {
        REQUIRE_FALSE(cache.apply_slice()->has_value());
        if (auto sync = cache.take_sync()) {
            return sync;
        }
    }
    FAIL("no sync is due");
    return nullptr;
}

/// Orders whose texts fill several logs.
std::vector<OrderChange> long_orders(int count, char letter) {
    std::vector<OrderChange> changes;
    for (int i = 0; i < count; ++i) {
        changes.push_back(put("R-" + std::to_string(i), "held", box_number(i), std::string(3000, letter)));
    }
    return changes;
}

}  // namespace

TEST_CASE("a batch is seen when its log is durable, and look-ups go on before") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path());
    cache->begin(batch(1, {put("R-1", "released", box_number(1))}));
    CHECK(cache->take_sync() == nullptr);
    const auto sync = slices_until_sync(*cache);
    CHECK(cache->syncing());
    CHECK(cache->take_sync() == nullptr);
    CHECK(found(look_up(*cache, {box_number(1)})).empty());
    CHECK_THROWS_AS(cache->apply_slice(), std::logic_error);
    CHECK_THROWS_AS(cache->tidy(), std::logic_error);
    sync->run();
    CHECK(found(look_up(*cache, {box_number(1)})).empty());
    CHECK_FALSE(cache->synced(*sync).has_value());
    CHECK_FALSE(cache->syncing());
    const auto applied = cache->apply_slice();
    REQUIRE(applied.ok());
    REQUIRE(applied->has_value());
    CHECK((*applied)->added == 1);
    CHECK(found(look_up(*cache, {box_number(1)})) == "ciq/R-1");
}

TEST_CASE("the log is synced before it is moved, and the pages before anything more is written, on another thread") {
    const TemporaryDirectory directory;
    int syncs = 0;
    {
        auto cache = open_cache(directory.path(), 10);
        apply(*cache, batch(1, long_orders(400, 'a')));
        cache->begin(batch(2, long_orders(400, 'b')));
        for (bool over = false; !over;) {
            over = cache->apply_slice()->has_value();
            if (const auto sync = cache->take_sync()) {
                std::thread other{[&] { sync->run(); }};
                CHECK(look_up(*cache, {box_number(399)}).orders.at(0).body.front() == 'a');
                other.join();
                REQUIRE_FALSE(cache->synced(*sync).has_value());
                ++syncs;
            }
        }
        CHECK(look_up(*cache, {box_number(399)}).orders.at(0).body.front() == 'b');
        while (cache->untidy()) {
            REQUIRE_FALSE(cache->tidy().has_value());
        }
    }
    CHECK(syncs > 3);
    const auto cache = open_cache(directory.path());
    for (int i = 0; i < 400; ++i) {
        CHECK(look_up(*cache, {box_number(i)}).orders.at(0).body.front() == 'b');
    }
}

TEST_CASE("a sync that fails puts the cache in doubt, wherever it ran") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path(), 50, FaultyDisk::name());
    cache->begin(batch(1, {put("R-1", "released", box_number(1))}));
    const auto sync = slices_until_sync(*cache);
    FaultyDisk::fail(DiskFault::sync_error, 1, false);
    sync->run();
    CHECK(FaultyDisk::has_failed());
    FaultyDisk::heal();
    REQUIRE(sync->failure().has_value());
    CHECK(cache->synced(*sync).has_value());
    CHECK_FALSE(cache->apply_slice().ok());
    CHECK_FALSE(cache->look_up({{box_number(1)}, {}, {}}, noon).ok());
    CHECK(cache->take_sync() == nullptr);
}

TEST_CASE("a sync outlives the file that a snapshot takes away") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path(), 10);
    apply(*cache, batch(1, long_orders(400, 'a')));
    apply(*cache, batch(2, long_orders(400, 'b')));
    std::shared_ptr<OrderSync> sync;
    while (cache->untidy() && !sync) {
        REQUIRE_FALSE(cache->tidy().has_value());
        sync = cache->take_sync();
    }
    REQUIRE(sync != nullptr);
    auto fill = std::move(OrderFill::begin({directory.path(), {}}, {Authority{"ciq"}, 7, {}})).value();
    REQUIRE(fill->add({.id = "R-9", .status = "released", .body = "{}", .container = box_number(9), .decided = noon}));
    REQUIRE(fill->finish().value() == OrderFill::Finished::whole);
    REQUIRE(cache->swap_in(std::move(fill), noon).ok());
    sync->run();
    CHECK_FALSE(sync->failure().has_value());
    CHECK_FALSE(cache->synced(*sync).has_value());
    CHECK(found(look_up(*cache, {box_number(9)})) == "ciq/R-9");
    CHECK(apply(*cache, batch(8, {put("R-10", "held", box_number(10))})).added == 1);
}

TEST_CASE("a slice ends when its time is over, with one change at least") {
    const TemporaryDirectory directory;
    OrderCacheSettings settings;
    settings.directory = directory.path();
    settings.slice = 10ms;
    settings.now = [time = Instant{}]() mutable { return time += 4ms; };
    auto cache = std::move(OrderCache::open(settings)).value();
    std::vector<OrderChange> changes;
    for (int i = 0; i < 9; ++i) {
        changes.push_back(put("R-" + std::to_string(i), "held", box_number(i)));
    }
    cache->begin(batch(1, std::move(changes)));
    int slices = 0;
    while (!cache->apply_slice()->has_value()) {
        ++slices;
    }
    CHECK(slices == 3);  // the time is looked at before the second, the third and the fourth of each
}

TEST_CASE("who writes long stands aside for the commit that is under way") {
    RightOfWay way;
    way.stand_aside();  // nobody commits
    std::atomic<bool> over{false};
    auto commit = std::make_unique<RightOfWay::Taken>(&way);
    std::thread committing{[&] {
        over = true;
        commit.reset();
    }};
    way.stand_aside();
    CHECK(over);
    committing.join();
}

TEST_CASE("who writes long stands aside for one commit alone when there is always one under way") {
    RightOfWay way;
    std::atomic<bool> went_on{false};
    auto commit = std::make_unique<RightOfWay::Taken>(&way);
    std::thread committing{[&] {
        while (!went_on) {
            auto next = std::make_unique<RightOfWay::Taken>(&way);
            commit = std::move(next);
        }
    }};
    way.stand_aside();
    went_on = true;
    committing.join();
    CHECK(way.begun() > 1);
}

TEST_CASE("a snapshot is filled in smaller pieces while somebody commits beside it") {
    const TemporaryDirectory directory;
    // Two large pieces are more than all of these rows; after a first one, two small ones are less.
    const auto third_sync_comes = [&](const std::shared_ptr<RightOfWay>& way) {
        auto fill =
            std::move(OrderFill::begin({directory.path(), FaultyDisk::name(), way}, {Authority{"ciq"}, 7, {}})).value();
        FaultyDisk::fail(DiskFault::sync_error, 3, false);
        for (int i = 0; i < 13'000; ++i) {
            const auto id = "R-" + std::to_string(i);
            REQUIRE(fill->add({.id = id, .status = "held", .body = "{}", .container = box_number(i), .decided = noon}));
        }
        const bool failed = fill->sync().has_value();
        FaultyDisk::heal();
        return failed;
    };
    const auto used = std::make_shared<RightOfWay>();
    { const RightOfWay::Taken commit{used.get()}; }
    CHECK(third_sync_comes(used));
    CHECK_FALSE(third_sync_comes(std::make_shared<RightOfWay>()));
}

TEST_CASE("a snapshot is synced piece by piece, its indexes too, and a sync that fails in between ends it") {
    const TemporaryDirectory directory;
    const auto fill_all = [&](OrderFill& fill, int rows) {
        for (int i = 0; i < rows; ++i) {
            const auto id = "R-" + std::to_string(i);
            REQUIRE(fill.add({.id = id, .status = "held", .body = "{}", .container = box_number(i), .decided = noon}));
        }
        return fill.sync();
    };
    constexpr int rows = 250'000;
    auto fill = std::move(OrderFill::begin({directory.path(), FaultyDisk::name()}, {Authority{"ciq"}, 7, {}})).value();
    FaultyDisk::fail(DiskFault::sync_error, 3, false);
    CHECK(fill_all(*fill, rows).has_value());  // the third piece, long before its end
    fill.reset();
    fill = std::move(OrderFill::begin({directory.path(), FaultyDisk::name()}, {Authority{"ciq"}, 7, {}})).value();
    FaultyDisk::heal();
    REQUIRE_FALSE(fill_all(*fill, rows).has_value());
    FaultyDisk::fail(DiskFault::sync_error, 4, false);  // one ends the rows, and one the whole
    CHECK_FALSE(fill->finish().ok());
    CHECK(FaultyDisk::has_failed());
    FaultyDisk::heal();
}
