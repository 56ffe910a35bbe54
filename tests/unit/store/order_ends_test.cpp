#include "store/database.hpp"
#include "store/order_cache.hpp"
#include "tests/unit/store/a_cache.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::store {
namespace {

using namespace std::chrono_literals;
using namespace testing;

const Authority ciq{"ciq"};
constexpr std::int32_t cache_application = 0x50634f72;

OrderChange ending(const std::string& id, std::optional<WallTime> valid_to, const std::string& status = "released",
                   int serial = 1) {
    auto change =
        put(id, status, box_number(serial), valid_to ? std::to_string(valid_to->time_since_epoch().count()) : "");
    change.put->valid_to = valid_to;
    return change;
}

/// `R-1 held>released`
std::string changes_of(OrderCache& cache) {
    std::string text;
    const auto changes = cache.newest_changes(ciq, 0, 100);
    REQUIRE(changes.ok());
    for (const auto& change : changes->changes) {
        text += (text.empty() ? "" : " ") + change.id.text() + " " + change.old_status + ">" + change.new_status;
    }
    return text;
}

std::vector<OrderId> ids(std::initializer_list<const char*> texts) {
    std::vector<OrderId> ids;
    for (const auto* text : texts) {
        ids.emplace_back(text);
    }
    return ids;
}

std::vector<OrderId> ended(OrderCache& cache, WallTime from, WallTime before, std::size_t most = 100) {
    std::vector<OrderId> all;
    EndedMark mark{from, -1};
    for (;;) {
        const auto page = cache.ended(ciq, mark, before, most);
        REQUIRE(page.ok());
        all.insert(all.end(), page->orders.begin(), page->orders.end());
        if (!page->more) {
            return all;
        }
        mark = page->last;
    }
}

std::size_t forget(OrderCache& cache, WallTime before) {
    std::size_t forgotten = 0;
    for (;;) {
        const auto slice = cache.forget_ended(before);
        REQUIRE(slice.ok());
        if (*slice == 0) {
            return forgotten;
        }
        forgotten += *slice;
    }
}

void clean_up(OrderCache& cache) {
    while (cache.untidy()) {
        REQUIRE_FALSE(cache.tidy().has_value());
    }
}

}  // namespace

TEST_CASE("whose status a batch changed is known until the next one, also after a restart") {
    const TemporaryDirectory directory;
    {
        auto cache = open_cache(directory.path(), 2);
        apply(*cache, batch(1, {put("R-1", "held", box_number(1)), put("R-2", "released", box_number(2)),
                                put("R-3", "released", box_number(3))}));
        CHECK(changes_of(*cache).empty());  // they came with it
        apply(*cache,
              batch(2, {put("R-1", "released", box_number(1)), put("R-3", "released", box_number(3), "other text"),
                        revocation("R-2"), put("R-4", "released", box_number(4))}));
        CHECK(changes_of(*cache) == "R-1 held>released R-2 released>revoked");
    }
    auto cache = open_cache(directory.path());
    CHECK(changes_of(*cache) == "R-1 held>released R-2 released>revoked");
    const auto first = cache->newest_changes(ciq, 0, 1);
    CHECK(first->changes.size() == 1);
    CHECK(first->more);
    const auto rest = cache->newest_changes(ciq, first->last, 10);
    REQUIRE(rest->changes.size() == 1);
    CHECK(rest->changes.front().revoked->officer == "A113");
    CHECK_FALSE(rest->more);
    CHECK(cache->newest_changes(Authority{"nobody"}, 0, 10)->changes.empty());
    apply(*cache, batch(3, {put("R-2", "released", box_number(2))}));
    CHECK(changes_of(*cache) == "R-2 revoked>released");
}

TEST_CASE("an order that a batch puts twice changed from what it was before the batch") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path());
    apply(*cache, batch(1, {put("R-1", "held", box_number(1))}));
    apply(*cache, batch(2, {put("R-1", "released", box_number(1)), put("R-1", "inspect", box_number(1))}));
    CHECK(changes_of(*cache) == "R-1 held>inspect");
    apply(*cache, batch(3, {put("R-1", "held", box_number(1)), put("R-1", "inspect", box_number(1))}));
    CHECK(changes_of(*cache).empty());
}

TEST_CASE("orders that would have released are found by their ends, in pages, many of one moment too") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path());
    apply(*cache, batch(1, {ending("early", noon - 1ms), ending("R-1", noon, "released", 2), ending("R-2", noon),
                            ending("R-3", noon, "active", 3), ending("held", noon, "held"),
                            ending("watched", noon, "watch"), ending("R-4", noon + 1h), ending("late", noon + 2h),
                            ending("no-end", std::nullopt), ending("withdrawn", noon + 1h)}));
    apply(*cache, batch(2, {revocation("withdrawn")}));
    for (const std::size_t page : {1U, 2U, 3U, 100U}) {
        CAPTURE(page);
        CHECK(ended(*cache, noon, noon + 2h, page) == ids({"R-2", "R-1", "R-3", "R-4"}));
    }
    apply(*cache, batch(3, {ending("R-2", noon + 3h)}));
    CHECK(ended(*cache, noon, noon + 2h) == ids({"R-1", "R-3", "R-4"}));
}

