// Snapshots: how they come in, what is refused, and that lanes decide meanwhile.
#include <algorithm>
#include <optional>

#include "codec/order_snapshot.hpp"
#include "codec/orders.hpp"
#include "gate/order_import.hpp"
#include "tests/unit/gate/order_bench.hpp"

using namespace portcullis;
using namespace portcullis::gate;
using namespace portcullis::gate::testing;
using namespace std::chrono_literals;

namespace {

constexpr auto csqu = "CSQU3054383";
constexpr auto tcnu = "TCNU6417851";

std::string line(const std::string& order) {
    const auto read = codec::read_order_operation(order, Authority{"ciq"});
    REQUIRE(read.ok());
    return codec::write_cached_order(std::get<Order>(*read)) + "\n";
}

/// A snapshot whose chunks hold one order each.
struct Snapshot {
    explicit Snapshot(std::vector<std::string> orders, std::int64_t number = 5) {
        std::transform(orders.begin(), orders.end(), std::back_inserter(chunks), line);
        head.authority = Authority{"ciq"};
        head.terminal = "xmht";
        head.gates = {"*"};
        head.number = number;
        head.hash = std::string(64, 'a');
        head.issued = time_from_text("2026-11-23T01:02:03.000Z").value();
        head.expires = time_from_text("2026-11-30T01:02:03.000Z").value();
        for (const auto& chunk : chunks) {
            head.chunks.push_back({hex_text(trust::sha256(chunk)), static_cast<std::int64_t>(chunk.size()),
                                   std::count(chunk.begin(), chunk.end(), '\n')});
        }
    }
    /// Its only order, with these places used.
    void say_used(const std::vector<UsedOrder>& used) {
        const auto order = codec::read_cached_order(chunks.at(0).substr(0, chunks[0].size() - 1)).value();
        chunks[0] = codec::write_snapshot_line(order, used) + "\n";
        head.chunks[0].sha256 = hex_text(trust::sha256(chunks[0]));
        head.chunks[0].bytes = static_cast<std::int64_t>(chunks[0].size());
    }
    [[nodiscard]] std::string envelope(const trust::SigningKey& key = orders_key()) const {
        return signed_by(key, codec::write_order_snapshot(head), codec::payload_type_of(codec::snapshot_kind));
    }
    OrderSnapshot head;
    std::vector<std::string> chunks;
};

void take_piece(OrderBench& bench, const Snapshot& snapshot, std::int64_t chunk, std::string bytes) {
    bench.desk().take_snapshot({"snapshot", std::move(bytes), false, {Authority{"ciq"}, snapshot.head.number, chunk}},
                               "supervision");
    bench.settle();
}

/// Central: the head, and each chunk when it is asked for.
void serve(OrderBench& bench, const Snapshot& snapshot) {
    take_piece(bench, snapshot, 0, snapshot.envelope());
    for (std::size_t served = 0; served < bench.asked_snapshots.size(); ++served) {
        const auto need = bench.asked_snapshots[served];
        if (need.chunk > 0) {
            take_piece(bench, snapshot, need.chunk, snapshot.chunks.at(static_cast<std::size_t>(need.chunk) - 1));
        }
    }
    bench.settle();
}

}  // namespace

TEST_CASE("a snapshot is asked for chunk by chunk, takes its place, is recorded, and batches go on behind it") {
    OrderBench bench;
    const Snapshot snapshot{{release("R-1", csqu), release("R-2", tcnu, "held")}};
    serve(bench, snapshot);
    REQUIRE(bench.asked_snapshots.size() == 2);
    CHECK(bench.asked_snapshots[0] == uplink::SnapshotNeed{Authority{"ciq"}, 5, 1});
    CHECK(bench.asked_snapshots[1] == uplink::SnapshotNeed{Authority{"ciq"}, 5, 2});
    const auto recorded = bench.events("order.batch");
    REQUIRE(recorded.size() == 1);
    CHECK(text(recorded[0], "kind") == "snapshot");
    CHECK(number(recorded[0], "number") == 5);
    CHECK(number(recorded[0], "added") == 2);
    REQUIRE(bench.positions.size() == 1);
    CHECK(bench.positions[0].number == 5);
    CHECK(bench.heard == std::vector<std::int64_t>{1});
    CHECK(bench.decide(csqu).outcome == VerdictOutcome::release);
    CHECK(codes(bench.decide(tcnu)) == std::vector{ReasonCode::order_held});
    CHECK(bench.asked.back().from == 6);

    BatchHead next;
    next.number = 6;
    next.previous = hash256_from_hex(snapshot.head.hash).value();
    next.orders = {revocation("R-1")};
    bench.take(signed_by(orders_key(), next.payload()));
    bench.until_applied(2);
    CHECK(codes(bench.decide(csqu)) == std::vector{ReasonCode::order_revoked});
}

