#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "core/time.hpp"
#include "runtime/clock.hpp"
#include "simulators/devices/io_module.hpp"
#include "simulators/devices/line_reader.hpp"
#include "simulators/devices/register_reader.hpp"

namespace portcullis::bench {

/// A lane without a vehicle: its inputs are driven directly, so that a passage takes two seconds. Measures from the
/// moment at which the last thing needed for the verdict is there to the write of the arm's output.
class BenchLane {
public:
    enum class Last : std::uint8_t {
        container,  ///< the container reader's registers, polled
        plate       ///< the plate camera's line, pushed over a serial port
    };
    using Measured = std::function<void(double milliseconds)>;

    BenchLane(boost::asio::io_context& context, const runtime::Clock& clock, std::string name, Last last);

    /// Begins a passage. Only when `idle`.
    void begin(Measured measured);
    [[nodiscard]] bool idle() const { return idle_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    /// The lane, its bus and its devices as settings.
    [[nodiscard]] std::string buses_text() const;
    [[nodiscard]] std::string devices_text() const;
    [[nodiscard]] std::string lane_text() const;

private:
    void written(std::size_t output, bool high);
    void last_thing();
    void drive_through();
    void arm_falls();
    void after(std::chrono::milliseconds pause, std::function<void()> what);
    void set(std::size_t input, bool active);

    const runtime::Clock& clock_;
    std::string name_;
    Last last_;
    simulators::IoModule io_;
    simulators::RegisterReader container_;
    simulators::LineReader plate_;
    boost::asio::steady_timer timer_;
    std::optional<Instant> began_;
    Measured measured_;
    bool idle_ = true;
    bool up_ = false;
    int plates_ = 0;
};

}  // namespace portcullis::bench
