#include "store/order_cache.hpp"

#include <fstream>

#include "tests/unit/store/a_cache.hpp"
#include "tests/unit/store/faulty_disk.hpp"
#include "tests/unit/store/temporary_directory.hpp"

using namespace portcullis;
using namespace portcullis::store;
using namespace portcullis::store::testing;
using namespace std::chrono_literals;

TEST_CASE("a new cache knows that no batch was ever applied") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path());
    CHECK(cache->state().cursor == 0);
    CHECK_FALSE(cache->state().applied_at.has_value());
    CHECK(cache->state().positions.empty());
    CHECK(look_up(*cache, {box_number(1)}).orders.empty());
}

TEST_CASE("the cursor counts batches of all authorities, and each authority has its place") {
    const TemporaryDirectory directory;
    {
        auto cache = open_cache(directory.path());
        CHECK(apply(*cache, batch(1, {put("R-1", "released", box_number(1))})).cursor == 1);
        CHECK(apply(*cache, batch(1, {}, noon, "customs")).cursor == 2);
        CHECK(apply(*cache, batch(2, {}, noon + 1h)).cursor == 3);
    }
    const auto cache = open_cache(directory.path());
    CHECK(cache->state().cursor == 3);
    CHECK(cache->state().applied_at == noon + 1h);
    REQUIRE(cache->state().positions.size() == 2);
    CHECK(cache->state().positions[0].number == 2);
    CHECK(cache->state().positions[0].hash == batch(2, {}).hash);
    CHECK(cache->state().positions[1].authority == Authority{"customs"});
    CHECK(cache->state().positions[1].cursor == 2);
}

TEST_CASE("one look-up answers for all boxes and plates") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path());
    auto appointment = put("M-1", "movement", std::nullopt);
    appointment.put->plates = {plate("闽D12345"), plate("闽D54321")};
    apply(*cache, batch(1, {put("R-1", "released", box_number(1)), put("R-2", "held", box_number(2)),
                            put("R-3", "released", box_number(3)), appointment}));
    apply(*cache, batch(1, {put("C-1", "released", box_number(1))}, noon, "customs"));
    const auto answer = look_up(*cache, {box_number(1), box_number(2)}, {plate("闽D12345"), plate("闽D54321")});
    CHECK(found(answer) == "ciq/M-1 ciq/R-1 ciq/R-2 customs/C-1");
    CHECK(answer.cursor == 2);
    CHECK(answer.applied_at == noon);
}

TEST_CASE("targeting is found by what the found orders declare") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path());
    auto order = put("R-1", "released", box_number(1));
    order.put->enterprise = "3502960123";
    order.put->origin = "NO";
    order.put->hs = {"0303140000", "0304"};
    apply(*cache, batch(1, {order, target("enterprise", TargetingKeyKind::enterprise, "3502960123"),
                            target("other-enterprise", TargetingKeyKind::enterprise, "3502960124"),
                            target("origin", TargetingKeyKind::origin, "NO"),
                            target("other-origin", TargetingKeyKind::origin, "JP"),
                            target("goods-chapter", TargetingKeyKind::hs, "03"),
                            target("goods-all-digits", TargetingKeyKind::hs, "0303140000"),
                            target("goods-more-digits-than-declared", TargetingKeyKind::hs, "030489"),
                            target("other-goods", TargetingKeyKind::hs, "0305")}));
    CHECK(found(look_up(*cache, {box_number(1)})) ==
          "ciq/R-1 ciq/enterprise ciq/goods-all-digits ciq/goods-chapter ciq/goods-more-digits-than-declared "
          "ciq/origin");
    CHECK(look_up(*cache, {box_number(2)}).orders.empty());
}

