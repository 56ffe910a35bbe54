#pragma once

#include <memory>
#include <optional>

#include "drivers/device.hpp"
#include "drivers/device_reporter.hpp"
#include "drivers/line_sign/sign_frame.hpp"
#include "drivers/transport/byte_stream.hpp"
#include "runtime/alarm.hpp"

namespace portcullis::drivers {

/// A message sign that takes its text in a frame and says nothing of it: sent is not shown. It keeps the newest text
/// alone, says it again after each reconnect, and waits between frames. It counts as online once a text went out in
/// this connection, which proves the line and not the sign.
class LineSign final : public Device {
public:
    LineSign(ByteStream& stream, const DeviceContext& context, LineSignSettings settings);

    void start(ObservationSink sink) override;
    void stop() override;
    void perform(const PointCommand& command, CommandDone done) override;
    void show(const SignFace& face) override;
    void disable() override;
    void enable() override;
    [[nodiscard]] DeviceView view() const override { return reporter_.view(); }

private:
    void connect();
    void disconnect();
    void due();
    void send(Instant now);

    ByteStream& stream_;
    boost::asio::io_context& main_;
    const runtime::Clock& clock_;
    LineSignSettings settings_;
    DeviceReporter reporter_;
    runtime::Alarm next_;
    bool open_ = false;
    bool waits_ = false;  ///< `face_` is newer than what was sent
    std::optional<SignFace> face_;
    std::optional<Instant> sent_at_;
};

[[nodiscard]] std::unique_ptr<DevicePlan> plan_line_sign(const ConfigNode& options, const ConfigNode& profile,
                                                         ConfigProblems& problems);

}  // namespace portcullis::drivers
