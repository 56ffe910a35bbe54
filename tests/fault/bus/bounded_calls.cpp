#include "tests/fault/bus/bounded_calls.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "drivers/transport/modbus_rtu_link.hpp"
#include "drivers/transport/modbus_tcp_link.hpp"
#include "tests/support/rtu_line.hpp"

namespace portcullis::fault {

namespace {

using namespace std::chrono_literals;
using drivers::Endpoint;
using drivers::ModbusLink;
using testing::RtuLine;

constexpr std::array allowed{30ms, 100ms, 250ms};

/// A TCP peer that takes connections and then does one thing with whoever asks.
class BadPeer {
public:
    /// `black_hole`: takes no connection at all, and refuses none.
    enum class Does : std::uint8_t { black_hole, silence, drip, babble };

    explicit BadPeer(Does does) : does_(does), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in here{};
        here.sin_family = AF_INET;
        here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof here;
        auto* const address = reinterpret_cast<sockaddr*>(&here);  // NOLINT: as sockets want it
        if (listener_ < 0 || ::bind(listener_, address, size) != 0 || ::listen(listener_, 0) != 0 ||
            ::getsockname(listener_, address, &size) != 0) {
            throw std::runtime_error("no listening socket");
        }
        port_ = ntohs(here.sin_port);
        if (does_ == Does::black_hole) {
            fill_backlog();
        } else {
            thread_ = std::thread{[this] { serve(); }};
        }
    }
    ~BadPeer() {
        ended_ = true;
        if (thread_.joinable()) {
            thread_.join();
        }
        for (const int socket : sockets_) {
            ::close(socket);
        }
        ::close(listener_);
    }
    BadPeer(const BadPeer&) = delete;
    BadPeer& operator=(const BadPeer&) = delete;

    [[nodiscard]] Endpoint endpoint() const { return {.address = "127.0.0.1", .port = port_}; }

private:
    /// The kernel answers no SYN while nobody takes what waits.
    void fill_backlog() {
        for (int i = 0; i < 4; ++i) {
            const auto made = drivers::connect_within(endpoint(), 50);
            if (made.socket >= 0) {
                sockets_.push_back(made.socket);
            }
        }
    }

    void serve() {
        int peer = -1;
        while (!ended_) {
            pollfd wait{.fd = listener_, .events = POLLIN, .revents = 0};
            if (::poll(&wait, 1, 5) > 0) {
                if (peer >= 0) {
                    ::close(peer);
                }
                peer = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
            }
            if (peer >= 0 && does_ != Does::silence) {
                say(peer);
            }
        }
        if (peer >= 0) {
            ::close(peer);
        }
    }

    void say(int peer) {
        std::array<std::uint8_t, 256> heard{};
        const auto count = ::recv(peer, heard.data(), heard.size(), 0);
        asked_ = asked_ || count > 0;
        if (does_ == Does::babble || asked_) {
            const std::uint8_t byte = 0;
            (void)!::send(peer, &byte, 1, MSG_NOSIGNAL);
        }
    }

    Does does_;
    int listener_;
    std::uint16_t port_ = 0;
    bool asked_ = false;
    std::vector<int> sockets_;
    std::atomic<bool> ended_{false};
    std::thread thread_;
};

/// What plain sleeps take too long on this machine now.
class SleepWatch {
public:
    ~SleepWatch() {
        {
            const std::lock_guard held{mutex_};
            ended_ = true;
        }
        end_.notify_all();
        thread_.join();
    }
    SleepWatch() = default;
    SleepWatch(const SleepWatch&) = delete;
    SleepWatch& operator=(const SleepWatch&) = delete;

    void reset() { most_ = 0; }
    [[nodiscard]] std::chrono::nanoseconds most() const { return std::chrono::nanoseconds{most_}; }

private:
    void run() {
        constexpr std::chrono::nanoseconds nap = 2ms;
        std::unique_lock held{mutex_};
        for (auto before = clock_.now().instant; !end_.wait_for(held, nap, [this] { return ended_; });
             before = clock_.now().instant) {
            const std::int64_t over = (clock_.now().instant - before - nap).count();
            most_ = std::max(most_.load(), over);
        }
    }

