#include "cli/device/player.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include "cli/device/replayed_link.hpp"
#include "drivers/buses.hpp"
#include "drivers/observation_text.hpp"
#include "drivers/registry.hpp"
#include "runtime/clock.hpp"
#include "runtime/log.hpp"

namespace portcullis::cli {

namespace {

using Bytes = std::vector<std::uint8_t>;
using std::chrono::milliseconds;

constexpr milliseconds longest_play{30'000};  ///< beyond what the recording itself waits
constexpr milliseconds settles{200};          ///< after the last answer, for what a driver says later

/// A stream whose bytes come from a recording.
class ReplayedStream final : public drivers::ByteStream {
public:
    void start(drivers::ByteStreamEvents given) override { events = std::move(given); }
    void stop() override { events = {}; }
    [[nodiscard]] bool send(std::span<const std::uint8_t> bytes) override {
        sent.insert(sent.end(), bytes.begin(), bytes.end());
        return true;
    }

    drivers::ByteStreamEvents events;
    Bytes sent;
};

/// The framing's idle time, as its own reader would take it; nothing is checked here.
milliseconds idle_of(const ConfigNode& profile) {
    constexpr milliseconds usual{500};
    const auto* framing = profile.find("framing");
    const auto* idle = framing == nullptr || framing->kind() != ConfigNode::Kind::map ? nullptr : framing->find("idle");
    ConfigProblems ignored;
    return idle == nullptr ? usual : idle->duration(ignored, milliseconds{1}, milliseconds{60'000});
}

class Player {
public:
    Player(const ConfigNode& profile, const Recording& recording) : recording_(recording), idle_(idle_of(profile)) {}

    Played play(const drivers::DevicePlan& plan) {
        const BusName bus{"recording"};
        ReplayedExchanges exchanges{recording_.exchanges};
        auto owned = std::make_unique<ReplayedStream>();
        auto& stream = *owned;
        if (recording_.exchanges.empty()) {
            buses_.add_stream(bus, std::move(owned));
        } else {
            buses_.add_modbus(bus, std::make_unique<ReplayedLink>(exchanges, clock_));
        }
        const auto device =
            plan.make({DeviceName{"device"}, context_, clock_, log_, image_}, buses_, bus, recording_.points);
        device->start([this](const Observation& seen) {
            if (auto words = drivers::words_of(seen)) {
                played_.seen.push_back(std::move(*words));
            }
        });
        if (recording_.exchanges.empty()) {
            play_pieces(stream, *device);
        } else {
            turn([&] { return exchanges.lost() || (exchanges.over() && enough()); }, longest_play);
        }
        turn([] { return false; }, settles);
        auto played = played_;  // what a driver says as it ends is not the device's
        device->stop();
        buses_.begin_stop();
        (void)buses_.finish_stop(std::chrono::minutes{1});
        played_ = std::move(played);
        tell_unknown(exchanges);
        compare();
        return played_;
    }

private:
    void turn(const std::function<bool()>& so, milliseconds most) {
        const auto until = clock_.now().instant + most;
        while (!so() && clock_.now().instant < until) {
            context_.restart();
            context_.run_one_for(milliseconds{5});
        }
    }

    [[nodiscard]] bool enough() const { return !recording_.expect || played_.seen.size() >= recording_.expect->size(); }

    void play_pieces(ReplayedStream& stream, drivers::Device& device) {
        constexpr milliseconds longer{50};
        if (stream.events.opened) {
            stream.events.opened(clock_.now().instant);
        }
        for (const auto& piece : recording_.pieces) {
            switch (piece.what) {
                case RecordedPiece::What::bytes:
                    stream.events.bytes(piece.bytes, clock_.now().instant);
                    break;
                case RecordedPiece::What::damaged:
                    stream.events.damaged(clock_.now().instant);
                    break;
                case RecordedPiece::What::silence:
                    turn([] { return false; }, idle_ + longer);
                    break;
                case RecordedPiece::What::wait:
                    turn([] { return false; }, piece.wait);
                    break;
                case RecordedPiece::What::show:
                    device.show(piece.face);
                    break;
                case RecordedPiece::What::sent:
                    expect_sent(stream, piece.bytes);
                    break;
            }
            context_.restart();
            context_.poll();
        }
    }

    void expect_sent(ReplayedStream& stream, const Bytes& bytes) {
        constexpr milliseconds patience{10'000};
        turn([&] { return stream.sent.size() >= bytes.size(); }, patience);
        if (stream.sent != bytes) {
            played_.wrong.push_back("the driver sent " + (stream.sent.empty() ? "nothing" : spaced_hex(stream.sent)) +
                                    " where the recording has " + spaced_hex(bytes));
        }
        stream.sent.clear();
    }

    void tell_unknown(const ReplayedExchanges& exchanges) {
        for (const auto& question : exchanges.unknown()) {
            played_.wrong.push_back("the driver asked what the recording does not have: " + spaced_hex(question) +
                                    " (unit, function, data)");
        }
    }

    void compare() {
        if (!recording_.expect) {
            return;
        }
        const auto& expect = *recording_.expect;
        const auto& seen = played_.seen;
        for (std::size_t i = 0; i < std::max(expect.size(), seen.size()); ++i) {
            const auto number = "observation " + std::to_string(i + 1) + ": ";
            if (i >= seen.size()) {
                played_.wrong.push_back(number + "'" + expect[i] + "' is missing");
            } else if (i >= expect.size()) {
                played_.wrong.push_back(number + "'" + seen[i] + "' was not expected");
            } else if (expect[i] != seen[i]) {
                played_.wrong.push_back(number + "'" + seen[i] + "' where '" + expect[i] + "' is expected");
                return;  // what comes behind is out of step
            }
        }
    }

    const Recording& recording_;
    milliseconds idle_;
    boost::asio::io_context context_;
    runtime::SystemClock clock_;
    runtime::Log log_{runtime::Log::Form::plain, runtime::LogLevel::error};
    drivers::InputImage image_;
    drivers::Buses buses_{context_, clock_};
    Played played_;
};

}  // namespace

std::optional<drivers::BusSettings> stand_in_bus(const ConfigNode& profile) {
    const auto* node = profile.find("driver");
    ConfigProblems ignored;
    const auto name = node == nullptr ? std::string{} : node->text(ignored);
    for (const auto& driver : drivers::all_drivers()) {
        if (driver.name != name) {
            continue;
        }
        switch (driver.bus) {
            case drivers::BusKind::modbus:
                return drivers::ModbusTcpSettings{{"192.0.2.1", 502}};
            case drivers::BusKind::stream:
                return drivers::TcpStreamSettings{{"192.0.2.1", 4001}};
            case drivers::BusKind::http:
                return drivers::HttpSettings{{"192.0.2.1", 80}, {}};
            case drivers::BusKind::http_listen:
                return drivers::HttpListenSettings{{"192.0.2.1", 8085}, {}};
        }
    }
    return std::nullopt;
}

Played play(const drivers::DevicePlan& plan, const ConfigNode& profile, const Recording& recording) {
    return Player{profile, recording}.play(plan);
}

}  // namespace portcullis::cli
