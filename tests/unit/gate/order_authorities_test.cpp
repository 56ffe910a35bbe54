// Whose orders a gate wants, and whose it can hold.
#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/unit/gate/order_bench.hpp"
#include "tests/unit/gate/signed_batch.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;
using namespace testing;

const std::string wanted_box = "CSQU3054383";

/// A root that names keys for these authorities.
OrderTrust naming(const std::vector<std::string>& authorities) {
    OrderTrust trust;
    for (const auto& authority : authorities) {
        trust.keys.by_authority.emplace(Authority{authority}, trust::KeySet{{orders_key().public_key()}, 1});
    }
    return trust;
}

/// `ciq:2 customs:1`, in the order in which they were asked for.
std::string asked_of(const OrderBench& bench) {
    std::string asked;
    for (const auto& need : bench.asked) {
        asked += (asked.empty() ? "" : " ") + need.authority.text() + ":" + std::to_string(need.from);
    }
    return asked;
}

/// As many as a gate holds, each with its first batch.
void fill_with_authorities(OrderBench& bench) {
    for (std::size_t i = 1; i <= most_order_authorities; ++i) {
        auto chain = bench.chain("authority-" + std::to_string(i));
        bench.take(chain.next({}));
        bench.until_applied(static_cast<std::int64_t>(i));
    }
}

}  // namespace

TEST_CASE("an authority of which nothing ever came is asked again, ever more seldom, for its answer may be lost") {
    OrderBench bench;  // whose policy names ciq and terminal
    auto ciq = bench.chain("ciq");
    bench.take(ciq.next({}));
    bench.until_applied(1);
    const auto asked_after = [&bench](std::chrono::seconds pause) {
        bench.asked.clear();
        bench.clock.advance(pause);
        bench.desk().tick(bench.clock.now());
        std::string authorities;
        for (const auto& need : bench.asked) {
            authorities += need.authority.text() + ":" + std::to_string(need.from) + " ";
        }
        return authorities;
    };
    CHECK(asked_after(59s).empty());
    CHECK(asked_after(1s) == "terminal:1 ");
    CHECK(asked_after(119s).empty());
    CHECK(asked_after(1s) == "terminal:1 ");
    for (int i = 0; i < 6; ++i) {
        CHECK(asked_after(16min) == "terminal:1 ");
    }
    auto terminal = bench.chain("terminal");
    bench.take(terminal.next({}));
    bench.until_applied(2);
    CHECK(asked_after(16min).empty());
}

TEST_CASE("with nothing applied yet every authority of the policy is asked for from its first batch") {
    OrderBench bench;
    CHECK(needs_of(bench.desk()) == "ciq:1 terminal:1");
    CHECK_FALSE(bench.desk().age_s(bench.clock.now().wall));
    CHECK(codes(bench.decide(wanted_box)) == std::vector{ReasonCode::orders_empty});
}

TEST_CASE("a gap of an authority that policy does not name is asked for and holds no box that needs nothing of it") {
    OrderBench bench;
    auto policy = bench.chain("ciq");
    bench.take(policy.next({release("R-1", wanted_box)}));
    auto other = bench.chain("police");
    other.next({});
    bench.take(other.next({}));
    bench.until([&] { return bench.asked.size() == 1; });
    CHECK(bench.asked[0].authority == Authority{"police"});
    CHECK(bench.asked[0].from == 1);
    CHECK(bench.decide(wanted_box).outcome == VerdictOutcome::release);
    CHECK(needs_of(bench.desk()) == "ciq:2 police:1 terminal:1");
}

TEST_CASE("an authority that the root names is asked for, also before any policy names it") {
    OrderBench bench;
    bench.desk().set_trust(naming({"customs", "police"}));
    CHECK(needs_of(bench.desk()) == "ciq:1 customs:1 police:1 terminal:1");
}

TEST_CASE("what an authority sent before the root named it is asked for at once, and once") {
    OrderBench bench;
    auto ciq = bench.chain("ciq");
    bench.take(ciq.next({}));
    bench.until_applied(1);
    bench.desk().set_trust(naming({"ciq", "customs"}));
    CHECK(asked_of(bench) == "ciq:2 customs:1");

    // A minute later the same root, and then one that names another authority.
    bench.desk().set_trust(naming({"ciq", "customs"}));
    CHECK(asked_of(bench) == "ciq:2 customs:1");
    bench.desk().set_trust(naming({"ciq", "customs", "police"}));
    CHECK(asked_of(bench) == "ciq:2 customs:1 police:1");
}

TEST_CASE("a trust that is looked at again and again does not put off that a snapshot is asked for") {
    OrderBench bench;
    auto trust = naming({"ciq", "terminal"});
    trust.named.emplace(Authority{"ciq"}, DocumentMark{3, {}});
    bench.desk().set_trust(trust);
    CHECK(asked_of(bench).starts_with("ciq:1"));
    for (int second = 0; second < 60; ++second) {
        CHECK(bench.asked_snapshots.empty());
        bench.clock.advance(1s);
        bench.desk().set_trust(trust);
        bench.desk().tick(bench.clock.now());
    }
    REQUIRE(bench.asked_snapshots.size() == 1);
    CHECK(bench.asked_snapshots[0].authority == Authority{"ciq"});
}

TEST_CASE("an authority of which the timestamp says what is missing is asked for once, not for each reason") {
    OrderBench bench;
    auto trust = naming({"customs"});
    trust.named.emplace(Authority{"customs"}, DocumentMark{3, {}});
    bench.desk().set_trust(std::move(trust));
    CHECK(asked_of(bench) == "customs:1");
}

TEST_CASE("one key for all authorities cannot fill a gate with ever new ones") {
    OrderBench bench;
    fill_with_authorities(bench);
    auto one_more = bench.chain("one-more");
    bench.take(one_more.next({}));
    // Not even a gap of it is remembered.
    bench.take(one_more.next({}));
    bench.until([&] { return bench.desk().refused_documents() == 2; });
    const auto refused = bench.events("document.refused");
    REQUIRE(refused.size() == 1);
    CHECK(text(refused[0], "cause") == "limits");
    CHECK(text(refused[0], "authority") == "one-more");
    CHECK(bench.desk().behind().empty());
    CHECK(bench.asked.empty());

    // Those that are here go on.
    auto first = bench.chain("authority-1");
    first.next({});
    bench.take(first.next({}));
    bench.until_applied(static_cast<std::int64_t>(most_order_authorities) + 1);
    SECTION("also after a restart") {
        bench.restart();
        bench.take(bench.chain("another").next({}));
        bench.until([&] { return bench.desk().refused_documents() == 1; });
    }
    SECTION("an authority that the root names finds room") {
        auto trust = naming({"one-more"});
        bench.desk().set_trust(std::move(trust));
        bench.take(bench.chain("one-more").next({}));
        bench.until_applied(static_cast<std::int64_t>(most_order_authorities) + 2);
    }
}

}  // namespace portcullis::gate