    runtime::SystemClock clock_;
    std::atomic<std::int64_t> most_{0};
    std::mutex mutex_;
    std::condition_variable end_;
    bool ended_ = false;  // guarded by mutex_
    std::thread thread_{[this] { run(); }};
};

class Meter {
public:
    Meter(CallsOver& over, int rounds, std::chrono::nanoseconds aim) : over_(over), rounds_(rounds), aim_(aim) {}

    void measure(const std::string& name, ModbusLink& link) {
        constexpr int most_attempts = 5;
        auto& over = over_.by_peer[name];
        for (int attempt = 0; attempt < most_attempts; ++attempt) {
            watch_.reset();
            over.most = longest_over(link);
            over.machine = watch_.most();
            if (over.most <= aim_ || over.machine < aim_ / 4) {
                return;
            }
        }
    }

    [[nodiscard]] const runtime::Clock& clock() const { return clock_; }

private:
    [[nodiscard]] std::chrono::nanoseconds longest_over(ModbusLink& link) {
        std::chrono::nanoseconds most{0};
        for (int round = 0; round < rounds_; ++round) {
            for (const auto limit : allowed) {
                const auto before = clock_.now().instant;
                (void)link.exchange({.unit = 1,
                                     .function = drivers::ModbusFunction::read_holding_registers,
                                     .address = 0,
                                     .operand = 4},
                                    limit);
                most = std::max<std::chrono::nanoseconds>(most, clock_.now().instant - before - limit);
                (void)link.take_bad_frames();
                ++over_.calls;
            }
        }
        return most;
    }

    CallsOver& over_;
    int rounds_;
    std::chrono::nanoseconds aim_;
    runtime::SystemClock clock_;
    SleepWatch watch_;
};

void measure_line(Meter& meter) {
    using namespace drivers;
    const LineSettings settings{.baud = 115'200};
    const auto on_line = [&](const std::string& name, const RtuLine::Script& script) {
        RtuLine line;
        line.script(script);
        ModbusRtuLink link{LinePort::Kind::local, serial_opener(line.path(), settings, {}), rtu_timing(settings),
                           meter.clock()};
        meter.measure(name, link);
    };
    on_line("rtu silence", [](const RtuLine::Bytes&, const RtuLine::Bytes&) { return std::vector<RtuLine::Piece>{}; });
    on_line("rtu drip", [](const RtuLine::Bytes&, const RtuLine::Bytes& honest) {
        std::vector<RtuLine::Piece> pieces;
        for (std::size_t i = 0; i < honest.size(); ++i) {
            pieces.push_back({.bytes = {honest[i]}, .after = i * 40ms});
        }
        return pieces;
    });
    on_line("rtu cut short", [](const RtuLine::Bytes&, RtuLine::Bytes honest) {
        honest.resize(honest.size() - 1);
        return std::vector<RtuLine::Piece>{{honest}};
    });
    RtuLine babbling;
    babbling.babble({0x55, 0xAA, 0x00}, 1ms);
    ModbusRtuLink link{LinePort::Kind::local, serial_opener(babbling.path(), settings, {}), rtu_timing(settings),
                       meter.clock()};
    meter.measure("rtu babble", link);
    babbling.unplug();
    meter.measure("rtu unplugged", link);
}

void measure_tcp(Meter& meter) {
    using namespace drivers;
    const std::array does{std::pair{"black hole", BadPeer::Does::black_hole},
                          std::pair{"silence", BadPeer::Does::silence}, std::pair{"drip", BadPeer::Does::drip},
                          std::pair{"babble", BadPeer::Does::babble}};
    for (const auto& [name, what] : does) {
        const BadPeer peer{what};
        ModbusTcpLink tcp{peer.endpoint(), meter.clock()};
        meter.measure(std::string{"tcp "} + name, tcp);
        const BadPeer behind{what};
        ModbusRtuLink rtu{LinePort::Kind::terminal_server, terminal_server_opener(behind.endpoint()), RtuTiming{},
                          meter.clock()};
        meter.measure(std::string{"rtu over tcp "} + name, rtu);
    }
}

}  // namespace

CallsOver measure_calls(int rounds, std::chrono::nanoseconds aim) {
    CallsOver over;
    Meter meter{over, rounds, aim};
    measure_line(meter);
    measure_tcp(meter);
    return over;
}

}  // namespace portcullis::fault
