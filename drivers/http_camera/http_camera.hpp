#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "core/credential.hpp"
#include "drivers/back_off.hpp"
#include "drivers/device.hpp"
#include "drivers/device_reporter.hpp"
#include "drivers/http/digest_auth.hpp"
#include "drivers/http/http_get.hpp"
#include "drivers/http_camera/profile.hpp"
#include "runtime/alarm.hpp"

namespace portcullis::drivers {

/// A camera of which one still picture is fetched when a passage asks. One request at a time: a newer trigger ends the
/// one before it, so that no picture of a later vehicle answers for an earlier. Between triggers a picture is fetched
/// now and then and thrown away: online is who gave one in this connection.
class HttpCamera final : public Device {
public:
    HttpCamera(Endpoint endpoint, Credential credential, const DeviceContext& context, HttpCameraSettings settings);

    void start(ObservationSink sink) override;
    void stop() override;
    void perform(const PointCommand& command, CommandDone done) override;
    void capture(const CaptureRequest& request) override;
    void disable() override;
    void enable() override;
    [[nodiscard]] DeviceView view() const override { return reporter_.view(); }

private:
    void begin(std::optional<CaptureRequest> request);
    void ask();
    void answered(Result<HttpAnswer, HttpFailure> result);
    [[nodiscard]] bool challenged(const HttpAnswer& answer);
    void take(HttpAnswer answer);
    void fail(std::string_view cause, const std::string& detail);
    void overdue();
    void rest();
    void answer_missing(const CaptureRequest& request, std::string_view cause);
    [[nodiscard]] std::string authorize();

    boost::asio::io_context& main_;
    const runtime::Clock& clock_;
    Endpoint endpoint_;
    Credential credential_;
    HttpCameraSettings settings_;
    DeviceReporter reporter_;
    std::optional<CaptureRequest> request_;  ///< whose picture is being fetched; nothing = only a probe, or idle
    std::unique_ptr<HttpGet> get_;
    int asked_ = 0;                       ///< requests of this fetch
    std::optional<Challenge> challenge_;  ///< of the newest nonce
    std::uint32_t nonce_count_ = 0;
    std::optional<Instant> locked_until_;  ///< the password was refused: more tries would lock the account
    std::mt19937_64 random_{std::random_device{}()};
    BackOff back_off_;
    runtime::Alarm overdue_;
    runtime::Alarm probe_;
    bool away_ = true;  ///< not started, stopped or out of service
    std::shared_ptr<HttpCamera*> self_ = std::make_shared<HttpCamera*>(this);
};

}  // namespace portcullis::drivers
