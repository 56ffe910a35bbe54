#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <random>

#include "runtime/clock.hpp"
#include "tests/unit/store/a_cache.hpp"
#include "tests/unit/store/temporary_directory.hpp"

using namespace portcullis;
using namespace portcullis::store;
using namespace portcullis::store::testing;
using namespace std::chrono_literals;

namespace {

/// What the cache must say, kept in plain maps.
struct ModelOrder {
    OrderRow row;
    bool revoked = false;
    WallTime first_seen;
    WallTime changed_at;
    std::string previous_status = "none";
    [[nodiscard]] std::string status() const { return revoked ? "revoked" : row.status; }
};
using Model = std::map<std::string, ModelOrder>;

void apply_to(Model& model, const OrderBatchRows& rows) {
    const auto before = model;
    const auto status_before = [&](const std::string& id) {
        const auto known = before.find(id);
        return known == before.end() ? "none" : known->second.status();
    };
    for (const auto& change : rows.changes) {
        const auto id = change.put ? change.put->id.text() : change.revoked->id.text();
        const auto known = model.find(id);
        const bool revokes = !change.put;
        if (revokes && (known == model.end() || known->second.revoked)) {
            continue;
        }
        if (!revokes && known != model.end() && !known->second.revoked && known->second.row.body == change.put->body &&
            known->second.row.status == change.put->status) {
            continue;
        }
        ModelOrder order;
        order.row = revokes ? known->second.row : *change.put;
        order.revoked = revokes;
        order.first_seen = known == model.end() ? rows.now : known->second.first_seen;
        order.changed_at = rows.now;
        order.previous_status = status_before(id);
        model[id] = order;
    }
}

OrderBatchRows random_batch(std::mt19937_64& random, std::int64_t number) {
    const auto below = [&random](int bound) { return std::uniform_int_distribution{0, bound - 1}(random); };
    static const std::array statuses{"released", "held", "inspect"};
    std::vector<OrderChange> changes;
    for (int count = below(12); count > 0; --count) {
        const auto id = "R-" + std::to_string(below(20));
        if (below(4) == 0) {
            changes.push_back(revocation(id));
            continue;
        }
        // The body says by what the order is found, as a real one does.
        const int serial = below(8);
        const bool by_plate = below(3) == 0;
        auto change = put(id, statuses.at(static_cast<std::size_t>(below(3))),
                          by_plate ? std::nullopt : std::optional{box_number(serial)},
                          (by_plate ? "plate " : "box ") + std::to_string(serial) + "/" + std::to_string(below(2)));
        if (by_plate) {
            change.put->plates = {plate("闽D1234" + std::to_string(serial))};
        }
        changes.push_back(change);
    }
    return batch(number, std::move(changes), noon + number * 1min);
}

std::string told(const CachedOrder& order) {
    return order.id.text() + " " + order.body + (order.revoked ? " revoked " : " ") + order.previous_status + " " +
           std::to_string((order.first_seen - noon) / 1min) + " " + std::to_string((order.changed_at - noon) / 1min);
}

std::string expected(const Model& model, const std::function<bool(const OrderRow&)>& finds) {
    std::string text;
    for (const auto& [id, order] : model) {
        if (finds(order.row)) {
            CachedOrder cached;
            cached.id = order.row.id;
            cached.body = order.row.body;
            cached.first_seen = order.first_seen;
            cached.changed_at = order.changed_at;
            cached.previous_status = order.previous_status;
            if (order.revoked) {
                cached.revoked = Revocation{};
            }
            text += told(cached) + "\n";
        }
    }
    return text;
}

std::string told(const CacheAnswer& answer) {
    std::string text;
    for (const auto& order : answer.orders) {
        text += told(order) + "\n";
    }
    return text;
}

void check_all(OrderCache& cache, const Model& model, std::int64_t cursor) {
    for (int serial = 0; serial < 8; ++serial) {
        const auto number = box_number(serial);
        const auto by_box = look_up(cache, {number});
        REQUIRE(told(by_box) == expected(model, [&](const OrderRow& row) { return row.container == number; }));
        REQUIRE(by_box.cursor == cursor);
        const auto truck = plate("闽D1234" + std::to_string(serial));
        REQUIRE(told(look_up(cache, {}, {truck})) ==
                expected(model, [&](const OrderRow& row) { return row.plates == std::vector{truck}; }));
    }
}

}  // namespace

TEST_CASE("over random batches, crashes and cleaning the cache says what plain maps say") {
    const auto seed = GENERATE(range(1U, 6U));
    CAPTURE(seed);
    std::mt19937_64 random{seed};
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path(), 3);
    Model model;
    for (std::int64_t number = 1; number <= 40;) {
        const auto next = random_batch(random, number);
        cache->begin(next);
        bool applied = false;
        while (!applied) {
            if (random() % 16 == 0) {
                cache = nullptr;
                cache = open_cache(directory.path(), 3);
                applied = cache->state().cursor == number;  // it was written to its end
                break;
            }
            check_all(*cache, model, number - 1);
            applied = cache->apply_slice()->has_value();
        }
        if (applied) {
            apply_to(model, next);
            ++number;
        }
        check_all(*cache, model, number - 1);
        if (random() % 2 == 0 && cache->untidy()) {
            REQUIRE_FALSE(cache->tidy().has_value());
        }
    }
}

namespace {

/// As long as a release order of contracts.md 4.
constexpr std::size_t body_bytes = 620;

void fill(OrderCache& cache, int orders) {
    for (int first = 0, number = 1; first < orders; first += 5000, ++number) {
        std::vector<OrderChange> changes;
        for (int serial = first; serial < std::min(orders, first + 5000); ++serial) {
            changes.push_back(put("R-" + std::to_string(serial), "released", box_number(serial),
                                  "{" + std::string(body_bytes, 'b') + std::to_string(serial)));
            changes.back().put->enterprise = "E-" + std::to_string(serial % 1000);
            changes.back().put->origin = "NO";
            changes.back().put->hs = {"0303140000"};
        }
        apply(cache, batch(number, std::move(changes)));
    }
}

}  // namespace

TEST_CASE("every one of 100,000 orders is found, and none that is not there") {
    const TemporaryDirectory directory;
    auto cache = open_cache(directory.path(), 5000);
    fill(*cache, 100'000);
    for (int serial = 0; serial < 100'000; serial += 37) {
        const auto answer = look_up(*cache, {box_number(serial)});
        REQUIRE(answer.orders.size() == 1);
        REQUIRE(answer.orders[0].id.text() == "R-" + std::to_string(serial));
    }
    CHECK(look_up(*cache, {box_number(100'001)}).orders.empty());
}

// Not a test but a figure, for a quiet machine: store_tests "[figure]"
TEST_CASE("how long a warm look-up among 100,000 orders takes", "[.][figure]") {
    const TemporaryDirectory directory;
    const runtime::SystemClock clock;
    auto cache = open_cache(directory.path());
    fill(*cache, 100'000);
    std::mt19937_64 random{1};
    std::vector<double> took;
    for (int i = 0; i < 20'000; ++i) {
        const OrderQuestion question{{box_number(static_cast<int>(random() % 100'000))}, {plate("闽D12345")}, {}};
        const auto begin = clock.now().instant;
        REQUIRE(cache->look_up(question, noon)->orders.size() == 1);
        took.push_back(std::chrono::duration<double, std::micro>(clock.now().instant - begin).count());
    }
    std::sort(took.begin() + 10'000, took.end());  // the first half warms up
    std::printf("look-up warm: p50 %.1f us, p99 %.1f us\n", took[15'000], took[19'900]);
}
