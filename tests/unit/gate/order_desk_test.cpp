#include "gate/order_desk.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/unit/gate/order_bench.hpp"
#include "tests/unit/gate/signed_batch.hpp"
#include "tests/unit/store/faulty_disk.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using store::testing::DiskFault;
using store::testing::FaultyDisk;

const std::string the_box = "CSQU3054383";

}  // namespace

TEST_CASE("a batch is applied, recorded with its counts, and lanes hear of it") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    bench.take(chain.next({release("R-1", the_box, "held"), release("R-2", "MSKU0028235", "released")}));
    bench.until_applied(1);
    CHECK(bench.heard == std::vector<std::int64_t>{1});
    bench.take(chain.next({release("R-1", the_box, "released"), revocation("R-2"), release("R-3", "MSKU0028235")}));
    bench.until_applied(2);
    CHECK(bench.heard == std::vector<std::int64_t>{1, 2});
    CHECK(bench.desk().cursor() == 2);

    const auto batches = bench.events("order.batch");
    REQUIRE(batches.size() == 2);
    CHECK(text(batches[1], "authority") == "ciq");
    CHECK(number(batches[1], "number") == 2);
    CHECK(number(batches[1], "added") == 1);
    CHECK(number(batches[1], "changed") == 1);
    CHECK(number(batches[1], "removed") == 1);
    CHECK(number(batches[1], "cursor") == 2);
    CHECK(text(batches[1], "source") == "supervision");
    CHECK(text(batches[1], "hash") == hex_text(chain.hash()));
    REQUIRE(bench.positions.size() == 2);
    CHECK(bench.positions[1].number == 2);
    CHECK(bench.positions[1].hash == chain.hash());

    const auto verdict = bench.decide(the_box);
    CHECK(verdict.outcome == VerdictOutcome::release);
    CHECK(verdict.order_cursor == 2);
}

TEST_CASE("what was applied before changes nothing when it comes again") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    const auto first = chain.next({release("R-1", the_box)});
    bench.take(first);
    const auto second = chain.next({release("R-2", "MSKU0028235")});
    bench.take(second);
    bench.until_applied(2);
    bench.take(first);
    bench.take(second);
    bench.take(chain.next({}));
    bench.until_applied(3);
    CHECK(bench.events("order.batch").size() == 3);
    CHECK(bench.submitted.size() == 3);
    CHECK(bench.asked.empty());
}

TEST_CASE("a gap is recorded once, asked for from the first missing batch, and holds until it is closed") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    const auto first = chain.next({release("R-1", the_box)});
    const auto second = chain.next({});
    const auto third = chain.next({});
    const auto fourth = chain.next({});
    const auto fifth = chain.next({});
    bench.take(first);
    bench.until_applied(1);
    CHECK(bench.decide(the_box).outcome == VerdictOutcome::release);

    bench.take(third);
    bench.take(fifth);
    bench.until([&] { return bench.asked.size() == 2; });
    CHECK(bench.asked[0].from == 2);
    CHECK(bench.asked[1].from == 2);
    const auto gaps = bench.events("order.gap");
    REQUIRE(gaps.size() == 1);
    CHECK(number(gaps[0], "from") == 2);
    CHECK(number(gaps[0], "to") == 2);
    CHECK(codes(bench.decide(the_box)) == std::vector{ReasonCode::orders_behind});

    // Central sends all that is missing; only the newest that was seen closes the gap.
    for (const auto& batch : {second, third, fourth}) {
        bench.take(batch);
    }
    bench.until_applied(4);
    CHECK(codes(bench.decide(the_box)) == std::vector{ReasonCode::orders_behind});
    bench.take(fifth);
    bench.until_applied(5);
    CHECK(bench.decide(the_box).outcome == VerdictOutcome::release);
    CHECK(bench.events("order.gap").size() == 1);
}

