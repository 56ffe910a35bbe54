#include "store/order_fill.hpp"

#include <fstream>

#include "tests/unit/store/a_cache.hpp"
#include "tests/unit/store/faulty_disk.hpp"
#include "tests/unit/store/temporary_directory.hpp"

using namespace portcullis;
using namespace portcullis::store;
using namespace portcullis::store::testing;
using namespace std::chrono_literals;

namespace {

std::unique_ptr<OrderFill> begin_fill(const std::filesystem::path& directory, std::int64_t number = 7,
                                      const std::string& authority = "ciq", const std::string& file_system = {}) {
    Hash256 hash{};
    hash.fill(static_cast<std::uint8_t>(number));
    auto begun = OrderFill::begin({directory, file_system}, {Authority{authority}, number, hash});
    if (!begun) {
        FAIL(begun.error().message);
    }
    return std::move(begun).value();
}

SnapshotRow row(std::string_view id, std::optional<ContainerNumber> container, std::string_view body = "{}") {
    return {.id = id, .status = "released", .body = body, .container = container, .decided = noon - 1h};
}

OrderCache::Swapped swap_in(OrderCache& cache, std::unique_ptr<OrderFill> fill, WallTime now = noon) {
    REQUIRE(fill->finish().value() == OrderFill::Finished::whole);
    auto swapped = cache.swap_in(std::move(fill), now);
    if (!swapped) {
        FAIL(swapped.error().message);
    }
    return std::move(swapped).value();
}

}  // namespace

TEST_CASE("a snapshot takes the place of its authority's orders, and of nobody else's") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path());
    apply(*cache, batch(1, {put("R-old", "released", box_number(1))}));
    apply(*cache, batch(1, {put("C-1", "released", box_number(1))}, noon, "customs"));
    auto fill = begin_fill(directory.path());
    REQUIRE(fill->add(row("R-1", box_number(1))));
    REQUIRE(fill->add(row("R-2", box_number(1))));
    REQUIRE(fill->add(row("R-3", box_number(2))));
    CHECK(found(look_up(*cache, {box_number(1)})) == "ciq/R-old customs/C-1");

    const auto swapped = swap_in(*cache, std::move(fill), noon + 2h);
    CHECK(swapped.applied.snapshot);
    CHECK(swapped.applied.number == 7);
    CHECK(swapped.applied.cursor == 3);
    CHECK(swapped.applied.added == 3);
    CHECK(swapped.left_over == std::vector{directory.path() / "orders.ciq.0.db"});
    const auto answer = look_up(*cache, {box_number(1)});
    CHECK(found(answer) == "ciq/R-1 ciq/R-2 customs/C-1");
    CHECK(answer.cursor == 3);
    CHECK(answer.applied_at == noon + 2h);
    CHECK(answer.orders[0].first_seen == noon - 1h);
    CHECK(answer.orders[0].previous_status == "none");
}

TEST_CASE("after a restart the snapshot counts, and what it replaced is gone") {
    const TemporaryDirectory directory;
    {
        auto cache = open_cache(directory.path());
        apply(*cache, batch(1, {put("R-old", "released", box_number(1))}));
        auto fill = begin_fill(directory.path());
        REQUIRE(fill->add(row("R-1", box_number(1))));
        swap_in(*cache, std::move(fill));
    }
    auto cache = open_cache(directory.path());
    REQUIRE(cache->state().positions.size() == 1);
    CHECK(cache->state().positions[0].number == 7);
    CHECK(cache->state().positions[0].snapshot);
    CHECK(cache->state().cursor == 2);
    CHECK(found(look_up(*cache, {box_number(1)})) == "ciq/R-1");
    CHECK_FALSE(std::filesystem::exists(directory.path() / "orders.ciq.0.db"));
}

TEST_CASE("batches go on behind a snapshot") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path());
    auto fill = begin_fill(directory.path());
    REQUIRE(fill->add(row("R-1", box_number(1))));
    REQUIRE(fill->add(row("R-2", box_number(2))));
    swap_in(*cache, std::move(fill));
    const auto applied =
        apply(*cache,
              batch(8, {put("R-1", "held", box_number(1)), revocation("R-2"), put("R-3", "released", box_number(1))}));
    CHECK(applied.changed == 1);
    CHECK(applied.removed == 1);
    CHECK(applied.added == 1);
    CHECK_FALSE(cache->state().positions.at(0).snapshot);
    const auto answer = look_up(*cache, {box_number(1), box_number(2)});
    CHECK(found(answer) == "ciq/R-1 ciq/R-2 ciq/R-3");
    CHECK(answer.orders[0].previous_status == "released");
    CHECK(answer.orders[0].first_seen == noon - 1h);
    CHECK(answer.orders[1].revoked.has_value());
}