TEST_CASE("an order is put in by what it is found by") {
    Order order;
    order.id = OrderId{"X"};
    order.tractor_plates = {plate("闽D12345")};
    SECTION("a release with a container") {
        ReleaseOrder release;
        release.status = ReleaseStatus::inspect;
        release.container = box_number(1);
        release.enterprise = "E";
        release.hs = {"0303"};
        order.body = release;
        const auto row = order_row(order, "body");
        CHECK(row.container == box_number(1));
        CHECK(row.plates.empty());
        CHECK(row.status == "inspect");
        CHECK(row.enterprise == "E");
        CHECK(row.hs == std::vector<std::string>{"0303"});
        CHECK(row.body == "body");
    }
    SECTION("an appointment for any box") {
        order.body = MovementOrder{Movement::empty_out, std::nullopt, "42G1"};
        const auto row = order_row(order, "body");
        CHECK_FALSE(row.container.has_value());
        CHECK(row.plates == order.tractor_plates);
        CHECK(row.status == "active");
    }
    SECTION("targeting by the most telling thing that it names") {
        TargetingOrder targeting;
        targeting.match = {box_number(1), plate("闽D54321"), "E", "NO", "03"};
        const auto row = [&] {
            order.body = targeting;
            return order_row(order, "body");
        };
        CHECK(row().container == box_number(1));
        CHECK_FALSE(row().targeting.has_value());
        targeting.match.container.reset();
        CHECK(row().plates == std::vector{plate("闽D54321")});
        targeting.match.plate.reset();
        CHECK(row().targeting->kind == TargetingKeyKind::enterprise);
        targeting.match.enterprise.reset();
        CHECK(row().targeting->kind == TargetingKeyKind::hs);
        targeting.match.hs.reset();
        CHECK(row().targeting->text == "NO");
    }
}

TEST_CASE("an order's history in the cache is told with it") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path());
    const auto order = [&](WallTime now) { return look_up(*cache, {box_number(1)}, {}, now).orders.at(0); };
    apply(*cache, batch(1, {put("R-1", "held", box_number(1))}, noon));
    CHECK(order(noon).first_seen == noon);
    CHECK(order(noon).changed_at == noon);
    CHECK(order(noon).previous_status == "none");
    CHECK(order(noon).changes_24h == 0);

    const auto counts = apply(*cache, batch(2, {put("R-1", "released", box_number(1))}, noon + 1h));
    CHECK(counts.changed == 1);
    CHECK(counts.added == 0);
    CHECK(order(noon + 1h).first_seen == noon);
    CHECK(order(noon + 1h).changed_at == noon + 1h);
    CHECK(order(noon + 1h).previous_status == "held");
    CHECK(order(noon + 1h).changes_24h == 1);

    // The same words again are no change.
    CHECK(apply(*cache, batch(3, {put("R-1", "released", box_number(1))}, noon + 2h)).changed == 0);
    CHECK(order(noon + 2h).changed_at == noon + 1h);
    CHECK(order(noon + 26h).changes_24h == 0);
}

TEST_CASE("what is near is found by its name, and leads to nothing else") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path());
    auto near_release = put("R-1", "released", box_number(1));
    near_release.put->enterprise = "E-1";
    auto by_plate = put("T-2", "hold", std::nullopt);
    by_plate.put->plates = {plate("闽D12845")};
    apply(*cache, batch(1, {near_release, put("T-1", "hold", box_number(1)), by_plate,
                            target("T-3", TargetingKeyKind::enterprise, "E-1")}));
    OrderQuestion question;
    question.near_containers = {box_number(1)};
    question.near_plates = {plate("闽D12845")};
    CHECK(found(cache->look_up(question, noon).value()) == "ciq/R-1 ciq/T-1 ciq/T-2");
    question.containers = {box_number(1)};
    CHECK(found(cache->look_up(question, noon).value()) == "ciq/R-1 ciq/T-1 ciq/T-2 ciq/T-3");
}

TEST_CASE("the status of an order is the word that verdicts publish") {
    Order order;
    order.body = ReleaseOrder{};
    CHECK(order_row(order, "{}").status == "held");
    order.body = MovementOrder{};
    CHECK(order_row(order, "{}").status == "active");
    TargetingOrder targeting;
    targeting.action = TargetingAction::watch;
    order.body = targeting;
    CHECK(order_row(order, "{}").status == "watch");
}

TEST_CASE("a revoked order stays, and says so") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path());
    auto appointment = put("M-1", "active", std::nullopt, "the appointment");
    appointment.put->plates = {plate("闽D12345")};
    apply(*cache, batch(1, {appointment, put("R-1", "released", box_number(1))}));
    const auto counts = apply(*cache, batch(2, {revocation("M-1", noon - 1h), revocation("unheard-of")}, noon + 1h));
    CHECK(counts.removed == 1);
    const auto order = look_up(*cache, {}, {plate("闽D12345")}).orders.at(0);
    CHECK(order.body == "the appointment");
    CHECK(order.previous_status == "active");
    REQUIRE(order.revoked.has_value());
    CHECK(order.revoked->reason == "mistake");
    CHECK(order.revoked->officer == "A113");
    CHECK(order.revoked->decided == noon - 1h);
    CHECK_FALSE(look_up(*cache, {box_number(1)}).orders.at(0).revoked.has_value());
    CHECK(apply(*cache, batch(3, {revocation("M-1")})).removed == 0);

    auto again = appointment;
    apply(*cache, batch(4, {again}));
    CHECK_FALSE(look_up(*cache, {}, {plate("闽D12345")}).orders.at(0).revoked.has_value());
    CHECK(look_up(*cache, {}, {plate("闽D12345")}).orders.at(0).previous_status == "revoked");
}