TEST_CASE("while a gap stays open and nothing comes, it is asked for again, a minute apart") {
    OrderBench bench;
    bench.take(bench.chain("terminal").next({}));
    auto chain = bench.chain("ciq");
    bench.take(chain.next({}));
    chain.next({});
    bench.take(chain.next({}));
    bench.until([&] { return bench.asked.size() == 1; });
    bench.desk().tick(bench.clock.now());
    bench.clock.advance(59s);
    bench.desk().tick(bench.clock.now());
    CHECK(bench.asked.size() == 1);
    bench.clock.advance(1s);
    bench.desk().tick(bench.clock.now());
    bench.desk().tick(bench.clock.now());
    REQUIRE(bench.asked.size() == 2);
    CHECK(bench.asked[1].authority == Authority{"ciq"});
    CHECK(bench.asked[1].from == 2);
}

TEST_CASE(
    "a refused batch is recorded with its cause and changes no order, and an expired one leaves the gate behind") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    bench.take(chain.next({release("R-1", the_box)}));
    bench.until_applied(1);
    bench.take("not JSON");
    bench.take(signed_by(stranger_key(), BatchHead{}.payload()));
    BatchHead expired;
    expired.number = 2;
    expired.previous = chain.hash();
    expired.expires = "2026-11-24T00:00:00.000Z";
    bench.take(signed_by(orders_key(), expired.payload()));
    bench.until([&] { return bench.events("document.refused").size() == 3; });
    const auto refused = bench.events("document.refused");
    CHECK(text(refused[0], "cause") == "parse");
    CHECK(text(refused[1], "cause") == "signature");
    CHECK(text(refused[2], "cause") == "expiry");
    CHECK(number(refused[2], "number") == 2);
    CHECK(bench.desk().cursor() == 1);
    // It was the next one, and may have withdrawn anything.
    CHECK(codes(bench.decide(the_box)) == std::vector{ReasonCode::orders_behind});
    CHECK(needs_of(bench.desk()) == "ciq:2 terminal:1");
}

TEST_CASE("of a batch for other gates nothing is taken, and the chain goes on behind it") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    bench.take(chain.next({release("R-1", the_box)}));
    bench.take(chain.next({revocation("R-1"), release("R-2", "MSKU0028235")}, {"g08"}));
    bench.until_applied(2);
    const auto refused = bench.events("document.refused");
    REQUIRE(refused.size() == 1);
    CHECK(text(refused[0], "cause") == "audience");
    const auto passed_over = bench.events("order.batch").back();
    CHECK(number(passed_over, "number") == 2);
    CHECK(number(passed_over, "added") == 0);
    CHECK(number(passed_over, "removed") == 0);
    CHECK(number(passed_over, "refused") == 2);
    CHECK(bench.decide(the_box).outcome == VerdictOutcome::release);

    bench.take(chain.next({release("R-3", "MSKU0028235")}));
    bench.until_applied(3);
    CHECK(bench.asked.empty());
    CHECK(bench.decide("MSKU0028235").outcome == VerdictOutcome::release);
}

TEST_CASE("a flood of refused batches costs the journal one event at once and one a minute") {
    OrderBench bench;
    for (int i = 0; i < 50; ++i) {
        bench.take("not JSON");
    }
    auto chain = bench.chain("ciq");
    bench.take(chain.next({}));
    bench.until_applied(1);
    CHECK(bench.events("document.refused").size() == 1);
    bench.desk().tick(bench.clock.now());
    CHECK(bench.events("document.refused").size() == 1);
    bench.clock.advance(1min);
    bench.desk().tick(bench.clock.now());
    const auto refused = bench.events("document.refused");
    REQUIRE(refused.size() == 2);
    CHECK(number(refused[0], "count") == 1);
    CHECK(number(refused[1], "count") == 49);
    bench.clock.advance(1min);
    bench.desk().tick(bench.clock.now());
    CHECK(bench.events("document.refused").size() == 2);
}

