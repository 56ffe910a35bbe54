#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <tuple>

#include "core/enum_text.hpp"
#include "core/ids.hpp"

namespace portcullis {

/// A point of a device: `io.di0`.
struct PointRef {
    DeviceName device;
    PointName point;
    friend bool operator==(const PointRef&, const PointRef&) = default;
    friend std::strong_ordering operator<=>(const PointRef& left, const PointRef& right) {
        return std::tie(left.device, left.point) <=> std::tie(right.device, right.point);
    }
};

enum class Direction : std::uint8_t { input, output };
template <>
inline constexpr auto enum_texts<Direction> = std::to_array<EnumText<Direction>>({
    {Direction::input, "input"},
    {Direction::output, "output"},
});

/// What a broken wire of an input looks like (design.md 8).
enum class WireOpen : std::uint8_t { occupied, clear };
template <>
inline constexpr auto enum_texts<WireOpen> = std::to_array<EnumText<WireOpen>>({
    {WireOpen::occupied, "occupied"},
    {WireOpen::clear, "clear"},
});

/// `inverted`: the coil is off while the output is meant to be on (a red lamp on a normally closed contact).
enum class OutputSense : std::uint8_t { normal, inverted };
template <>
inline constexpr auto enum_texts<OutputSense> = std::to_array<EnumText<OutputSense>>({
    {OutputSense::normal, "normal"},
    {OutputSense::inverted, "inverted"},
});

/// An output's value at start and while the daemon is not in charge; after its sense is applied.
enum class SafeOutput : std::uint8_t { off, on, keep };
template <>
inline constexpr auto enum_texts<SafeOutput> = std::to_array<EnumText<SafeOutput>>({
    {SafeOutput::off, "off"},
    {SafeOutput::on, "on"},
    {SafeOutput::keep, "keep"},
});

/// How a lane has wired one point of a device.
struct PointSetup {
    PointName point;
    Direction direction = Direction::input;
    WireOpen wire_open_means = WireOpen::occupied;  ///< inputs
    OutputSense sense = OutputSense::normal;        ///< outputs
    SafeOutput safe = SafeOutput::off;              ///< outputs
    std::chrono::milliseconds pulse{};              ///< outputs that are pulsed: the pulse's length
    friend bool operator==(const PointSetup&, const PointSetup&) = default;
};

}  // namespace portcullis
