// A broker that dies with what it took, queues ten messages, refuses by list and by size, and a consumer that is long
// away: at the consumer every event ends stored once, in order.
#include <CLI/CLI.hpp>
#include <iostream>

#include "tests/fault/broker/broker_rounds.hpp"
#include "tests/support/figures.hpp"

namespace portcullis::fault {
namespace {

using testing::Aim;

constexpr int long_repeats = 25;

int run(bool is_short) {
    const runtime::SystemClock clock;
    BrokerRounds rounds{clock};
    for (int i = 0; i < (is_short ? 1 : long_repeats); ++i) {
        rounds.run_all();
    }
    const auto& count = rounds.count();
    const auto n = static_cast<std::size_t>(count.rounds);
    testing::Figures figures;
    figures.print("fault.broker_rounds", static_cast<double>(count.rounds), "rounds", {}, n);
    figures.print("fault.broker_lost", static_cast<double>(count.lost), "events", Aim::at_most(0), n,
                  "events that were written never came to the consumer");
    figures.print("fault.broker_disordered", static_cast<double>(count.disordered), "events", Aim::at_most(0), n,
                  "events were stored twice, out of order, or with other bytes");
    figures.print("fault.broker_ahead_most", static_cast<double>(count.ahead_most), "events", Aim::at_most(1000), n,
                  "more was sent ahead of the consumer than the window allows");
    // Negative controls: that these brokers do drop and refuse, and that whoever trusts them loses.
    figures.print("fault.broker_dropped_by_broker", static_cast<double>(count.dropped), "publications",
                  Aim::at_least(1), n, "no broker dropped what it had taken: the faults do nothing");
    figures.print("fault.broker_refused", static_cast<double>(count.refused), "publications", Aim::at_least(1), n,
                  "no broker refused anything: the faults do nothing");
    figures.print("fault.broker_lost_trusting_puback", static_cast<double>(rounds.lost_trusting_puback()), "events",
                  Aim::at_least(1), 1, "whoever trusts PUBACK lost nothing: the faults do nothing");
    return figures.exit_code();
}

}  // namespace
}  // namespace portcullis::fault

int main(int argc, char** argv) {
    CLI::App app{"fault_broker: brokers that lose, drop and refuse what they are given"};
    bool is_short = false;
    app.add_flag("--short", is_short, "each kind of fault once");
    CLI11_PARSE(app, argc, argv);
    try {
        return portcullis::fault::run(is_short);
    } catch (const std::exception& error) {
        std::cerr << "fault_broker stopped: " << error.what() << '\n';
        return 1;
    }
}