TEST_CASE("a snapshot says which places of its orders were used, and is in force only when these are durable") {
    OrderBench bench;
    Snapshot snapshot{{release("R-1", csqu)}};
    snapshot.say_used({{OrderId{"R-1"}, ContainerNumber::parse(csqu).value(), ControlPoint{"g07"}, "g01",
                        supervision::testing::passage_id(9), 1, snapshot.head.issued}});
    bench.journal_answers = false;
    serve(bench, snapshot);
    CHECK(bench.heard.empty());
    bench.journal_answers = true;
    bench.answer_journal();
    bench.settle();
    CHECK(bench.heard == std::vector<std::int64_t>{1});
    CHECK(codes(bench.decide(csqu)) == std::vector{ReasonCode::order_used});
}

TEST_CASE("lanes decide by the orders of before while a snapshot is filled") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    bench.take(chain.next({release("R-old", csqu)}));
    bench.until_applied(1);
    const Snapshot snapshot{{release("R-1", csqu, "held"), release("R-2", tcnu)}};
    take_piece(bench, snapshot, 0, snapshot.envelope());
    take_piece(bench, snapshot, 1, snapshot.chunks[0]);
    CHECK(bench.decide(csqu).outcome == VerdictOutcome::release);
    take_piece(bench, snapshot, 2, snapshot.chunks[1]);
    bench.settle();
    CHECK(codes(bench.decide(csqu)) == std::vector{ReasonCode::order_held});
}

TEST_CASE("an expired batch in the middle of a chain holds, and a snapshot frees its authority") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    bench.take(chain.next({release("R-1", csqu)}));
    bench.until_applied(1);
    BatchHead late;
    late.number = 2;
    late.previous = chain.hash();
    late.expires = "2026-11-23T01:02:04.000Z";
    late.orders = {release("R-2", tcnu)};
    bench.take(signed_by(orders_key(), late.payload()));
    bench.settle();
    REQUIRE(bench.events("document.refused").size() == 1);
    CHECK(text(bench.events("document.refused")[0], "cause") == "expiry");
    CHECK(bench.asked_snapshots == std::vector{uplink::SnapshotNeed{Authority{"ciq"}, 0, 0}});
    CHECK(codes(bench.decide(csqu)) == std::vector{ReasonCode::orders_behind});
    bench.asked_snapshots.clear();
    serve(bench, Snapshot{{release("R-1", csqu), release("R-2", tcnu)}, 2});
    CHECK(bench.decide(csqu).outcome == VerdictOutcome::release);
    CHECK(bench.decide(tcnu).outcome == VerdictOutcome::release);
}

TEST_CASE("where batches that were asked for do not come, a snapshot is asked for too") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    static_cast<void>(chain.next({}));
    bench.take(chain.next({}));
    bench.settle();
    CHECK(bench.asked_snapshots.empty());
    bench.clock.advance(61s);
    bench.desk().tick(bench.clock.now());
    CHECK(bench.asked_snapshots == std::vector{uplink::SnapshotNeed{Authority{"ciq"}, 0, 0}});
}

TEST_CASE("a chunk that is not what the head names is refused, and the right one is taken") {
    OrderBench bench;
    const Snapshot snapshot{{release("R-1", csqu)}};
    take_piece(bench, snapshot, 0, snapshot.envelope());
    auto forged = snapshot.chunks[0];
    forged[forged.find("released")] = 'R';
    take_piece(bench, snapshot, 1, forged);
    REQUIRE(bench.events("document.refused").size() == 1);
    CHECK(text(bench.events("document.refused")[0], "kind") == "snapshot");
    CHECK(text(bench.events("document.refused")[0], "cause") == "chain");
    bench.clock.advance(31s);
    bench.desk().tick(bench.clock.now());
    CHECK(bench.asked_snapshots.size() == 2);
    take_piece(bench, snapshot, 1, snapshot.chunks[0]);
    bench.settle();
    CHECK(bench.decide(csqu).outcome == VerdictOutcome::release);
}

TEST_CASE("a snapshot's head is refused for what would refuse a batch") {
    OrderBench bench;
    Snapshot snapshot{{release("R-1", csqu)}};
    std::string envelope;
    std::string cause;
    SECTION("a stranger's key") {
        envelope = snapshot.envelope(stranger_key());
        cause = "signature";
    }
    SECTION("another terminal") {
        snapshot.head.terminal = "other";
        envelope = snapshot.envelope();
        cause = "audience";
    }
    SECTION("other gates") {
        snapshot.head.gates = {"g08"};
        envelope = snapshot.envelope();
        cause = "audience";
    }
    SECTION("expired") {
        snapshot.head.issued = time_from_text("2026-11-20T00:00:00.000Z").value();
        snapshot.head.expires = time_from_text("2026-11-21T00:00:00.000Z").value();
        envelope = snapshot.envelope();
        cause = "expiry";
    }
    SECTION("a batch's envelope") {
        envelope = bench.chain("ciq").next({});
        cause = "parse";
    }
    take_piece(bench, snapshot, 0, envelope);
    REQUIRE(bench.events("document.refused").size() == 1);
    CHECK(text(bench.events("document.refused")[0], "cause") == cause);
    CHECK(bench.asked_snapshots.empty());
}