TEST_CASE("operations on one order act in the order of the batch") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path(), 1);
    apply(*cache, batch(1, {put("R-1", "held", box_number(1))}));
    apply(*cache,
          batch(2, {put("R-1", "inspect", box_number(1)), revocation("R-1"), put("R-1", "released", box_number(2)),
                    put("R-2", "released", box_number(2)), revocation("R-2")}));
    CHECK(look_up(*cache, {box_number(1)}).orders.empty());
    const auto answer = look_up(*cache, {box_number(2)});
    REQUIRE(found(answer) == "ciq/R-1 ciq/R-2");
    CHECK_FALSE(answer.orders[0].revoked.has_value());
    CHECK(answer.orders[0].previous_status == "held");
    CHECK(answer.orders[1].revoked.has_value());
}

TEST_CASE("nothing of a batch is seen before all of it is") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path(), 1);
    apply(*cache, batch(1, {put("R-1", "held", box_number(1)), put("R-2", "held", box_number(2))}));
    cache->begin(
        batch(2, {put("R-1", "released", box_number(1)), revocation("R-2"), put("R-3", "held", box_number(3))}));
    CHECK(cache->busy());
    CHECK_THROWS_AS(cache->begin(batch(3, {})), std::logic_error);
    for (int slices = 0; slices < 3; ++slices) {  // the last of them wrote all of it, and it is not durable yet
        REQUIRE_FALSE(cache->apply_slice()->has_value());
        const auto answer = look_up(*cache, {box_number(1), box_number(2), box_number(3)});
        CHECK(answer.cursor == 1);
        CHECK(found(answer) == "ciq/R-1 ciq/R-2");
        CHECK(answer.orders[0].previous_status == "none");
        CHECK_FALSE(answer.orders[1].revoked.has_value());
        CHECK(answer.orders[1].changes_24h == 0);
    }
    REQUIRE(cache->apply_slice()->has_value());
    const auto answer = look_up(*cache, {box_number(1), box_number(2), box_number(3)});
    CHECK(answer.cursor == 2);
    CHECK(answer.orders.size() == 3);
    CHECK(answer.orders[1].revoked.has_value());
    CHECK_FALSE(cache->busy());
}

TEST_CASE("a crash between slices leaves nothing, and the same batch is applied again") {
    const TemporaryDirectory directory;
    const auto second = batch(2, {put("R-1", "released", box_number(1)), revocation("R-2"),
                                  put("R-3", "held", box_number(3)), put("R-1", "inspect", box_number(1))});
    apply(*open_cache(directory.path()),
          batch(1, {put("R-1", "held", box_number(1)), put("R-2", "held", box_number(2))}));
    for (int slices = 1; slices < 4; ++slices) {
        auto cache = open_cache(directory.path(), 1);
        CHECK(cache->state().cursor == 1);
        CHECK(found(look_up(*cache, {box_number(1), box_number(2), box_number(3)})) == "ciq/R-1 ciq/R-2");
        CHECK(look_up(*cache, {box_number(2)}).orders.at(0).changes_24h == 0);
        cache->begin(second);
        for (int slice = 0; slice < slices; ++slice) {
            REQUIRE_FALSE(cache->apply_slice()->has_value());
        }
    }
    auto cache = open_cache(directory.path(), 1);
    CHECK(apply(*cache, second).cursor == 2);
    const auto answer = look_up(*cache, {box_number(1), box_number(2), box_number(3)});
    CHECK(found(answer) == "ciq/R-1 ciq/R-2 ciq/R-3");
    CHECK(answer.orders[0].previous_status == "held");
}

