#pragma once

#include <boost/asio/io_context.hpp>
#include <string>
#include <string_view>

#include "drivers/device.hpp"
#include "drivers/device_reporter.hpp"
#include "drivers/http/push_server.hpp"
#include "drivers/http_push/profile.hpp"
#include "runtime/alarm.hpp"

namespace portcullis::drivers {

/// A reader that pushes its readings to us as JSON. Silence is no fault unless its profile knows of signs of life.
class HttpPush final : public Device {
public:
    HttpPush(PushServer& server, const DeviceContext& context, HttpPushSettings settings);

    void start(ObservationSink sink) override;
    void stop() override;
    void perform(const PointCommand& command, CommandDone done) override;
    void disable() override;
    void enable() override;
    [[nodiscard]] DeviceView view() const override { return reporter_.view(); }

private:
    void listen();
    [[nodiscard]] PushTaken pushed(std::string_view body, Instant at);
    void refuse(std::string_view kind, std::string_view body, Instant at);

    PushServer& server_;
    boost::asio::io_context& main_;
    const runtime::Clock& clock_;
    HttpPushSettings settings_;
    DeviceReporter reporter_;
    runtime::Alarm silent_;
};

}  // namespace portcullis::drivers