TEST_CASE("orders of a snapshot are found by plate, by what targeting names, and revoked ones say so") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path());
    auto fill = begin_fill(directory.path());
    auto declared = row("R-1", box_number(1));
    declared.enterprise = "E-1";
    declared.hs = "0303140000 0304";
    REQUIRE(fill->add(declared));
    auto withdrawn = row("R-2", box_number(2));
    withdrawn.revoke_reason = "mistake";
    withdrawn.officer = "A113";
    REQUIRE(fill->add(withdrawn));
    const std::vector plates{plate("闽D12345")};
    auto appointment = row("M-1", std::nullopt);
    appointment.plates = plates;
    REQUIRE(fill->add(appointment));
    const TargetingKey goods{TargetingKeyKind::hs, "0304"};
    auto targeting = row("T-1", std::nullopt);
    targeting.targeting = &goods;
    REQUIRE(fill->add(targeting));
    swap_in(*cache, std::move(fill));
    CHECK(found(look_up(*cache, {box_number(1)})) == "ciq/R-1 ciq/T-1");
    CHECK(found(look_up(*cache, {}, plates)) == "ciq/M-1");
    const auto revoked = look_up(*cache, {box_number(2)}).orders.at(0).revoked;
    REQUIRE(revoked.has_value());
    CHECK(revoked->reason == "mistake");
    CHECK(revoked->officer == "A113");
    CHECK(revoked->decided == noon - 1h);
}

TEST_CASE("orders that do not stand in the order of their containers are not taken") {
    const TemporaryDirectory directory;
    auto fill = begin_fill(directory.path());
    CHECK(fill->add(row("R-2", box_number(2))));
    CHECK_FALSE(fill->add(row("R-1", box_number(1))));
    CHECK(fill->add(row("R-3", box_number(3))));
    CHECK(fill->add(row("M-1", std::nullopt)));
    CHECK_FALSE(fill->add(row("R-4", box_number(4))));
}

TEST_CASE("an order that is there twice refuses the snapshot") {
    const TemporaryDirectory directory;
    auto fill = begin_fill(directory.path());
    REQUIRE(fill->add(row("R-1", box_number(1))));
    REQUIRE(fill->add(row("R-1", box_number(2))));
    CHECK(fill->finish().value() == OrderFill::Finished::taken_twice);
}

TEST_CASE("a fill that is given up leaves nothing, nor does one that a crash cut off") {
    const TemporaryDirectory directory;
    begin_fill(directory.path()).reset();
    CHECK(std::filesystem::is_empty(directory.path()));
    std::ofstream{directory.path() / "orders.ciq.fill"} << "half of it";
    static_cast<void>(open_cache(directory.path()));
    CHECK(std::filesystem::is_empty(directory.path()));
    std::ofstream{directory.path() / "orders.ciq.fill"} << "half of it";
    auto fill = begin_fill(directory.path());
    REQUIRE(fill->add(row("R-1", box_number(1))));
    CHECK(fill->finish().ok());
}

TEST_CASE("a disk that fails while a snapshot is filled or swapped in: the orders are the old ones or the new") {
    const auto fault = GENERATE(DiskFault::full, DiskFault::write_error, DiskFault::sync_error);
    const TemporaryDirectory directory;
    int swept = 0;
    bool reached_the_end = false;
    for (int nth = 1; nth < 200 && !reached_the_end; ++nth) {
        CAPTURE(nth);
        const auto state = directory.path() / std::to_string(nth);
        std::filesystem::create_directory(state);
        bool swapped = false;
        {
            auto cache = open_cache(state, 50, FaultyDisk::name());
            apply(*cache, batch(1, {put("R-old", "held", box_number(1))}));
            FaultyDisk::fail(fault, nth, true);
            auto begun = OrderFill::begin({state, FaultyDisk::name()}, {Authority{"ciq"}, 7, {}});
            if (begun) {
                auto fill = std::move(begun).value();
                static_cast<void>(fill->add(row("R-new", box_number(1), std::string(20'000, 'x'))));
                if (!fill->sync() && fill->finish().ok()) {
                    swapped = cache->swap_in(std::move(fill), noon).ok();
                }
            }
            reached_the_end = !FaultyDisk::has_failed();
            FaultyDisk::heal();
            swept += reached_the_end ? 0 : 1;
        }
        auto cache = open_cache(state);
        const auto orders = found(look_up(*cache, {box_number(1)}));
        if (swapped) {
            CHECK(orders == "ciq/R-new");
        } else {
            CHECK((orders == "ciq/R-old" || orders == "ciq/R-new"));
        }
    }
    CHECK(swept > 5);
    CHECK(reached_the_end);
}