TEST_CASE("a look-up goes between the slices of a large batch and sees nothing of it") {
    OrderBench bench{{1, {}}};
    std::vector<std::string> orders{release("R-1", the_box)};
    for (int i = 2; i <= 200; ++i) {
        orders.push_back(release("R-" + std::to_string(i), "MSKU0028235"));
    }
    auto chain = bench.chain("ciq");
    bench.take(chain.next(orders));
    bench.turns(3);  // opened, begun, and a slice or two
    const auto verdict = bench.decide(the_box);
    CHECK(bench.heard.empty());
    CHECK(codes(verdict) == std::vector{ReasonCode::orders_empty});
    CHECK(verdict.order_cursor == 0);
    bench.until_applied(1);
    CHECK(bench.decide(the_box).outcome == VerdictOutcome::release);
}

TEST_CASE("a look-up does not wait while a batch is read") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    bench.take(chain.next({release("R-1", the_box)}));
    bench.until_applied(1);
    bench.settle();
    auto go_on = bench.block_documents();
    bench.take(chain.next({release("R-1", the_box, "held")}));
    CHECK(bench.decide(the_box).outcome == VerdictOutcome::release);
    go_on();
    bench.until_applied(2);
    CHECK(bench.decide(the_box).outcome == VerdictOutcome::hold);
}

TEST_CASE("the next batch waits until the journal has recorded the one before it") {
    OrderBench bench;
    bench.journal_answers = false;
    auto chain = bench.chain("ciq");
    bench.take(chain.next({}));
    bench.take(chain.next({}));
    bench.until_applied(1);
    bench.settle();
    CHECK(bench.heard == std::vector<std::int64_t>{1});
    bench.journal_answers = true;
    bench.answer_journal();
    bench.until_applied(2);
}

TEST_CASE("what waits is bounded by number and by size, and what was dropped is asked for when there is room") {
    OrderBench bench;
    SECTION("by number") {
        auto chain = bench.chain("ciq");
        for (int i = 0; i < 70; ++i) {
            bench.take(chain.next({}));
        }
        bench.until([&] { return !bench.asked.empty(); });
        // One is under way, 64 wait; the newest are dropped.
        CHECK(bench.desk().cursor() == 65);
        CHECK(std::ranges::any_of(bench.asked, [](const auto& need) { return need.from == 66; }));
    }
    SECTION("by size") {
        for (int i = 0; i < 8; ++i) {
            bench.take(std::string(std::size_t{4} * 1024 * 1024, 'x'));
        }
        bench.until([&] { return !bench.asked.empty(); });
        CHECK(bench.desk().refused_documents() == 5);  // one under way, 16 MiB behind it
    }
    CHECK(bench.fatal.empty());
}

TEST_CASE("orders whose usage cannot be read are not released") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    bench.take(chain.next({release("R-1", the_box)}));
    bench.until_applied(1);
    bench.usage = std::nullopt;
    const auto verdict = bench.decide(the_box);
    CHECK(verdict.outcome == VerdictOutcome::hold);
    CHECK(codes(verdict) == std::vector{ReasonCode::lookup_failed});
    CHECK(verdict.claims.empty());
}

TEST_CASE("an order that is used up is held") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    bench.take(chain.next({release("R-1", the_box)}));
    bench.until_applied(1);
    const UsageKey key{Authority{"ciq"}, OrderId{"R-1"}, ContainerNumber::parse(the_box).value(), ControlPoint{"g07"}};
    bench.usage = std::vector<Usage>{{key, UsageState::used, supervision::testing::passage_id(9)}};
    CHECK(codes(bench.decide(the_box)) == std::vector{ReasonCode::order_used});
}