TEST_CASE("one bad order refuses its snapshot, and the orders of before stay") {
    OrderBench bench;
    auto chain = bench.chain("ciq");
    bench.take(chain.next({release("R-old", csqu)}));
    bench.until_applied(1);
    auto orders = std::vector{release("R-2", tcnu), release("R-1", csqu)};  // the other way round
    SECTION("the order of containers") {}
    SECTION("an order twice") {
        orders = {release("R-1", csqu), release("R-1", tcnu)};
    }
    const Snapshot snapshot{orders};
    serve(bench, snapshot);
    REQUIRE(bench.events("document.refused").size() == 1);
    CHECK(text(bench.events("document.refused")[0], "cause") == "parse");
    CHECK(number(bench.events("document.refused")[0], "number") == 5);
    CHECK(bench.decide(csqu).outcome == VerdictOutcome::release);
    CHECK_FALSE(std::filesystem::exists(bench.directory() / "orders.ciq.fill"));
}

TEST_CASE("no snapshot is taken that is older than what this stream applied, also after its cache was lost") {
    OrderBench bench;
    SECTION("what is here is newer") {
        auto chain = bench.chain("ciq");
        for (std::int64_t cursor = 1; cursor <= 5; ++cursor) {
            bench.take(chain.next({}));
            bench.until_applied(cursor);
        }
    }
    SECTION("the cache is lost and the journal knows better") {
        bench.desk().reconcile({{Authority{"ciq"}, 6, {}, 6}});
    }
    serve(bench, Snapshot{{release("R-1", csqu)}, 5});
    CHECK(bench.asked_snapshots.empty());
    CHECK(bench.events("document.refused").empty());
    serve(bench, Snapshot{{release("R-1", csqu)}, 6});
    CHECK(bench.asked_snapshots.size() == 1);
    CHECK(bench.decide(csqu).outcome == VerdictOutcome::release);
}

TEST_CASE("a file brings batches and snapshots, and says what became of them") {
    OrderBench bench;
    OrderImport import{bench.context(), bench.snapshot_worker(), bench.desk()};
    const auto file = bench.directory() / "orders.jsonl";
    const auto member = [&](const char* name) { return *Value{import.view()}.find(name)->get<std::int64_t>(); };
    const auto over = [&] { return *Value{import.view()}.find("state")->get<std::string>() == "done"; };
    SECTION("batches") {
        auto chain = bench.chain("ciq");
        const auto first = chain.next({release("R-1", csqu)});
        std::ofstream{file} << first << "\n\n" << first << "\n" << chain.next({release("R-2", tcnu)});
        REQUIRE_FALSE(import.begin(file).has_value());
        CHECK(import.begin(file).has_value());
        bench.until(over);
        CHECK(member("taken") == 2);
        CHECK(member("refused") == 1);
        CHECK(bench.decide(tcnu).outcome == VerdictOutcome::release);
    }
    SECTION("a snapshot") {
        const Snapshot snapshot{{release("R-1", csqu), release("R-2", tcnu)}};
        std::ofstream{file} << snapshot.envelope() << "\n" << snapshot.chunks[0] << snapshot.chunks[1];
        REQUIRE_FALSE(import.begin(file).has_value());
        bench.until(over);
        CHECK(member("taken") == 1);
        CHECK(member("refused") == 0);
        CHECK(bench.decide(tcnu).outcome == VerdictOutcome::release);
        CHECK(text(bench.events("order.batch").at(0), "source") == "file");
    }
    SECTION("a snapshot that was changed") {
        const Snapshot snapshot{{release("R-1", csqu)}};
        std::ofstream{file} << snapshot.envelope() << "\n" << line(release("R-1", tcnu));
        REQUIRE_FALSE(import.begin(file).has_value());
        bench.until(over);
        CHECK(member("refused") == 1);
        CHECK(bench.events("order.batch").empty());
    }
    SECTION("nothing") {
        std::ofstream{file} << "";
        REQUIRE_FALSE(import.begin(file).has_value());
        bench.until(over);
        CHECK(import.view().back().name == "problem");
        CHECK(import.begin(bench.directory() / "elsewhere").has_value());
    }
}
