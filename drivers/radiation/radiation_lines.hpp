#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <string>

#include "drivers/device.hpp"
#include "drivers/device_plan.hpp"
#include "drivers/device_reporter.hpp"
#include "drivers/framed_stream.hpp"
#include "drivers/radiation/occupancy_teller.hpp"
#include "drivers/radiation/tsa_line.hpp"
#include "runtime/alarm.hpp"

namespace portcullis::drivers {

struct RadiationLinesSettings {
    ProfileFacts facts;
    TalkSettings talk;
    /// Samples come every 200 ms; none for so long and no end of the occupancy: the end is lost.
    std::chrono::milliseconds sample_timeout{3000};
};

/// The registry's row: always a plan; what is wrong is in `problems`.
[[nodiscard]] std::unique_ptr<DevicePlan> plan_radiation_lines(const ConfigNode& options, const ConfigNode& profile,
                                                               ConfigProblems& problems);

/// A portal monitor that writes lines of `TAG,n,n,n,n` by itself: background while nothing is there, samples while
/// something is. The monitor decides about alarms; here they are only kept to the end of the occupancy.
class RadiationLines final : public Device {
public:
    RadiationLines(ByteStream& stream, const DeviceContext& context, RadiationLinesSettings settings);

    void start(ObservationSink sink) override;
    void stop() override;
    void perform(const PointCommand& command, CommandDone done) override;
    void disable() override;
    void enable() override { talk_.start(); }
    [[nodiscard]] DeviceView view() const override { return reporter_.view(); }

private:
    void opened(Instant at);
    void frame(const Frame& frame);
    void take(const TsaLine& line, Instant at);
    void background(const TsaLine& line, Instant at);
    void gamma_sample(const TsaLine& line, Instant at);
    void neutron_sample(const TsaLine& line, Instant at);
    void sampled(Instant at);
    void say_watch(Instant at);

    boost::asio::io_context& main_;
    const runtime::Clock& clock_;
    RadiationLinesSettings settings_;
    DeviceReporter reporter_;
    OccupancyTeller teller_;
    std::string gamma_fault_;    ///< empty = its background is good
    std::string neutron_fault_;  ///< likewise
    bool tampered_ = false;
    std::deque<std::int64_t> last_samples_;  ///< of a second
    runtime::Alarm no_sample_;
    FramedStream talk_;
};

}  // namespace portcullis::drivers
