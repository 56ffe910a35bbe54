#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/bad_frame.hpp"
#include "drivers/device.hpp"
#include "runtime/alarm.hpp"

namespace portcullis::drivers {

/// When the next summary is due: at the next full hour of the wall clock, so that one falls on midnight in every time
/// zone that is whole hours off UTC.
[[nodiscard]] Instant summary_due(const Now& now);

/// What every driver says about its device, in the way that events.md wants it: health on change only, bad frames
/// once and then summed for a minute, a summary each full hour. Main context only.
class DeviceReporter {
public:
    DeviceReporter(DeviceName device, boost::asio::io_context& context, const runtime::Clock& clock);

    void start(ObservationSink sink);
    /// Reports what is summed up so far; silent afterwards.
    void stop();

    void health(DeviceState state, const std::string& cause, Instant at);
    [[nodiscard]] std::optional<DeviceState> state() const { return view_.state; }

    void bad_frames(const std::vector<BadFrame>& frames);
    void bad_frame(const BadFrame& frame);

    /// A poll or write that was answered well.
    void good_exchange(Instant at, std::chrono::milliseconds took);
    void failed_exchange();

    void input(const PointName& point, InputSeen seen, Instant at);
    void reading(Reading reading, Instant at);
    /// A picture, or why there is none.
    void picture(Picture picture, Instant at);
    void weight(const WeightSeen& weight, Instant at);
    void load(const LoadSeen& load, Instant at);
    void radiation(const RadiationSeen& seen, Instant at);
    /// What the device says it is: told when it is not what was told before.
    void identity(const DeviceIdentity& identity, Instant at);
    /// Out of service by hand: what was known of its health is not known any more.
    void forget_health();

    /// The device's own clock less ours, as it has just shown.
    void clock_skew(std::chrono::milliseconds skew) { view_.clock_skew = window_.clock_skew = skew; }

    /// Sums up what was counted since the last summary. Done by itself when `summary_due`.
    void summarise();

    /// State and counters; points are the driver's to add.
    [[nodiscard]] DeviceView view() const { return view_; }

private:
    struct SummedFrames {
        BadFrames frames;
        std::optional<Instant> reported;
    };
    struct Window {
        std::int64_t polls = 0;
        std::int64_t errors = 0;
        std::int64_t readings = 0;
        std::optional<std::chrono::milliseconds> clock_skew;
        std::array<std::uint32_t, 1024> took_ms{};  ///< exchanges by milliseconds; the last also holds what is longer
    };

    void emit(PointName point, Instant at, decltype(Observation::what) what);
    void report_frames(Instant now, bool all);
    [[nodiscard]] std::chrono::milliseconds p99() const;

    DeviceName device_;
    const runtime::Clock& clock_;
    ObservationSink sink_;
    DeviceView view_;
    DeviceIdentity identity_;
    std::map<std::string, SummedFrames, std::less<>> frames_;  // by kind: a driver's few words
    Window window_;
    Instant window_began_;
    runtime::Alarm frames_due_;
    runtime::Alarm window_due_;
};

}  // namespace portcullis::drivers
