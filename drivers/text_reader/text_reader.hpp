#pragma once

#include <memory>
#include <optional>

#include "drivers/device.hpp"
#include "drivers/device_reporter.hpp"
#include "drivers/text_reader/profile.hpp"
#include "drivers/transport/byte_stream.hpp"
#include "runtime/alarm.hpp"

namespace portcullis::drivers {

/// A reader that writes lines over a stream of bytes. Silence is no fault: no truck, no line. Online with the first
/// good line of a connection, offline when the connection is lost.
class TextReader final : public Device {
public:
    TextReader(ByteStream& stream, const DeviceContext& context, TextReaderSettings settings);

    void start(ObservationSink sink) override;
    void stop() override;
    void perform(const PointCommand& command, CommandDone done) override;
    [[nodiscard]] DeviceView view() const override { return reporter_.view(); }

private:
    void received(std::span<const std::uint8_t> bytes, Instant at);
    void line(const std::vector<std::uint8_t>& bytes);
    void refuse(std::string_view kind, std::vector<std::uint8_t> bytes);
    [[nodiscard]] std::optional<Reading> reading_of(const LineFields& fields) const;

    ByteStream& stream_;
    boost::asio::io_context& main_;
    const runtime::Clock& clock_;
    TextReaderSettings settings_;
    TextDecoder decoder_;
    DeviceReporter reporter_;
    LineSplitter splitter_;
    Instant at_;  ///< when the bytes at hand came
    runtime::Alarm idle_;
};

}  // namespace portcullis::drivers
