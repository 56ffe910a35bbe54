#include "simulators/devices/radiation_monitor.hpp"

#include <array>
#include <bit>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/write.hpp>
#include <cstdio>

namespace portcullis::simulators {

namespace {

using boost::asio::ip::tcp;

constexpr double background_every_s = 5;
constexpr double sample_every_s = 0.2;
/// It says it once a connection, when whoever listens has settled.
constexpr double tell_tamper_after_s = 1;
constexpr int samples_per_second = 5;
/// What radiates is in the beam for a second.
constexpr int hot_samples = 5;
constexpr std::size_t most_waiting = 1024;

std::string counts(const char* tag, std::array<int, 4> detectors) {
    std::array<char, 48> line{};
    std::snprintf(line.data(), line.size(), "%s,%06d,%06d,%06d,%06d", tag, detectors[0], detectors[1], detectors[2],
                  detectors[3]);
    return line.data();
}

}  // namespace

/// One connection of a daemon; what it does not take is dropped.
struct RadiationMonitor::Client : std::enable_shared_from_this<Client> {
    explicit Client(tcp::socket taken) : socket(std::move(taken)) {}

    void say(std::string bytes) {
        if (waiting.size() < most_waiting) {
            waiting.push_back(std::move(bytes));
        }
        if (!writing) {
            write();
        }
    }
    void write() {
        writing = !waiting.empty();
        if (!writing) {
            return;
        }
        auto bytes = std::make_shared<std::string>(std::move(waiting.front()));
        waiting.pop_front();
        boost::asio::async_write(
            socket, boost::asio::buffer(*bytes),
            [self = shared_from_this(), bytes](const boost::system::error_code& error, std::size_t) {
                if (!error) {
                    self->write();
                }
            });
    }
    void close() {
        boost::system::error_code ignored;
        socket.close(ignored);
    }

    tcp::socket socket;
    std::deque<std::string> waiting;
    bool writing = false;
};

RadiationMonitor::RadiationMonitor(boost::asio::io_context& context, MonitorSpeech speech)
    : context_(context),
      acceptor_(context, tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0}),
      speech_(speech) {
    if (speech_ == MonitorSpeech::registers) {
        server_ = std::make_unique<ModbusServer>(context, std::uint16_t{0}, std::uint8_t{1},
                                                 [this](auto request) { return bank_.answer(request); });
        fill_registers();
    }
    accept();
}

RadiationMonitor::~RadiationMonitor() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    if (client_) {
        client_->close();
    }
}

std::uint16_t RadiationMonitor::port() const {
    return server_ ? server_->port() : acceptor_.local_endpoint().port();
}

void RadiationMonitor::accept() {
    acceptor_.async_accept([this](const boost::system::error_code& error, tcp::socket socket) {
        if (error) {
            return;
        }
        if (client_) {
            client_->close();
        }
        client_ = offline_ ? nullptr : std::make_shared<Client>(std::move(socket));
        told_tamper_ = false;
        tell_tamper_at_s_ = now_s_ + tell_tamper_after_s;
        if (!occupied_) {
            say_background();
        }
        accept();
    });
}

void RadiationMonitor::set_offline(bool offline) {
    offline_ = offline;
    if (server_) {
        offline ? server_->go_offline() : server_->go_online();
    } else if (offline && client_) {
        client_->close();
        client_.reset();
    }
}

void RadiationMonitor::say(const std::string& line) {
    if (client_ && !faults.silent) {
        client_->say(line + "\r\n");
    }
}

void RadiationMonitor::say_background() {
    say(counts("NB", {2, 2, 2, 2}));
    say(faults.high_background ? counts("GH", {988, 906, 962, 943}) : counts("GB", {188, 206, 262, 243}));
}