TEST_CASE("what newer versions replaced is cleaned up") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path());
    for (int number = 1; number <= 20; ++number) {
        std::vector<OrderChange> changes;
        for (int serial = 0; serial < 50; ++serial) {
            changes.push_back(put("R-" + std::to_string(serial), "released", box_number(serial),
                                  "version " + std::to_string(number) + std::string(500, 'x')));
        }
        apply(*cache, batch(number, std::move(changes), noon + number * 10h));
        while (cache->untidy()) {
            REQUIRE_FALSE(cache->tidy().has_value());
        }
    }
    CHECK(look_up(*cache, {box_number(7)}).orders.size() == 1);
    CHECK(std::filesystem::file_size(directory.path() / "orders.ciq.0.db") < 400'000);
}

TEST_CASE("the cursor does not fall when a cache is lost") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path());
    cache->raise_cursor(41);
    CHECK(cache->state().cursor == 41);
    cache->raise_cursor(7);
    CHECK(cache->state().cursor == 41);
    CHECK_FALSE(cache->state().applied_at.has_value());
    CHECK(apply(*cache, batch(1, {})).cursor == 42);
}

TEST_CASE("a damaged file is moved aside, and only its authority begins anew") {
    const TemporaryDirectory directory;
    {
        auto cache = open_cache(directory.path());
        apply(*cache, batch(1, {put("R-1", "released", box_number(1))}));
        apply(*cache, batch(1, {put("C-1", "released", box_number(1))}, noon, "customs"));
    }
    std::filesystem::remove(directory.path() / "orders.ciq.0.db-wal");  // or its pages would mend it
    std::ofstream{directory.path() / "orders.ciq.0.db"} << std::string(8192, 'z');
    auto cache = open_cache(directory.path());
    CHECK(cache->set_aside() == directory.path() / "orders.ciq.0.db.damaged-1");
    CHECK(found(look_up(*cache, {box_number(1)})) == "customs/C-1");
    CHECK(cache->state().positions.size() == 1);
}

TEST_CASE("the one cache of before is removed") {
    const TemporaryDirectory directory;
    std::ofstream{directory.path() / "orders.db"} << "old";
    std::ofstream{directory.path() / "orders.db-wal"} << "old";
    CHECK(open_cache(directory.path())->state().cursor == 0);
    CHECK(std::filesystem::is_empty(directory.path()));
}

TEST_CASE("a disk that fails while a batch is applied: all of it or nothing is there after a restart") {
    const auto fault = GENERATE(DiskFault::full, DiskFault::write_error, DiskFault::sync_error);
    const TemporaryDirectory directory;
    int swept = 0;
    for (int nth = 1; nth < 200; ++nth) {
        CAPTURE(nth);
        const auto state = directory.path() / std::to_string(nth);
        std::filesystem::create_directory(state);
        const auto second = batch(2, {put("R-1", "released", box_number(1)), revocation("R-2"),
                                      put("R-3", "held", box_number(3)), put("R-4", "held", box_number(3))});
        bool applied = false;
        {
            auto cache = open_cache(state, 1, FaultyDisk::name());
            apply(*cache, batch(1, {put("R-1", "held", box_number(1)), put("R-2", "held", box_number(2))}));
            FaultyDisk::fail(fault, nth, true);
            cache->begin(second);
            while (cache->busy()) {
                const auto slice = cache->apply_slice();
                applied = slice.ok() && slice->has_value();
            }
            const bool failed = FaultyDisk::has_failed();
            FaultyDisk::heal();
            REQUIRE(applied != failed);
            if (failed && fault == DiskFault::full) {
                CHECK(apply(*cache, second).cursor == 2);
                applied = true;
            } else if (failed) {
                CHECK_FALSE(cache->look_up({{box_number(1)}, {}, {}}, noon).ok());
            }
            swept += failed ? 1 : 0;
        }
        auto cache = open_cache(state, 2);
        const auto answer = look_up(*cache, {box_number(1), box_number(2), box_number(3)});
        const bool whole = found(answer) == "ciq/R-1 ciq/R-2 ciq/R-3 ciq/R-4" && answer.cursor == 2;
        const bool nothing = found(answer) == "ciq/R-1 ciq/R-2" && answer.cursor == 1;
        REQUIRE((whole || (nothing && !applied)));
        if (swept < nth) {
            break;
        }
    }
    // Only the slice that makes the batch visible is synced.
    CHECK(swept >= (fault == DiskFault::sync_error ? 1 : 4));
}
