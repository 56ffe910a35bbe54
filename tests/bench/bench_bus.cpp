#include "tests/bench/bench_bus.hpp"

#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "drivers/modbus_unit.hpp"
#include "drivers/transport/modbus_frame.hpp"
#include "drivers/transport/modbus_rtu_frame.hpp"
#include "drivers/transport/modbus_rtu_link.hpp"
#include "drivers/transport/modbus_tcp_link.hpp"
#include "tests/bench/simulated_bus.hpp"

namespace portcullis::bench {

namespace {

using namespace std::chrono_literals;
using namespace drivers;
using testing::Aim;
using testing::Figures;

constexpr int line_baud = 19'200;
constexpr std::uint16_t registers_a_poll = 10;
constexpr std::chrono::microseconds module_answers_after{2000};

ModbusRequest poll_of(std::uint8_t unit) {
    return {
        .unit = unit, .function = ModbusFunction::read_holding_registers, .address = 0, .operand = registers_a_poll};
}

/// Buses on one main context, as in the daemon, that is turned for a time.
struct Turned {
    Turned() = default;
    ~Turned() {
        for (const auto& bus : buses) {
            bus->begin_stop();
            (void)bus->finish_stop(5s);
        }
    }
    Turned(const Turned&) = delete;
    Turned& operator=(const Turned&) = delete;

    ModbusBus& add(std::unique_ptr<ModbusLink> link) {
        buses.push_back(std::make_unique<ModbusBus>(BusName{"bench"}, std::move(link), main, clock));
        return *buses.back();
    }
    ModbusBus& add_tcp(std::uint16_t port) {
        return add(std::make_unique<ModbusTcpLink>(Endpoint{.address = "127.0.0.1", .port = port}, clock));
    }
    ModbusBus& add_line(const std::string& path) {
        const LineSettings settings{.baud = line_baud};
        return add(std::make_unique<ModbusRtuLink>(LinePort::Kind::local, serial_opener(path, settings, {}),
                                                   rtu_timing(settings), clock));
    }
    void turn(std::chrono::nanoseconds time) {
        const auto until = clock.now().instant + time;
        for (auto now = clock.now().instant; now < until; now = clock.now().instant) {
            main.restart();
            main.run_one_for(until - now);
        }
    }

