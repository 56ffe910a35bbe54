#include "gate/journal_keeper.hpp"

#include <deque>
#include <vector>

#include "tests/support/catch.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;

/// A keeper over a journal whose heads and entries the test lists.
struct KeeperBench {
    Now now{Instant{}, WallTime{1'700'000'000'000ms}, ClockState::synchronised};
    std::int64_t stored = 1000;
    bool idle = true;
    std::deque<std::int64_t> heads{100, 200, 300};  ///< all old enough
    std::int64_t cut_through = 0;
    std::int64_t personal_through = 250;  ///< entries up to here are old enough; every tenth names a person
    std::vector<Event> told;
    std::vector<bool> reserves;
    std::vector<std::int64_t> firsts;
    std::int64_t remembered = -1;
    int steps = 0;
    bool fails = false;
    StorageLook look{BallastState::whole, 1ULL << 40U, 1ULL << 20U, std::nullopt, std::nullopt};
    JournalKeeper keeper{{24h * 400, 24h * 90}, 0, ports(), now.instant};

    JournalKeeper::Ports ports() {
        JournalKeeper::Ports ports;
        ports.look = [this](const std::function<void(StorageLook)>& done) { done(look); };
        ports.cut = [this](std::int64_t through, WallTime before,
                           const std::function<void(std::optional<CutDone>)>& done) {
            ++steps;
            CHECK(before == now.wall - 24h * 400);
            CutDone cut;
            cut.first_before = cut_through + 1;
            if (!heads.empty() && heads.front() <= through) {
                cut.through = cut_through = heads.front();
                heads.pop_front();
            }
            done(fails ? std::nullopt : std::optional{cut});
        };
        ports.erase = [this](ErasureStep step, const std::function<void(std::optional<Erased>)>& done) {
            ++steps;
            CHECK(step.before == now.wall - 24h * 90);
            Erased erased;
            erased.looked_through = step.from - 1;
            const auto most = std::min({step.through, personal_through, step.from + 49});
            for (auto entry = step.from; entry <= most; ++entry) {
                erased.looked_through = entry;
                if (entry % 10 == 0) {
                    erased.first = erased.events == 0 ? entry : erased.first;
                    erased.last = entry;
                    ++erased.events;
                }
            }
            erased.more = most == step.from + 49;
            done(fails ? std::nullopt : std::optional{erased});
        };
        ports.stored_by_all = [this] { return StoredByAll{stored, "supervision"}; };
        ports.idle = [this] { return idle; };
        ports.record = [this](Event event) { told.push_back(std::move(event)); };
        ports.erased_through = [this](std::int64_t through) { remembered = through; };
        ports.reserve = [this](bool whole) { reserves.push_back(whole); };
        ports.first_changed = [this](std::int64_t first) { firsts.push_back(first); };
        return ports;
    }
    void pass(std::chrono::nanoseconds time) {
        for (auto until = now.instant + time; now.instant < until;) {
            now.instant += 250ms;
            keeper.tick(now);
        }
    }
    std::int64_t number(std::size_t event, const char* member) {
        return *told.at(event).data.find(member)->get<std::int64_t>();
    }
};

TEST_CASE("old entries are removed and old names erased, each told once a run, and the place is remembered") {
    KeeperBench bench;
    bench.pass(2min);
    REQUIRE(bench.told.size() == 2);
    CHECK(bench.told[0].type == "journal.cut");
    CHECK(bench.number(0, "through") == 300);
    CHECK(bench.number(0, "events") == 300);
    CHECK(bench.firsts == std::vector<std::int64_t>{101, 201, 301});
    CHECK(bench.told[1].type == "journal.erased");
    CHECK(bench.number(1, "first") == 10);
    CHECK(bench.number(1, "last") == 250);
    CHECK(bench.number(1, "events") == 25);
    CHECK(bench.remembered == 250);
    const auto steps = bench.steps;
    bench.pass(50min);
    CHECK(bench.steps == steps);
    bench.personal_through = 260;
    bench.pass(20min);
    REQUIRE(bench.told.size() == 3);
    CHECK(bench.number(2, "first") == 260);
}

TEST_CASE("nothing is removed or erased that a required destination has not stored") {
    KeeperBench bench;
    bench.stored = 150;
    bench.pass(2min);
    CHECK(bench.cut_through == 100);
    CHECK(bench.remembered == 150);
}

TEST_CASE("nothing is removed or erased by a clock that is not synchronised, nor while a commit waits") {
    KeeperBench bench;
    bench.now.clock_state = ClockState::unsynchronised;
    bench.pass(2h);
    CHECK(bench.steps == 0);
    bench.now.clock_state = ClockState::synchronised;
    bench.idle = false;
    bench.pass(2h);
    CHECK(bench.steps == 0);
    bench.idle = true;
    bench.pass(10s);
    CHECK(bench.cut_through == 300);
}

TEST_CASE("a step that fails ends the run, and the next run takes it up again") {
    KeeperBench bench;
    bench.fails = true;
    bench.pass(30min);
    CHECK(bench.steps == 1);
    bench.fails = false;
    bench.pass(2h);
    CHECK(bench.remembered == 250);
}

TEST_CASE("room is looked at every ten seconds, and every second while the ballast is given away") {
    KeeperBench bench;
    bench.pass(60s);
    CHECK(bench.reserves == std::vector<bool>(6, true));
    bench.look.ballast = BallastState::given;
    bench.keeper.ballast_given(bench.now);
    CHECK_FALSE(bench.reserves.back());
    bench.reserves.clear();
    bench.pass(10s);
    CHECK(bench.reserves == std::vector<bool>(10, false));
    CHECK(bench.told.front().type == "journal.storage");
    bench.look.ballast = BallastState::whole;
    bench.pass(1s);
    CHECK(bench.reserves.back());
}

}  // namespace
}  // namespace portcullis::gate
