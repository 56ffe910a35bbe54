// What becomes of old entries, and of a full disk, on the real journal with its worker.
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "codec/event_schemas.hpp"
#include "gate/chain_check.hpp"
#include "gate/head_maker.hpp"
#include "gate/journal_access.hpp"
#include "gate/journal_writer.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/store/faulty_disk.hpp"
#include "tests/unit/store/temporary_directory.hpp"
#include "trust/hash.hpp"
#include "trust/sodium.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;
using store::testing::DiskFault;
using store::testing::FaultyDisk;
using store::testing::TemporaryDirectory;

constexpr std::uint64_t ballast_bytes = 1024 * 1024;
const WallTime first_day{1'700'000'000'000ms};

/// A bad frame: its sample is personal. A gap of orders: nobody is in it.
Event event_of(std::int64_t number) {
    const Now at{Instant{}, first_day + std::chrono::hours{24 * number}, ClockState::synchronised};
    if (number % 2 == 0) {
        return {"order.gap", "gate", at, Object{{"authority", "ciq"}, {"from", number}, {"to", number}}, std::nullopt};
    }
    return {"device.bad_frame", "device/plate", at,
            Object{{"kind", "checksum"}, {"count", 1}, {"sample", "plate" + std::to_string(number)}}, std::nullopt};
}

/// Twelve entries, a day apart; heads of 4, 8 and 12.
class UpkeepBench {
public:
    explicit UpkeepBench(const std::string& file_system = {})
        : journal_(store::Journal::open({directory_.path(), file_system, {}}, trust::random_ids(sodium_)).value()),
          writer_(events, {"/portcullis/xmht/g07", journal_->start().stream, {}, 0, {}}, trust::random_ids(sodium_)) {
        for (int i = 0; i < 3; ++i) {
            append(4);
        }
    }
    ~UpkeepBench() { worker_.stop(); }
    UpkeepBench(const UpkeepBench&) = delete;
    UpkeepBench& operator=(const UpkeepBench&) = delete;
    UpkeepBench(UpkeepBench&&) = delete;
    UpkeepBench& operator=(UpkeepBench&&) = delete;

    store::StoreOutcome append(int count) {
        store::JournalBatch batch;
        for (int i = 0; i < count; ++i) {
            batch.events.push_back(writer_.number(event_of(++numbered_)));
        }
        const HeadMaker heads{key, journal_->start().stream, {}, 0, {}};
        const auto& newest = batch.events.back();
        batch.heads.push_back(heads.make({newest.sequence, newest.hash, 0, 0}, newest.time));
        return asked<store::StoreOutcome>([&](auto done) { access.append(std::move(batch), done); });
    }
    template <class Answer, class Ask>
    Answer asked(const Ask& ask) {
        std::optional<Answer> answer;
        ask([&](Answer given) { answer = std::move(given); });
        const auto work = boost::asio::make_work_guard(context_);  // without it a turn does not wait for the worker
        for (int turns = 0; !answer && turns < 200; ++turns) {
            context_.restart();
            context_.run_one_for(100ms);
        }
        REQUIRE(answer);
        return std::move(*answer);
    }
    Erased erase(ErasureStep step) {
        return asked<std::optional<Erased>>([&](auto done) { access.erase(step, done); }).value();
    }
    CutDone cut(std::int64_t through, WallTime before) {
        return asked<std::optional<CutDone>>([&](auto done) { access.cut(through, before, done); }).value();
    }
    /// What stands in the journal, with a check of its chain.
    std::vector<std::string> published() {
        const auto wrong = check_chain_end(*journal_, events, key.public_key());
        CHECK_FALSE(wrong);
        std::vector<std::string> texts;
        auto rows = journal_->read_from(1, 100, 1'000'000).value();
        for (auto& row : rows) {
            texts.push_back(std::move(row.published));
        }
        return texts;
    }
    store::Journal& journal() { return *journal_; }
    [[nodiscard]] std::filesystem::path folder() const { return directory_.path(); }

    trust::Sodium sodium_;
    trust::SigningKey key = trust::SigningKey::generate(sodium_);
    codec::EventCatalogue catalogue{codec::embedded_event_schemas()};
    codec::EventWriter events{catalogue, trust::hmac_sha256};
    std::string fatal;
    int ballast_given = 0;

private:
    TemporaryDirectory directory_;
    boost::asio::io_context context_{1};
    runtime::SystemClock clock_;
    runtime::Log log_{runtime::Log::Form::plain, runtime::LogLevel::error};
    runtime::Worker worker_{{"journal", 64, 10s}, clock_};
    std::unique_ptr<store::Journal> journal_;
    JournalWriter writer_;
    std::int64_t numbered_ = 0;

public:
    JournalAccess access{{context_, clock_, log_, worker_},
                         *journal_,
                         store::Ballast{directory_.path(), ballast_bytes},
                         events,
                         [this](const std::string& why) { fatal = why; }};
};

