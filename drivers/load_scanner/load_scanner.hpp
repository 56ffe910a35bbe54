#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "drivers/device.hpp"
#include "drivers/device_plan.hpp"
#include "drivers/device_reporter.hpp"
#include "drivers/framed_stream.hpp"
#include "drivers/load_scanner/load_teller.hpp"

namespace portcullis::drivers {

struct LoadScannerSettings {
    ProfileFacts facts;
    TalkSettings talk;
    std::map<std::string, LoadSeen, std::less<>> words;  ///< what it sends, and what that means
};

/// The registry's row: always a plan; what is wrong is in `problems`.
[[nodiscard]] std::unique_ptr<DevicePlan> plan_load_scanner(const ConfigNode& options, const ConfigNode& profile,
                                                            ConfigProblems& problems);

/// A line scanner that says in words what stands on the vehicle in front of it. What it said last ends with its
/// connection, its silence, or another word; a word that its profile does not know means nothing.
class LoadScanner final : public Device {
public:
    LoadScanner(ByteStream& stream, const DeviceContext& context, LoadScannerSettings settings);

    void start(ObservationSink sink) override;
    void stop() override;
    void perform(const PointCommand& command, CommandDone done) override;
    void disable() override;
    void enable() override { talk_.start(); }
    [[nodiscard]] DeviceView view() const override { return reporter_.view(); }

private:
    void frame(const Frame& frame);

    boost::asio::io_context& main_;
    LoadScannerSettings settings_;
    DeviceReporter reporter_;
    LoadTeller teller_;
    FramedStream talk_;
};

}  // namespace portcullis::drivers