void RadiationMonitor::step(double now_s, bool in_beam, Radiates radiates) {
    if (in_beam) {
        last_in_beam_s_ = now_s;
        radiates_ = radiates == Radiates::no && occupied_ ? radiates_ : radiates;
    }
    now_s_ = now_s;
    if (faults.tamper != told_tamper_ && client_ && now_s >= tell_tamper_at_s_) {
        told_tamper_ = faults.tamper;
        say(faults.tamper ? counts("TT", {0, 0, 0, 0}) : counts("TC", {111111, 111111, 111111, 111111}));
    }
    if (in_beam && !occupied_) {
        begin(now_s);
    } else if (occupied_ && !in_beam && now_s - last_in_beam_s_ >= hold_s_) {
        end();
        next_background_s_ = now_s + 1;  // it resumes a second or two later
    }
    if (occupied_ && now_s >= next_sample_s_) {
        next_sample_s_ = now_s + sample_every_s;
        sample();
    }
    if (!occupied_ && now_s >= next_background_s_) {
        next_background_s_ = now_s + background_every_s;
        say_background();
    }
    if (server_) {
        fill_registers();
    }
}

void RadiationMonitor::begin(double now_s) {
    occupied_ = true;
    dropped_ = false;
    samples_ = 0;
    next_sample_s_ = now_s;
    ++objects_;
    for (int i = 0; i < samples_per_second; ++i) {
        say(counts("GS", {38, 41, 52, 49}));  // what it kept of the second before
    }
}

bool RadiationMonitor::is_hot() const {
    return samples_ >= hot_from_ && samples_ < hot_from_ + hot_samples;
}

void RadiationMonitor::alarm_after(double seconds) {
    hot_from_ = static_cast<int>(seconds / sample_every_s);
}

void RadiationMonitor::sample() {
    ++samples_;
    const bool hot = is_hot();
    if (hot && (radiates_ == Radiates::suspect || radiates_ == Radiates::high)) {
        say(radiates_ == Radiates::suspect ? counts("GA", {81, 97, 110, 102}) : counts("GA", {6100, 6200, 6300, 6200}));
    } else {
        say(counts("GS", {36, 40, 50, 47}));
    }
    if (samples_ % samples_per_second == 0) {
        say(hot && radiates_ == Radiates::neutron ? counts("NA", {4, 3, 5, 2}) : counts("NS", {0, 1, 0, 0}));
    }
    if (samples_ == hot_from_ + hot_samples) {
        say("SP,0.2249,03.032,004.88,000000");
    }
    if (faults.drops && !dropped_ && samples_ == hot_from_ + 1 && client_) {
        dropped_ = true;
        client_->close();
        client_.reset();
    }
}

void RadiationMonitor::end() {
    occupied_ = false;
    if (!faults.loses_end) {
        std::array<char, 48> line{};
        std::snprintf(line.data(), line.size(), "GX,%06u,004741,000000,000000", unsigned{objects_});
        say(line.data());
    }
    radiates_ = Radiates::no;
}

/// The block of 21 registers from 100 on; numbers come low word first.
void RadiationMonitor::fill_registers() {
    constexpr std::size_t base = 100;
    constexpr unsigned low_half = 0xFFFF;
    const bool hot = occupied_ && is_hot();
    const bool gamma = hot && (radiates_ == Radiates::suspect || radiates_ == Radiates::high);
    const auto put = [&](std::size_t at, std::uint32_t value) {
        bank_.holding[base + at] = static_cast<std::uint16_t>(value & low_half);
        bank_.holding[base + at + 1] = static_cast<std::uint16_t>(value >> 16U);
    };
    const auto put_float = [&](std::size_t at, float value) { put(at, std::bit_cast<std::uint32_t>(value)); };
    bank_.holding[base + 2] = static_cast<std::uint16_t>((occupied_ ? 0x0001U : 0U) | (faults.tamper ? 0x0400U : 0U));
    bank_.holding[base + 3] =
        static_cast<std::uint16_t>(0x0080U | (gamma ? 0x0001U : 0U) | (faults.high_background ? 0x0020U : 0U));
    put(4, gamma ? (radiates_ == Radiates::high ? 124'000U : 1'950U) : 1'250U);
    put_float(6, 1210.0F);
    put_float(8, 34.8F);
    bank_.holding[base + 10] =
        static_cast<std::uint16_t>(0x0080U | (hot && radiates_ == Radiates::neutron ? 0x0001U : 0U));
    put(11, hot && radiates_ == Radiates::neutron ? 14U : 3U);
    put_float(13, 2.5F);
    put_float(15, 1.6F);
    bank_.holding[base + 17] = objects_;
    bank_.holding[base + 19] = 0x52;
    bank_.holding[base + 20] = 0x20;
    server_->faults.mute = faults.silent;
}

}  // namespace portcullis::simulators