TEST_CASE("a batch that finds no room on the disk holds, is asked for again, and is applied when it comes") {
    OrderBench bench{{50, FaultyDisk::name()}};
    auto chain = bench.chain("ciq");
    bench.take(chain.next({release("R-1", the_box)}));
    bench.until_applied(1);
    const auto second = chain.next({release("R-2", "MSKU0028235")});
    FaultyDisk::fail(DiskFault::full, 1, true);
    bench.take(second);
    bench.until([&] { return !bench.asked.empty(); });
    FaultyDisk::heal();
    CHECK(bench.asked[0].from == 2);
    CHECK(bench.fatal.empty());
    CHECK(codes(bench.decide(the_box)) == std::vector{ReasonCode::orders_behind});
    bench.take(second);
    bench.until_applied(2);
    CHECK(bench.decide(the_box).outcome == VerdictOutcome::release);
}

TEST_CASE("a cache in doubt stops the process: only a restart can tell what is in it") {
    OrderBench bench{{50, FaultyDisk::name()}};
    auto chain = bench.chain("ciq");
    FaultyDisk::fail(DiskFault::write_error, 1, true);
    bench.take(chain.next({release("R-1", the_box)}));
    bench.until([&] { return !bench.fatal.empty(); });
    FaultyDisk::heal();
    CHECK(bench.heard.empty());
}

TEST_CASE("a restart records the batch that a crash kept from the journal, with its true counts and its age") {
    OrderBench bench;
    bench.journal_answers = false;
    auto chain = bench.chain("ciq");
    bench.take(chain.next({release("R-1", the_box), release("R-2", "MSKU0028235")}));
    bench.until_applied(1);
    bench.clock.advance(1h);
    bench.restart();
    bench.desk().reconcile({});
    CHECK(bench.heard.empty());  // no lane runs yet, and none has seen older orders
    const auto batches = bench.events("order.batch");
    REQUIRE(batches.size() == 1);
    CHECK(number(batches[0], "number") == 1);
    CHECK(number(batches[0], "added") == 2);
    CHECK(number(batches[0], "changed") == 0);
    CHECK(number(batches[0], "cursor") == 1);
    CHECK(text(batches[0], "source") == "restart");
    REQUIRE(bench.positions.size() == 1);
    CHECK(bench.desk().age_s(bench.clock.now().wall) == 3600);
    CHECK(bench.decide(the_box).outcome == VerdictOutcome::release);
}

TEST_CASE("a restart records nothing that the journal knows") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    bench.take(chain.next({}));
    bench.until_applied(1);
    const auto known = bench.positions;
    bench.restart();
    bench.desk().reconcile(known);
    CHECK(bench.submitted.empty());
    bench.take(chain.next({}));
    bench.until_applied(2);
}

TEST_CASE("a cache that lost what the journal saw applied holds until it is there again") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    const auto first = chain.next({release("R-1", the_box)});
    const auto second = chain.next({revocation("R-1")});
    bench.desk().reconcile({{Authority{"ciq"}, 2, chain.hash(), 7}, {Authority{"police"}, 3, {}, 6}});
    CHECK(needs_of(bench.desk()) == "ciq:1 police:1 terminal:1");
    bench.take(first);
    bench.until_applied(1);
    // Batch 2 revokes this order: until it is back, the first one alone must release nothing.
    CHECK(codes(bench.decide(the_box)) == std::vector{ReasonCode::orders_behind});
    bench.take(second);
    bench.until_applied(2);
    const auto verdict = bench.decide(the_box);
    CHECK(verdict.outcome == VerdictOutcome::hold);
}

TEST_CASE("a worker that takes no more look-ups makes verdicts hold") {
    OrderBench bench;
    const auto release_worker = bench.block_worker();
    for (int i = 0; i < 5; ++i) {
        bench.ask(the_box);
    }
    bench.until([&] { return !bench.verdicts.empty(); });
    CHECK(codes(bench.verdicts.front()) == std::vector{ReasonCode::lookup_failed});
    release_worker();
    bench.until([&] { return bench.verdicts.size() == 5; });
}

}  // namespace portcullis::gate
