#pragma once

#include <memory>
#include <optional>

#include "core/observation.hpp"
#include "drivers/device.hpp"
#include "drivers/device_plan.hpp"
#include "drivers/device_reporter.hpp"
#include "drivers/framed_stream.hpp"

namespace portcullis::drivers {

/// What a driver knows of its device: from the profile, and from the device's own keys.
struct TemplateDriverSettings {
    ProfileFacts facts;
    TalkSettings talk;
    ReadingKind kind = ReadingKind::document;
};

/// `kind` is the profile's; this device has no keys of its own.
[[nodiscard]] TemplateDriverSettings read_template_driver_settings(const ConfigNode& options, const ConfigNode& profile,
                                                                   ConfigProblems& problems);

/// The registry's row: always a plan; what is wrong is in `problems`.
[[nodiscard]] std::unique_ptr<DevicePlan> plan_template_driver(const ConfigNode& options, const ConfigNode& profile,
                                                               ConfigProblems& problems);

/// A small driver to copy (docs/drivers.md), and why it is one: its device wants each frame acknowledged and repeats it
/// until then, which no profile can say. A frame is STX, a digit that counts frames from 0 to 9, a text, ETX; the
/// acknowledgement is ACK and the digit. Layout of this project.
class TemplateDriver final : public Device {
public:
    TemplateDriver(ByteStream& stream, const DeviceContext& context, TemplateDriverSettings settings);

    void start(ObservationSink sink) override;
    void stop() override;
    void perform(const PointCommand& command, CommandDone done) override;
    void disable() override { talk_.stop(); }
    void enable() override { talk_.start(); }
    [[nodiscard]] DeviceView view() const override { return reporter_.view(); }

private:
    void frame(const Frame& frame);
    void acknowledge(std::uint8_t number);

    boost::asio::io_context& main_;
    TemplateDriverSettings settings_;
    DeviceReporter reporter_;
    FramedStream talk_;
    std::optional<std::uint8_t> last_;  ///< number of the frame that was told, in this connection
};

}  // namespace portcullis::drivers
