#pragma once

#include <memory>
#include <optional>

#include "drivers/back_off.hpp"
#include "drivers/device.hpp"
#include "drivers/modbus_reader/reading_registers.hpp"
#include "drivers/modbus_unit.hpp"

namespace portcullis::drivers {

/// A reader that keeps its last text in registers. A new sequence is a new reading, given back to the device until it
/// takes that, because it may show nothing new before; what stood there when we came, or after the device was away or
/// restarted, is of an unknown truck and is no reading.
class ModbusReader final : public Device {
public:
    ModbusReader(ModbusBus& bus, const DeviceContext& context, ModbusReaderSettings settings);

    void start(ObservationSink sink) override { unit_.start(std::move(sink)); }
    void stop() override { unit_.stop(); }
    void perform(const PointCommand& command, CommandDone done) override;
    void pace(Pace pace) override { unit_.pace(pace); }
    void disable() override { unit_.disable(); }
    void enable() override { unit_.enable(); }
    [[nodiscard]] DeviceView view() const override { return unit_.reporter().view(); }

private:
    [[nodiscard]] ModbusUnit::Poll poll();
    void read(const ModbusAnswer& answer);
    void take(const ModbusAnswer& answer);
    void acknowledge(std::uint16_t sequence, Instant at);
    void acknowledge_written(std::uint16_t sequence, Instant asked, bool written);

    boost::asio::io_context& main_;
    ModbusReaderSettings settings_;
    TextDecoder decoder_;
    std::optional<std::uint16_t> sequence_;      ///< the last one seen; nothing = the next one is only learnt
    std::optional<std::uint16_t> acknowledged_;  ///< the device has taken it back
    Instant acknowledge_not_before_;
    BackOff back_off_{first_pause, longest_pause};  ///< of the acknowledge
    std::shared_ptr<ModbusReader*> self_ = std::make_shared<ModbusReader*>(this);
    ModbusUnit unit_;
};

}  // namespace portcullis::drivers
