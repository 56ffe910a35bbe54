// Places of orders that were used at other gates.
#include <string>
#include <vector>

#include "codec/orders.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/gate/order_bench.hpp"
#include "tests/unit/gate/signed_batch.hpp"

namespace portcullis::gate {
namespace {

using namespace testing;

const std::string wanted = "CSQU3054383";

struct UsedAt {
    std::string point = "g07";
    std::string gate = "g01";
    char passage = '9';
};

/// Central's word that a vehicle took a place of an order for the wanted box.
std::string used_there(const std::string& order, const UsedAt& where) {
    return R"({"op":"used","order":")" + order + R"(","container":")" + wanted + R"(","control_point":")" +
           where.point + R"(","gate":")" + where.gate + R"(","passage":")" + std::string(32, where.passage) +
           R"(","at":"2026-11-24T00:30:00.000Z"})";
}

}  // namespace

TEST_CASE("an order that was used at another gate counts as used here") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    bench.take(chain.next({release("R-1", wanted)}));
    bench.until_applied(1);
    CHECK(bench.decide(wanted).outcome == VerdictOutcome::release);
    bench.take(chain.next({used_there("R-1", {})}));
    bench.until_applied(2);
    CHECK(codes(bench.decide(wanted)) == std::vector{ReasonCode::order_used});
    CHECK(bench.heard == std::vector<std::int64_t>{1, 2});  // lanes that wait ask again
    CHECK(number(bench.events("order.batch").back(), "used") == 1);
}

TEST_CASE("a place at another control point is another place") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    bench.take(chain.next({release("R-1", wanted), used_there("R-1", {.point = "inner"})}));
    bench.until_applied(1);
    CHECK(bench.decide(wanted).outcome == VerdictOutcome::release);
}

TEST_CASE("the same use said twice takes one place") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    auto twice = release("R-1", wanted);
    twice.replace(twice.find(R"("uses":1)"), 8, R"("uses":2)");
    bench.take(chain.next({twice, used_there("R-1", {}), used_there("R-1", {})}));
    bench.take(chain.next({used_there("R-1", {})}));
    bench.until_applied(2);
    CHECK(bench.decide(wanted).outcome == VerdictOutcome::release);
    bench.take(chain.next({used_there("R-1", {.passage = '8'})}));
    bench.until_applied(3);
    CHECK(codes(bench.decide(wanted)) == std::vector{ReasonCode::order_used});
}

TEST_CASE("a batch is in force only when the places that it says were used are durable") {
    OrderBench bench;
    bench.journal_answers = false;
    auto chain = bench.chain("ciq");
    const auto batch = chain.next({release("R-1", wanted), used_there("R-1", {})});
    bench.take(batch);
    bench.settle();
    CHECK(bench.heard.empty());
    CHECK(codes(bench.decide(wanted)) == std::vector{ReasonCode::orders_empty});

    SECTION("the journal writes") {
        bench.journal_answers = true;
        bench.answer_journal();
        bench.until_applied(1);
        CHECK(codes(bench.decide(wanted)) == std::vector{ReasonCode::order_used});
    }
    SECTION("a crash in between: the same batch comes again") {
        bench.answer_journal();
        bench.restart();
        bench.journal_answers = true;
        bench.take(batch);
        bench.until_applied(1);
        CHECK(bench.taken.size() == 1);
        CHECK(codes(bench.decide(wanted)) == std::vector{ReasonCode::order_used});
    }
}

TEST_CASE("many places are written in slices, so that no verdict's commit waits for all of them") {
    OrderBench bench;
    std::vector<std::string> orders{release("R-1", wanted)};
    for (int i = 0; i < 1200; ++i) {
        orders.push_back(used_there("R-" + std::to_string(i), {}));
    }
    auto chain = bench.chain("ciq");
    bench.take(chain.next(orders));
    bench.until_applied(1);
    CHECK(bench.taken.size() == 1200);
    CHECK(bench.transactions == 3);
    CHECK(codes(bench.decide(wanted)) == std::vector{ReasonCode::order_used});
}

TEST_CASE("of a batch for other gates no used place is taken") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    bench.take(chain.next({release("R-1", wanted)}));
    bench.take(chain.next({used_there("R-1", {})}, {"g08"}));
    bench.until_applied(2);
    CHECK(bench.taken.empty());
    CHECK(number(bench.events("order.batch").back(), "used") == 0);
}

}  // namespace portcullis::gate
