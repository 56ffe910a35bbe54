// docs/central/consumer.py in central's place: what an integrator copies keeps its promise.
#include <sqlite3.h>

#include <csignal>
#include <memory>
#include <stdexcept>

#include "simulators/rig/child_process.hpp"
#include "tests/integration/gate_bench.hpp"
#include "tests/integration/three_views.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::testing {
namespace {

using namespace std::chrono_literals;

const Truck first{"闽D12345", "CSQU3054383"};
const Truck second{"闽D33333", "EGHU1159704"};

class ReferenceConsumer {
public:
    explicit ReferenceConsumer(GateBench& bench) : bench_(bench) { start(); }

    void start() {
        program_ = std::make_unique<rig::ChildProcess>(
            std::vector<std::string>{"docs/central/consumer.py", "--broker",
                                     "127.0.0.1:" + std::to_string(bench_.gate().broker().port()), "--prefix",
                                     bench_.gate().prefix(), "--store", store().string()},
            folder_.path() / "consumer.out");
    }
    void kill() {
        program_->signal(SIGKILL);
        static_cast<void>(program_->wait(10s));
    }
    int stop() {
        program_->signal(SIGTERM);
        return program_->wait(60s).value_or(-1);
    }
    /// What it has committed, in the order of its sequences.
    [[nodiscard]] std::vector<std::string> events() const {
        sqlite3* opened = nullptr;
        const int code = sqlite3_open_v2(store().c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
        const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> connection{opened, sqlite3_close};
        sqlite3_stmt* prepared = nullptr;
        if (code == SQLITE_OK) {
            sqlite3_busy_timeout(opened, 10'000);
            sqlite3_prepare_v2(opened, "SELECT bytes FROM event ORDER BY sequence", -1, &prepared, nullptr);
        }
        const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> rows{prepared, sqlite3_finalize};
        std::vector<std::string> found;
        while (prepared != nullptr && sqlite3_step(prepared) == SQLITE_ROW) {
            const auto* bytes = static_cast<const char*>(sqlite3_column_blob(prepared, 0));
            found.emplace_back(bytes, static_cast<std::size_t>(sqlite3_column_bytes(prepared, 0)));
        }
        return found;
    }

private:
    [[nodiscard]] std::filesystem::path store() const { return folder_.path() / "events.db"; }

    GateBench& bench_;
    store::testing::TemporaryDirectory folder_;
    std::unique_ptr<rig::ChildProcess> program_;
};

TEST_CASE("The reference consumer has every event once, over its own death, a broker restart and kills of the daemon") {
    GateBench bench;
    auto& lane = bench.lane();
    bench.start();
    bench.order({released(first), released(second)});
    bench.gate().central().stop();
    ReferenceConsumer consumer{bench};

    lane.arrives();
    lane.is_read(first);
    lane.arm_opens();
    lane.wait_for_state("permitted");
    bench.kill_and_restart();
    lane.goes_under();
    consumer.kill();
    bench.gate().broker_down();
    bench.kill_and_restart();
    lane.wait_for_state("passing");
    lane.leaves();
    lane.arm_closes();
    bench.gate().broker_up();
    consumer.start();
    lane.passes(second);
    bench.kill_and_restart();

    bench.until("the consumer has the stream so far", [&] {
        const auto now = bench.status();
        return now && static_cast<std::int64_t>(consumer.events().size()) >= now->last();
    });
    bench.ask_to_stop();
    CHECK(bench.wait_for_exit() == 0);
    CHECK(consumer.stop() == 0);
    const auto rows = bench.journal();
    const auto stored = consumer.events();
    REQUIRE(stored.size() <= rows.size());
    CHECK(stored.size() + 1 >= rows.size());  // stream.closing may still be on its way when the consumer is stopped
    for (std::size_t i = 0; i < stored.size(); ++i) {
        CHECK(stored[i] == rows[i].published);
    }
}

}  // namespace
}  // namespace portcullis::testing