TEST_CASE("orders that ended are taken out with all by which they are found, and what has no end stays") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path(), 3);
    auto appointment = ending("M-1", noon, "active");
    appointment.put->container.reset();
    appointment.put->plates = {plate("闽D12345")};
    apply(*cache, batch(1, {ending("R-1", noon), ending("R-2", noon + 1h), ending("forever", std::nullopt, "hold"),
                            ending("withdrawn", std::nullopt, "hold"), appointment}));
    apply(*cache, batch(2, {revocation("withdrawn")}, noon + 30min));
    CHECK(forget(*cache, noon) == 0);
    CHECK(forget(*cache, noon + 1ms) == 2);
    CHECK(found(look_up(*cache, {box_number(1)}, {plate("闽D12345")})) == "ciq/R-2 ciq/forever ciq/withdrawn");
    CHECK(*cache->missing(ciq, ids({"R-1", "R-2", "M-1", "never"})) == ids({"R-1", "M-1", "never"}));
    CHECK(cache->missing(Authority{"nobody"}, ids({"R-1"}))->empty());
    CHECK(forget(*cache, noon + 2h) == 2);
    CHECK(found(look_up(*cache, {box_number(1)})) == "ciq/forever");
    // An order of that id may come again.
    apply(*cache, batch(3, {ending("R-1", noon + 5h)}));
    CHECK(found(look_up(*cache, {box_number(1)})) == "ciq/R-1 ciq/forever");
    cache.reset();
    Database database{directory.path() / "orders.ciq.0.db", {}, cache_application};
    CHECK(database.integer("SELECT count(*) FROM found_by") == 0);
}

TEST_CASE("a revoked order is not taken out before it would have ended") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path());
    apply(*cache, batch(1, {ending("R-1", noon + 10h)}));
    apply(*cache, batch(2, {revocation("R-1")}, noon + 1h));
    CHECK(forget(*cache, noon + 9h) == 0);
    CHECK(forget(*cache, noon + 11h) == 1);
}

TEST_CASE("what a batch that is being applied replaces is not taken out under it") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path(), 1);
    apply(*cache, batch(1, {ending("R-1", noon), ending("R-2", noon, "released", 2)}));
    cache->begin(batch(2, {ending("R-1", noon + 20h), ending("R-3", noon - 1h, "released", 3),
                           ending("R-4", noon + 20h, "released", 4)}));
    const auto slices = GENERATE(range(0, 5));
    CAPTURE(slices);
    for (int i = 0; i < slices; ++i) {
        REQUIRE(cache->apply_slice().ok());
    }
    forget(*cache, noon + 1h);
    while (cache->busy()) {
        REQUIRE(cache->apply_slice().ok());
    }
    const std::vector boxes{box_number(1), box_number(2), box_number(3)};
    CHECK(found(look_up(*cache, boxes)).starts_with("ciq/R-1"));
    forget(*cache, noon + 1h);
    CHECK(found(look_up(*cache, boxes)) == "ciq/R-1");
}

TEST_CASE("a file of orders from before their ends were kept gets them at its first start") {
    const TemporaryDirectory directory;
    const auto text = [](const std::string& end) { return R"({"valid_to":)" + end + "}"; };
    {
        auto cache = open_cache(directory.path());
        auto two = batch(1, {put("R-1", "released", box_number(1), text(R"("2026-11-26T00:00:00.123Z")")),
                             put("R-2", "released", box_number(1), text("null")),
                             put("R-3", "released", box_number(1), text(R"("2026-11-26T00:00:00.123Z")"))});
        apply(*cache, std::move(two));
        apply(*cache, batch(2, {revocation("R-2"), revocation("R-3")}, noon));
        clean_up(*cache);
    }
    {
        Database database{directory.path() / "orders.ciq.0.db", {}, cache_application};
        database.configure();
        database.execute("DROP INDEX order_ends; ALTER TABLE order_version DROP COLUMN ends; PRAGMA user_version=1");
        database.checkpoint();
    }
    auto cache = open_cache(directory.path());
    const auto end = WallTime{1'795'651'200'123ms};
    CHECK(ended(*cache, end, end + 1ms) == ids({"R-1"}));
    CHECK(forget(*cache, end) == 1);  // R-2 has no end but its revocation
    CHECK(*cache->missing(ciq, ids({"R-1", "R-2", "R-3"})) == ids({"R-2"}));
    CHECK(forget(*cache, end + 1ms) == 2);
}

TEST_CASE("over many generations of orders that come and end the file stays as large as it was") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path());
    std::uintmax_t after_ten = 0;
    for (int day = 0; day < 60; ++day) {
        const auto now = noon + day * 24h;
        std::vector<OrderChange> changes;
        for (int serial = 0; serial < 200; ++serial) {
            auto change = ending("R-" + std::to_string(day) + "-" + std::to_string(serial), now + 48h, "released",
                                 day * 200 + serial);
            change.put->body += std::string(300, 'x');
            changes.push_back(std::move(change));
        }
        apply(*cache, batch(day + 1, std::move(changes), now));
        forget(*cache, now - 72h);
        clean_up(*cache);
        if (day == 10) {
            after_ten = std::filesystem::file_size(directory.path() / "orders.ciq.0.db");
        }
    }
    CHECK(after_ten > 100'000);
    CHECK(std::filesystem::file_size(directory.path() / "orders.ciq.0.db") <= after_ten * 5 / 4);
    cache.reset();
    Database database{directory.path() / "orders.ciq.0.db", {}, cache_application};
    CHECK(database.integer("SELECT count(*) FROM order_version") <= 7 * 200);
}

}  // namespace portcullis::store
