// A million events through numbering, journal and uplink to the reference consumer: what grows with them.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <vector>

#include "simulators/rig/child_process.hpp"
#include "tests/fault/link/consumer_store.hpp"
#include "tests/fault/link/gate_end.hpp"
#include "tests/support/figures.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::fault {
namespace {

using namespace std::chrono_literals;
using testing::Aim;

constexpr int written_at_once = 100;
/// So far the writer runs ahead of the consumer: the uplink always has work, and no more than that is in memory.
constexpr std::int64_t ahead = 3000;
/// Of the events; until then caches and pools fill.
constexpr double warm_up_share = 0.5;
constexpr double most_slope = 1024;  ///< KiB a million events
/// Fewer events show no slope: a single page of the allocator's would.
constexpr std::int64_t events_for_a_slope = 1'000'000;
constexpr double most_growth = 1024;  ///< KiB, over the second half of whatever run
constexpr int leaking_events = 5000;
constexpr std::size_t leaked_bytes = 4096;
constexpr double mib = 1048576.0;

double resident_kib() {
    std::ifstream file{"/proc/self/statm"};
    double size = 0;
    double resident = 0;
    file >> size >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1024.0;
}

std::int64_t descriptors() {
    return std::distance(std::filesystem::directory_iterator{"/proc/self/fd"}, std::filesystem::directory_iterator{});
}

/// Resident memory over events, as a straight line through the samples.
class Slope {
public:
    void add(double events, double kib) {
        ++n_;
        x_ += events;
        y_ += kib;
        xx_ += events * events;
        xy_ += events * kib;
    }
    /// From the first sample's line to the last one's.
    [[nodiscard]] double kib_over(double events) const { return kib_per_million() * events / 1e6; }
    [[nodiscard]] double kib_per_million() const { return (n_ * xy_ - x_ * y_) / (n_ * xx_ - x_ * x_) * 1e6; }

private:
    double n_ = 0;
    double x_ = 0;
    double y_ = 0;
    double xx_ = 0;
    double xy_ = 0;
};

class Soak {
public:
    Soak() : gate_(context_, clock_, {folder_.path() / "state", settings(), false}) {}

    /// Writes up to `last`; `look` is called now and then.
    void run_to(std::int64_t last, const std::function<void()>& look) {
        const auto began = clock_.now().instant;
        while (gate_.view().acknowledged < last) {
            if (gate_.last() < last && gate_.settled() && gate_.last() < gate_.view().acknowledged + ahead) {
                const auto count = std::min<std::int64_t>(written_at_once, last - gate_.last());
                gate_.write(static_cast<int>(count));
                look();
            }
            context_.run_one_for(10ms);
            if (!gate_.fatal().empty() || clock_.now().instant > began + 60s + (last / 200) * 1s) {
                throw std::runtime_error{"the stream stands at " + std::to_string(gate_.view().acknowledged) + ": " +
                                         gate_.view().cause + " " + gate_.fatal()};
            }
        }
    }
    /// Stops the consumer; how many events its store holds in an unbroken row, each once.
    std::int64_t stored() {
        consumer_.signal(SIGTERM);
        if (!consumer_.wait(20s)) {
            throw std::runtime_error{"the consumer does not end"};
        }
        std::int64_t next = 1;
        read_consumer_store(folder_.path() / "events.db",
                            [&](std::int64_t sequence, const std::string&) { next += sequence == next ? 1 : 0; });
        return next - 1;
    }
    [[nodiscard]] double size_mib(const char* file) const {
        std::error_code not_there;
        const auto bytes = std::filesystem::file_size(folder_.path() / "state" / file, not_there);
        return not_there ? 0 : static_cast<double>(bytes) / mib;
    }
    [[nodiscard]] GateEnd& gate() { return gate_; }

private:
    uplink::UplinkSettings settings() {
        uplink::UplinkSettings settings;
        settings.name = "supervision";
        settings.brokers = {broker_.uri()};
        settings.prefix = "portcullis/fault/soak";
        return settings;
    }

