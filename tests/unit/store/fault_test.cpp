#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "tests/unit/store/a_journal.hpp"
#include "tests/unit/store/faulty_disk.hpp"
#include "tests/unit/store/temporary_directory.hpp"

using namespace portcullis;
using namespace portcullis::store;
using namespace portcullis::store::testing;

namespace {

constexpr int batch_events = 5;
constexpr int batches = 6;

/// Appends batches, with a checkpoint now and then, until something is not committed or `batches` are.
struct Run {
    std::int64_t acknowledged = 0;
    StoreOutcome last = StoreOutcome::committed;
};

Run run_batches(Journal& journal) {
    Run run;
    for (int i = 0; i < batches && run.last == StoreOutcome::committed; ++i) {
        run.last = journal.append(events_after(journal, batch_events));
        run.acknowledged = journal.last().sequence;
        if (run.last == StoreOutcome::committed && i % 4 == 3) {
            run.last = journal.checkpoint();
        }
    }
    return run;
}

}  // namespace

TEST_CASE("a full disk is a no: nothing is written, and it goes on when there is room") {
    const TemporaryDirectory directory;
    for (int nth = 1; nth < 60; ++nth) {
        CAPTURE(nth);
        std::filesystem::remove_all(directory.path() / "state");
        std::filesystem::create_directory(directory.path() / "state");
        std::int64_t before = 0;
        {
            auto journal = open_journal(directory.path() / "state", FaultyDisk::name());
            FaultyDisk::fail(DiskFault::full, nth, true);
            const auto run = run_batches(*journal);
            if (!FaultyDisk::has_failed()) {
                FaultyDisk::heal();
                CHECK(run.last == StoreOutcome::committed);
                break;
            }
            // The last write of all is the mark of the journal's end, without which a batch is as durable.
            REQUIRE((run.last == StoreOutcome::full || run.acknowledged == batches * batch_events));
            CHECK(journal->append(events_after(*journal, 1)) == StoreOutcome::full);
            CHECK_FALSE(journal->failure().empty());
            before = run.acknowledged;
            CHECK(journal->last().sequence == before);
            FaultyDisk::heal();
            REQUIRE(journal->append(events_after(*journal, batch_events)) == StoreOutcome::committed);
        }
        auto journal = open_journal(directory.path() / "state");
        REQUIRE(count_whole(*journal) == before + batch_events);
    }
}

TEST_CASE("any other failure is unknown: the process stops, and a restart finds all that was acknowledged") {
    const auto fault = GENERATE(DiskFault::write_error, DiskFault::sync_error);
    const bool for_good = GENERATE(true, false);
    const TemporaryDirectory directory;
    int swept = 0;
    for (int nth = 1; nth < 200; ++nth) {
        CAPTURE(nth, for_good);
        const auto state = directory.path() / std::to_string(nth);
        std::filesystem::create_directory(state);
        Run run;
        {
            auto journal = open_journal(state, FaultyDisk::name());
            FaultyDisk::fail(fault, nth, for_good);
            run = run_batches(*journal);
            if (FaultyDisk::has_failed()) {
                REQUIRE((run.last == StoreOutcome::unknown || run.acknowledged == batches * batch_events));
                // Also after the disk says that all is well again.
                CHECK(journal->append(events_after(*journal, 1)) == StoreOutcome::unknown);
                CHECK(journal->checkpoint() == StoreOutcome::unknown);
            }
        }
        const bool failed = FaultyDisk::has_failed();
        FaultyDisk::heal();
        if (!failed) {
            CHECK(run.last == StoreOutcome::committed);
            break;
        }
        ++swept;
        auto journal = open_journal(state);
        CHECK_FALSE(journal->start().created);
        const auto found = count_whole(*journal);
        // The batch whose outcome was unknown may be there, whole.
        REQUIRE((found == run.acknowledged || found == run.acknowledged + batch_events));
        REQUIRE(journal->append(events_after(*journal, 1)) == StoreOutcome::committed);
    }
    CHECK(swept >= 6);  // each batch has a sync of its own
}

TEST_CASE("a start on a disk that fails says so, and the next start is whole") {
    const TemporaryDirectory directory;
    for (int nth = 1; nth < 40; ++nth) {
        CAPTURE(nth);
        const auto state = directory.path() / std::to_string(nth);
        std::filesystem::create_directory(state);
        FaultyDisk::name();
        FaultyDisk::fail(DiskFault::write_error, nth, true);
        const bool opened = try_open(state, FaultyDisk::name()).ok();
        const bool failed = FaultyDisk::has_failed();
        FaultyDisk::heal();
        REQUIRE(opened == !failed);
        auto journal = open_journal(state);
        CHECK(journal->append(events_after(*journal, 1)) == StoreOutcome::committed);
        if (!failed) {
            break;
        }
    }
}

TEST_CASE("kill -9 while events are appended: every acknowledged one is there, in order, once") {
    const TemporaryDirectory directory;
    std::int64_t written = 0;
    for (int life = 1; life <= 5; ++life) {
        std::array<int, 2> channel{};
        REQUIRE(::pipe(channel.data()) == 0);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            ::close(channel[0]);
            auto opened = try_open(directory.path());
            while (opened && (*opened)->append(events_after(**opened, batch_events)) == StoreOutcome::committed) {
                const auto last = (*opened)->last().sequence;
                if (::write(channel[1], &last, sizeof last) != sizeof last) {
                    break;
                }
            }
            ::_exit(1);
        }
        ::close(channel[1]);
        std::int64_t acknowledged = 0;
        for (int acks = 0; acks < 20 * life; ++acks) {
            REQUIRE(::read(channel[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged);
        }
        REQUIRE(::kill(child, SIGKILL) == 0);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        REQUIRE(WIFSIGNALED(status));
        // What the child said in its last moments counts as well.
        while (::read(channel[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged) {
        }
        ::close(channel[0]);

        auto journal = open_journal(directory.path());
        CHECK_FALSE(journal->start().previous_stop_clean);
        const auto found = count_whole(*journal);
        CHECK(found % batch_events == 0);
        REQUIRE(found >= acknowledged);
        CHECK(acknowledged > written);
        written = found;
    }
}