bool holds(const std::vector<std::string>& texts, const std::string& part) {
    return std::ranges::any_of(texts, [&](const std::string& text) { return text.find(part) != std::string::npos; });
}

TEST_CASE("entries are removed head by head, as far as they are stored and old enough, and the chain holds") {
    UpkeepBench bench;
    const auto later = first_day + 24h * 1000;
    CHECK(bench.cut(3, later).through == 0);
    CHECK(bench.cut(12, first_day + 24h * 4).through == 0);
    const auto done = bench.cut(11, later);
    CHECK(done.through == 4);
    CHECK(done.first_before == 1);
    CHECK(bench.cut(11, later).through == 8);
    CHECK(bench.cut(11, later).through == 0);
    CHECK(bench.published().size() == 4);
    CHECK(bench.cut(12, later).through == 0);  // the newest entry stays
}

TEST_CASE("personal values are erased from entries that are old enough, and the chain holds") {
    UpkeepBench bench;
    const auto step = [](std::int64_t from, std::int64_t through, int days) {
        return ErasureStep{from, through, first_day + 24h * days, 50};
    };
    const auto young = bench.erase(step(1, 12, 6));
    CHECK(young.looked_through == 5);
    CHECK_FALSE(young.more);
    CHECK((young.first == 1 && young.last == 5 && young.events == 3));
    auto texts = bench.published();
    CHECK_FALSE(holds(texts, "\"plate5\""));
    CHECK(holds(texts, "\"plate7\""));
    CHECK(bench.erase(step(1, 12, 6)).events == 0);
    const auto unstored = bench.erase(step(6, 8, 1000));
    CHECK(unstored.looked_through == 8);
    CHECK(unstored.events == 1);
    texts = bench.published();
    CHECK(holds(texts, "\"plate9\""));
    CHECK(holds(texts, "sha256:"));
}

TEST_CASE("an erasure looks at a few entries at a time and says that there may be more") {
    UpkeepBench bench;
    const auto first = bench.erase({1, 12, WallTime::max(), 5});
    CHECK(first.looked_through == 5);
    CHECK(first.more);
    const auto rest = bench.erase({11, 12, WallTime::max(), 5});
    CHECK(rest.looked_through == 12);
    CHECK_FALSE(bench.erase({13, 12, WallTime::max(), 5}).more);
}

TEST_CASE("a full disk takes the ballast, and the commit that met it is durable") {
    UpkeepBench bench{FaultyDisk::name()};
    bench.access.on_ballast_given([&] { ++bench.ballast_given; });
    const auto look = [&] { return bench.asked<StorageLook>([&](auto done) { bench.access.look_at_storage(done); }); };
    CHECK(look().ballast == BallastState::whole);
    FaultyDisk::fail(DiskFault::full, 1, false);
    CHECK(bench.append(1) == store::StoreOutcome::committed);
    CHECK(bench.ballast_given == 1);
    CHECK_FALSE(std::filesystem::exists(bench.folder() / "ballast"));
    FaultyDisk::heal();
    CHECK(bench.published().size() == 13);
    const auto back = look();
    CHECK(back.ballast == BallastState::whole);
    CHECK(back.commit_p99.has_value());
    CHECK(back.free_bytes.value() > 0);
    CHECK(bench.fatal.empty());
}

TEST_CASE("a disk that stays full without a ballast to give is told as full") {
    UpkeepBench bench{FaultyDisk::name()};
    FaultyDisk::fail(DiskFault::full, 1, true);
    const auto outcome = bench.append(1);
    FaultyDisk::heal();
    CHECK(outcome == store::StoreOutcome::full);
    CHECK(bench.published().size() == 12);
}

TEST_CASE("the check at start finds an entry that was changed, and a head that another key signed") {
    UpkeepBench bench;
    const auto foreign = trust::SigningKey::generate(bench.sodium_);
    const auto wrong_key = check_chain_end(bench.journal(), bench.events, foreign.public_key());
    REQUIRE(wrong_key);
    CHECK(wrong_key->kind == "head");
    CHECK(wrong_key->sequence == 12);
    auto rows = bench.journal().read_from(12, 1, 1'000'000).value();
    auto text = rows.front().published;
    text.replace(text.find("\"from\":12"), 9, "\"from\":13");
    REQUIRE(bench.journal().erase({{12, text}}) == store::StoreOutcome::committed);
    const auto changed = check_chain_end(bench.journal(), bench.events, bench.key.public_key());
    REQUIRE(changed);
    CHECK(changed->kind == "chain");
    CHECK(changed->sequence == 12);
}

}  // namespace
}  // namespace portcullis::gate
