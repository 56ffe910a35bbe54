#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "drivers/buses.hpp"
#include "drivers/device.hpp"
#include "drivers/framing/framing.hpp"
#include "drivers/observation_text.hpp"
#include "drivers/registry.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"

namespace portcullis::testing {

/// A stream that a test speaks through.
class FakeStream final : public drivers::ByteStream {
public:
    void start(drivers::ByteStreamEvents given) override { events = std::move(given); }
    void stop() override {}
    bool send(std::span<const std::uint8_t> bytes) override {
        if (refuses) {
            return false;
        }
        sent.emplace_back(bytes.begin(), bytes.end());
        return true;
    }
    drivers::ByteStreamEvents events;
    std::vector<std::vector<std::uint8_t>> sent;
    bool refuses = false;  ///< what was written before is not out yet
};

/// Any device on a stream, as its profile makes it, on a clock that stands until it is moved.
class StreamReplay {
public:
    StreamReplay(boost::asio::io_context& context, ManualClock& clock, const ConfigNode& options,
                 const ConfigNode& profile)
        : clock_(clock), buses_(context, clock) {
        ConfigProblems problems;
        const drivers::BusSettings bus = drivers::SerialSettings{"/dev/serial/by-id/x", {}};
        const auto plan = drivers::plan_device(options, profile, bus, problems);
        for (const auto& problem : problems.all()) {
            FAIL(problem.message());
        }
        auto stream = std::make_unique<FakeStream>();
        stream_ = stream.get();
        const BusName name{"bus"};
        buses_.add_stream(name, std::move(stream));
        device_ = plan->make({DeviceName{"device"}, context, clock, log_, image_}, buses_, name, {});
        device_->start([this](const Observation& seen) { observations.push_back(seen); });
        stream_->events.opened(clock.now().instant);
    }
    ~StreamReplay() { device_->stop(); }
    StreamReplay(const StreamReplay&) = delete;
    StreamReplay& operator=(const StreamReplay&) = delete;

    void give(const std::vector<std::uint8_t>& bytes) { stream_->events.bytes(bytes, clock_.now().instant); }
    void spoil() { stream_->events.damaged(clock_.now().instant); }
    void lose(const std::string& cause) { stream_->events.lost(cause, clock_.now().instant); }
    void open() { stream_->events.opened(clock_.now().instant); }
    void refuse_writes(bool refuse) { stream_->refuses = refuse; }
    void show(const SignFace& face) { device_->show(face); }
    [[nodiscard]] const FakeStream& stream() const { return *stream_; }
    [[nodiscard]] const drivers::Device& device() const { return *device_; }

    /// What was seen, in the words of recordings.
    [[nodiscard]] std::vector<std::string> told() const {
        std::vector<std::string> lines;
        for (const auto& seen : observations) {
            if (auto line = drivers::words_of(seen)) {
                lines.push_back(std::move(*line));
            }
        }
        return lines;
    }
    std::vector<Observation> observations;

private:
    ManualClock& clock_;
    runtime::Log log_{runtime::Log::Form::plain, runtime::LogLevel::error};
    drivers::InputImage image_;
    drivers::Buses buses_;
    FakeStream* stream_ = nullptr;
    std::unique_ptr<drivers::Device> device_;
};

/// The clock goes on by `time`, and everything that is due then happens.
inline void pass(boost::asio::io_context& context, ManualClock& clock, std::chrono::milliseconds time) {
    clock.advance(time);
    context.restart();
    context.run_for(time);  // timers were set for what was left, and wait for that
    context.restart();
    context.poll();
}

/// How long the frames of a profile may stand still.
inline std::chrono::milliseconds idle_of(const ConfigNode& profile) {
    ConfigProblems problems;
    return profile.find("framing") == nullptr ? std::chrono::milliseconds{500}
                                              : drivers::read_framing(profile, problems).idle;
}

}  // namespace portcullis::testing
