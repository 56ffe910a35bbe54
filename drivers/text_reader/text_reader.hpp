#pragma once

#include <optional>

#include "drivers/device.hpp"
#include "drivers/device_reporter.hpp"
#include "drivers/framed_stream.hpp"
#include "drivers/seen_window.hpp"
#include "drivers/text_reader/profile.hpp"

namespace portcullis::drivers {

/// A reader whose frames are texts, or bytes by position, over a stream of bytes. Silence is no fault unless the
/// profile says so: no truck, no line. Online with the first good frame of a connection.
class TextReader final : public Device {
public:
    TextReader(ByteStream& stream, const DeviceContext& context, TextReaderSettings settings);

    void start(ObservationSink sink) override;
    void stop() override;
    void perform(const PointCommand& command, CommandDone done) override;
    void disable() override { talk_.stop(); }
    void enable() override { talk_.start(); }
    [[nodiscard]] DeviceView view() const override { return reporter_.view(); }

private:
    void frame(const Frame& frame);
    void tell(Reading reading, Instant at);
    void compare_clock(const Reading& reading, Instant at);

    boost::asio::io_context& main_;
    const runtime::Clock& clock_;
    TextReaderSettings settings_;
    FrameMeaning meaning_;
    DeviceReporter reporter_;
    std::optional<SeenWindow> seen_;
    FramedStream talk_;
};

}  // namespace portcullis::drivers
