#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/command.hpp"
#include "core/point.hpp"
#include "drivers/input_image.hpp"
#include "drivers/transport/modbus_link.hpp"

namespace portcullis::drivers {

/// A pulse that the device ends by itself: function 5 with a time as its value, which no coil has.
struct DevicePulse {
    std::uint16_t address = 0;
    std::uint16_t steps = 1;
};

/// What is read right before a write to a module that may have restarted a moment ago.
struct WriteProof {
    ModbusRequest request;
    std::function<bool(const std::vector<std::uint16_t>&)> holds;
};

/// One coil to write and read back.
struct CoilWrite {
    std::uint8_t unit = 1;
    std::uint16_t coil = 0;
    std::uint16_t readback = 0;  ///< where the coil is read back, with function 1
    bool on = false;
    std::optional<DevicePulse> pulse{};            ///< instead of the coil's own value; it reads back `on` meanwhile
    std::optional<WriteProof> proof{};             ///< without it nothing is written
    std::chrono::milliseconds read_back_within{};  ///< of a device that shows a write only later: asked again
    std::chrono::milliseconds timeout{};
    std::optional<Instant> not_after;     ///< nothing = ends what is on: a pulse's end and safe states are never late
    std::vector<PointRef> must_be_clear;  ///< looked up in the image right before the write
    std::shared_ptr<const std::atomic<bool>> withdrawn;  ///< set by whoever gave it; nothing = nobody can
};

/// What became of it.
struct CoilWritten {
    WriteOutcome outcome = WriteOutcome::failed;
    std::optional<bool> read = std::nullopt;      ///< the coil as read back
    std::optional<Instant> began = std::nullopt;  ///< when its bytes were sent; nothing = they were not
    std::string cause;                            ///< empty when done

    /// The coil may stand as it was to be written: not when nothing was sent, or the device has refused.
    [[nodiscard]] bool may_have_acted() const { return began && (outcome != WriteOutcome::failed || read); }
};

/// Writes once and reads back. Clock, withdrawal and sensors are looked at after the connection stands, right before
/// the bytes.
/// Blocks: only in the bus's worker.
[[nodiscard]] CoilWritten write_and_read_back(ModbusLink& link, const CoilWrite& write, const runtime::Clock& clock,
                                              const InputImage& image);

}  // namespace portcullis::drivers
