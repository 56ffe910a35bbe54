// A broker that dies with what it took, queues ten messages, refuses by list and by size, and a consumer that is long
// away: at the consumer every event ends stored once, in order. And one that falls silent: how long that is believed.
#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>

#include "tests/fault/broker/broker_rounds.hpp"
#include "tests/fault/broker/half_open.hpp"
#include "tests/support/figures.hpp"

namespace portcullis::fault {
namespace {

using testing::Aim;

using namespace std::chrono_literals;

constexpr int long_repeats = 25;
/// A silent link is to be given up within three keep alives; Paho looks about once a second, for its ping and for the
/// answer, and then we do.
constexpr int most_keep_alives = 3;
constexpr auto looked_within = 3s;

double in_seconds(std::chrono::milliseconds time) {
    return std::chrono::duration<double>{time}.count();
}

void print_half_open(testing::Figures& figures, const runtime::Clock& clock, std::chrono::seconds keep_alive) {
    const auto found = half_open(clock, keep_alive);
    const auto most = Aim::at_most(in_seconds(most_keep_alives * keep_alive + looked_within));
    figures.print("fault.half_open_keep_alive_s", in_seconds(keep_alive), "s", {}, 1);
    figures.print("fault.half_open_found_idle_s", in_seconds(found.idle_found), "s", most, 1,
                  "a silent link without traffic is believed too long");
    figures.print("fault.half_open_found_busy_s", in_seconds(found.busy_found), "s", most, 1,
                  "a silent link with events on it is believed too long");
    figures.print("fault.half_open_back", found.back ? 1 : 0, "links", Aim::at_least(1), 1,
                  "the links did not come back when the broker spoke again");
    // Negative control: it is the keep alive that finds it.
    figures.print("fault.half_open_believed_with_an_hour", found.patient_stays ? 1 : 0, "links", Aim::at_least(1), 1,
                  "the silence ends links by itself: it proves nothing of the keep alive");
}

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
    print_half_open(figures, clock, is_short ? 4s : 20s);
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