    runtime::SystemClock clock_;
    boost::asio::io_context context_;
    /// For moments in which all that is to happen lies with a worker or with Paho.
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{context_.get_executor()};
    store::testing::TemporaryDirectory folder_;
    testing::Mosquitto broker_{"max_inflight_messages 1000"};
    rig::ChildProcess consumer_{{"docs/central/consumer.py", "--broker", "127.0.0.1:" + std::to_string(broker_.port()),
                                 "--prefix", "portcullis/fault/soak", "--store", folder_.path() / "events.db"},
                                folder_.path() / "consumer.log"};
    GateEnd gate_;
};

int run(std::int64_t events) {
    Soak soak;
    Slope slope;
    double wal_most = 0;
    std::int64_t descriptors_warm = 0;
    const auto warm = static_cast<std::int64_t>(warm_up_share * static_cast<double>(events));
    soak.run_to(events, [&] {
        wal_most = std::max(wal_most, soak.size_mib("journal.db-wal"));
        const auto now = soak.gate().last();
        if (now >= warm && now % 1000 == 0) {
            slope.add(static_cast<double>(now), resident_kib());
            descriptors_warm = descriptors_warm == 0 ? descriptors() : descriptors_warm;
        }
        if (now % 100'000 == 0) {
            std::cerr << now << " of " << events << " events\n";
        }
    });
    const auto open_now = descriptors();
    const auto n = static_cast<std::size_t>(events);
    const auto millions = static_cast<double>(events) / 1e6;

    // The negative controls: the same measure over a gate that leaks.
    Slope leaking;
    std::vector<std::unique_ptr<char[]>> leaked;
    soak.run_to(events + leaking_events, [&] {
        for (int i = 0; i < written_at_once; ++i) {
            leaked.push_back(std::make_unique<char[]>(leaked_bytes));
        }
        leaking.add(static_cast<double>(soak.gate().last()), resident_kib());
    });
    const int one_more = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const auto open_leaking = descriptors();
    ::close(one_more);

    testing::Figures figures;
    const auto last = soak.gate().last();
    figures.print("soak.events", static_cast<double>(events), "events", {}, n);
    figures.print("soak.lost", static_cast<double>(last - soak.stored()), "events", Aim::at_most(0), n,
                  "the consumer's store has a hole");
    const auto slope_aim = events < events_for_a_slope ? std::nullopt : std::optional{Aim::at_most(most_slope)};
    figures.print("soak.rss_slope_kib_per_million", slope.kib_per_million(), "KiB", slope_aim, n,
                  "resident memory grows with the events");
    figures.print("soak.rss_growth_kib", slope.kib_over(static_cast<double>(events - warm)), "KiB",
                  Aim::at_most(most_growth), n, "resident memory grows");
    figures.print("soak.wal_max_mib", wal_most, "MiB", Aim::at_most(64), n, "the log is not moved into the database");
    figures.print("soak.database_mib_per_million", soak.size_mib("journal.db") / millions, "MiB", {}, n);
    figures.print("soak.descriptors_growth", static_cast<double>(open_now - descriptors_warm), "files", Aim::at_most(0),
                  n, "files stay open");
    figures.print("soak.leaking_rss_slope_kib_per_million", leaking.kib_per_million(), "KiB",
                  Aim::at_least(most_slope + 1), leaking_events, "a leak of a page an event is not seen");
    figures.print("soak.leaking_rss_growth_kib", leaking.kib_over(leaking_events), "KiB",
                  Aim::at_least(most_growth + 1), leaking_events, "a leak of a page an event is not seen");
    figures.print("soak.leaking_descriptors_growth", static_cast<double>(open_leaking - open_now), "files",
                  Aim::at_least(1), 1, "a file left open is not seen");
    return figures.exit_code();
}

}  // namespace
}  // namespace portcullis::fault

int main(int argc, char** argv) {
    CLI::App app{"fault_soak: what grows with a million events"};
    bool is_short = false;
    std::int64_t events = 1'000'000;
    app.add_flag("--short", is_short, "50,000 events");
    app.add_option("--events", events, "through journal and uplink")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        return portcullis::fault::run(is_short ? 50'000 : events);
    } catch (const std::exception& error) {
        std::cerr << "fault_soak stopped: " << error.what() << '\n';
        return 1;
    }
}