    runtime::SystemClock clock;
    runtime::Log log{runtime::Log::Form::plain, runtime::LogLevel::error};
    boost::asio::io_context main;
    InputImage image;
    std::vector<std::unique_ptr<ModbusBus>> buses;
};

/// Two polls always wait, as units of a busy bus do.
class BackToBack {
public:
    explicit BackToBack(ModbusBus& bus) : bus_(bus) {
        submit();
        submit();
    }
    [[nodiscard]] std::int64_t answered() const { return answered_; }

private:
    void submit() {
        using Answer = Result<ModbusAnswer, ModbusFault>;
        (void)submit_for<Answer>(
            bus_, ModbusBus::Priority::input, [](ModbusLink& link) { return link.exchange(poll_of(1), 500ms); },
            [this](const Answer& answer, const std::vector<BadFrame>&) {
                answered_ += answer ? 1 : 0;
                submit();
            });
    }
    ModbusBus& bus_;
    std::int64_t answered_ = 0;
};

double polls_a_second(Turned& turned, ModbusBus& bus, std::chrono::seconds time) {
    BackToBack polls{bus};
    turned.turn(500ms);
    const auto before = polls.answered();
    turned.turn(time);
    const auto made = static_cast<double>(polls.answered() - before) / std::chrono::duration<double>{time}.count();
    bus.begin_stop();
    return made;
}

void measure_line(const BusBench& bench, Figures& figures) {
    SimulatedBus units;
    const auto path = units.line(line_baud, 1);
    Turned turned;
    const auto made = polls_a_second(turned, turned.add_line(path), bench.each);
    const auto request = poll_of(1);
    const auto characters = encode_rtu(request).size() + RtuAnswerSearch{request}.expected() + 7;  // 2 × 3.5 of silence
    const double most = line_baud / (10.0 * static_cast<double>(characters));
    figures.print("bus.polls_19200", made, "polls/s", {}, static_cast<std::size_t>(made));
    figures.print("bus.polls_19200_theoretical", most, "polls/s", {}, 1);
    figures.print("bus.share_of_line_19200", made / most, "share",
                  bench.is_short ? std::optional<Aim>{} : Aim::at_least(0.9), static_cast<std::size_t>(made),
                  "the line stands idle between polls");
}

/// The same questions without a bus: what the round trip itself allows.
double bare_polls_a_second(std::uint16_t port, std::chrono::seconds time) {
    const auto made = connect_within({.address = "127.0.0.1", .port = port}, 1000);
    if (made.socket < 0) {
        throw std::runtime_error(made.cause);
    }
    const LinePort::Opener opened = [socket = made.socket](std::chrono::milliseconds) {
        return Result<int, std::string>{socket};
    };
    const runtime::SystemClock clock;
    LinePort bare{LinePort::Kind::terminal_server, opened, clock};
    (void)bare.open(1s);
    const auto question = encode(poll_of(1), 1);
    const auto until = clock.now().instant + time;
    std::int64_t answers = 0;
    while (clock.now().instant < until) {
        (void)bare.send(question, until);
        answers += bare.receive(clock.now().instant + 1s).bytes.empty() ? 0 : 1;
    }
    return static_cast<double>(answers) / std::chrono::duration<double>{time}.count();
}

void measure_round_trip(const BusBench& bench, Figures& figures) {
    SimulatedBus units;
    const auto port = units.server(module_answers_after);
    const auto bare = bare_polls_a_second(port, bench.each);
    Turned turned;
    const auto made = polls_a_second(turned, turned.add_tcp(port), bench.each);
    figures.print("bus.polls_tcp", made, "polls/s", {}, static_cast<std::size_t>(made));
    figures.print("bus.polls_tcp_bare", bare, "polls/s", {}, static_cast<std::size_t>(bare));
    figures.print("bus.share_of_round_trip_tcp", made / bare, "share",
                  bench.is_short ? std::optional<Aim>{} : Aim::at_least(0.8), static_cast<std::size_t>(made),
                  "a module that answers after 2 ms waits for the next question");
}

std::unique_ptr<ModbusUnit> unit_of(Turned& turned, ModbusBus& bus, std::uint8_t unit, std::chrono::milliseconds every,
                                    ModbusBus::Priority priority,
                                    std::function<void(const ModbusAnswer&)> at_wire = {}) {
    ModbusUnit::Poll poll;
    poll.priority = priority;
    poll.request = poll_of(unit);
    poll.at_wire = std::move(at_wire);
    poll.good = [](const ModbusAnswer&) { return false; };
    poll.stale = [](Instant) {};
    ModbusUnitSettings settings;
    settings.unit = unit;
    settings.poll = settings.idle_poll = every;
    settings.timeout = 100ms;
    settings.stale_after = 1000ms;
    return std::make_unique<ModbusUnit>(
        bus,
        DeviceContext{DeviceName{"unit-" + std::to_string(unit)}, turned.main, turned.clock, turned.log, turned.image},
        settings, std::move(poll));
}

/// Unit 1 is the fast input, five more answer slowly polled registers, two are dead.
void measure_age(const BusBench& bench, Figures& figures) {
    constexpr std::uint8_t live = 6;
    constexpr std::uint8_t all = 8;
    SimulatedBus units;
    const auto path = units.line(line_baud, live);
    Turned turned;
    auto& bus = turned.add_line(path);
    std::atomic<std::int64_t> last{turned.clock.now().instant.time_since_epoch().count()};
    std::vector<std::unique_ptr<ModbusUnit>> asked;
    asked.push_back(unit_of(turned, bus, 1, 50ms, ModbusBus::Priority::input,
                            [&last](const ModbusAnswer& answer) { last = answer.at.time_since_epoch().count(); }));
    for (std::uint8_t unit = 2; unit <= all; ++unit) {
        asked.push_back(unit_of(turned, bus, unit, 500ms, ModbusBus::Priority::slow));
    }
    for (const auto& unit : asked) {
        unit->start([](const Observation&) {});
    }
    turned.turn(3s);  // the dead ones are known
    std::vector<double> ages;
    const auto until = turned.clock.now().instant + bench.each;
    while (turned.clock.now().instant < until) {
        turned.turn(1ms);
        const auto age = turned.clock.now().instant.time_since_epoch().count() - last.load();
        ages.push_back(static_cast<double>(age) / 1e6);
    }
    for (const auto& unit : asked) {
        unit->stop();
    }
    figures.print("bus.fast_input_age_p50_ms", testing::quantile(ages, 0.5), "ms", {}, ages.size());
    // A poll period, a time-out of a dead unit, and the exchange of the one in front.
    figures.print("bus.fast_input_age_p99_ms", testing::quantile(ages, 0.99), "ms",
                  bench.is_short ? std::optional<Aim>{} : Aim::at_most(200), ages.size(),
                  "a dead unit costs the others more than one time-out");
}

double processor_seconds(int who) {
    rusage used{};
    ::getrusage(who, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// One bus a lane, each with a module that is read every 20 ms; the simulated modules' own time is left out.
void measure_processor(const BusBench& bench, Figures& figures) {
    constexpr int lanes = 16;
    SimulatedBus units;
    Turned turned;
    std::vector<std::unique_ptr<ModbusUnit>> asked;
    std::atomic<std::int64_t> reads{0};
    for (int lane = 0; lane < lanes; ++lane) {
        asked.push_back(unit_of(turned, turned.add_tcp(units.server(0us)), 1, 20ms, ModbusBus::Priority::input,
                                [&reads](const ModbusAnswer&) { ++reads; }));
        asked.back()->start([](const Observation&) {});
    }
    turned.turn(1s);
    const auto theirs = [&units] {
        double seconds = 0;
        units.there([&seconds] { seconds = processor_seconds(RUSAGE_THREAD); });
        return seconds;
    };
    const auto before = processor_seconds(RUSAGE_SELF) - theirs();
    const auto reads_before = reads.load();
    turned.turn(bench.each);
    const auto used = processor_seconds(RUSAGE_SELF) - theirs() - before;
    const auto seconds = std::chrono::duration<double>{bench.each}.count();
    const auto made = static_cast<double>(reads.load() - reads_before);
    for (const auto& unit : asked) {
        unit->stop();
    }
    figures.print("bus.reads_16_lanes", made / seconds, "reads/s",
                  bench.is_short ? std::optional<Aim>{} : Aim::at_least(16 * 50 * 0.98), static_cast<std::size_t>(made),
                  "modules are read more slowly than every 20 ms");
    figures.print("bus.cpu_16_lanes_permille", 1000 * used / seconds, "permille of a core",
                  bench.is_short ? std::optional<Aim>{} : Aim::at_most(250), static_cast<std::size_t>(made),
                  "reading costs too much");
}

}  // namespace

void measure_bus(const BusBench& bench, Figures& figures) {
    measure_line(bench, figures);
    measure_round_trip(bench, figures);
    measure_age(bench, figures);
    measure_processor(bench, figures);
}

}  // namespace portcullis::bench
