#pragma once

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "drivers/back_off.hpp"
#include "drivers/transport/byte_stream.hpp"
#include "drivers/transport/line_settings.hpp"
#include "drivers/transport/marked_bytes.hpp"
#include "runtime/alarm.hpp"

namespace portcullis::drivers {

/// A local serial port, ours alone (flock; TIOCEXCL on real ports), read without blocking. After it vanishes it is
/// opened again by its name, with a back-off: a name under /dev/serial/ finds the same device after a replug.
class SerialPort final : public ByteStream {
public:
    SerialPort(std::string path, LineSettings line, boost::asio::io_context& context, const runtime::Clock& clock);
    ~SerialPort() override;

    void start(ByteStreamEvents events) override;
    void stop() override;
    [[nodiscard]] bool send(std::span<const std::uint8_t> bytes) override;

private:
    void open();
    void read();
    void written(const boost::system::error_code& error);
    void received(const boost::system::error_code& error, std::size_t length);
    void lose(const std::string& cause);
    void close();

    std::string path_;
    LineSettings line_;
    const runtime::Clock& clock_;
    ByteStreamEvents events_;
    boost::asio::posix::stream_descriptor port_;
    std::array<std::uint8_t, 512> buffer_{};
    MarkedBytes marked_;
    BackOff back_off_{first_pause, longest_pause};
    runtime::Alarm again_;
    std::vector<std::uint8_t> out_;  ///< what is being written; empty = nothing
    runtime::Alarm write_due_;
    std::uint64_t opened_ = 0;  ///< tells a completion of a port that was given up from one of its successor
    std::shared_ptr<SerialPort*> self_;
};

/// Opens and sets a port: a descriptor that is ours alone, or why not.
[[nodiscard]] Result<int, std::string> open_serial(const std::string& path, const LineSettings& line);

}  // namespace portcullis::drivers
