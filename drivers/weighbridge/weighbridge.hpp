#pragma once

#include <memory>
#include <optional>

#include "drivers/device.hpp"
#include "drivers/device_plan.hpp"
#include "drivers/device_reporter.hpp"
#include "drivers/framed_stream.hpp"
#include "drivers/weighbridge/weight_frame.hpp"
#include "drivers/weighbridge/weight_teller.hpp"

namespace portcullis::drivers {

struct WeighbridgeSettings {
    ProfileFacts facts;
    TalkSettings talk;
    WeightProtocol protocol = WeightProtocol::toledo;
    MassUnit unit = MassUnit::kilogram;                   ///< of `yaohua`, which does not tell it
    std::optional<std::chrono::milliseconds> steady_for;  ///< of `yaohua`, which does not tell motion
};

/// The registry's row: always a plan; what is wrong is in `problems`.
[[nodiscard]] std::unique_ptr<DevicePlan> plan_weighbridge(const ConfigNode& options, const ConfigNode& profile,
                                                           ConfigProblems& problems);

/// A weighing indicator on a stream. A frame that is refused changes nothing; what it showed last ends two seconds
/// later.
class Weighbridge final : public Device {
public:
    Weighbridge(ByteStream& stream, const DeviceContext& context, WeighbridgeSettings settings);

    void start(ObservationSink sink) override;
    void stop() override;
    void perform(const PointCommand& command, CommandDone done) override;
    void disable() override;
    void enable() override { talk_.start(); }
    [[nodiscard]] DeviceView view() const override { return reporter_.view(); }

private:
    void frame(const Frame& frame);

    boost::asio::io_context& main_;
    WeighbridgeSettings settings_;
    DeviceReporter reporter_;
    WeightTeller teller_;
    FramedStream talk_;
};

}  // namespace portcullis::drivers
