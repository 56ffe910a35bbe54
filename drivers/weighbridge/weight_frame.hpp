#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/enum_text.hpp"
#include "core/result.hpp"
#include "core/weight.hpp"

/// Frames of weighing indicators: pure. Kilograms leave as whole numbers or not at all: tonnes and grams are converted
/// exactly, pounds are no whole kilograms and are refused.
namespace portcullis::drivers {

/// What an indicator speaks.
enum class WeightProtocol : std::uint8_t {
    toledo,  ///< continuous output of Mettler-Toledo and those that copy it
    sics,    ///< MT-SICS, asked with `SI`
    yaohua,  ///< XK3190, continuous: tells neither motion nor unit
};

/// The unit of an indicator that does not tell it.
enum class MassUnit : std::uint8_t { kilogram, tonne };

/// What one frame says.
struct WeightFrame {
    WeightSeen seen;
    std::string fault;  ///< what the indicator says is wrong with itself, or nothing
};

/// What the content of a whole frame, whose check holds, means. Refused: `length`, `status` (bits that no such frame
/// has), `digits`, `unit`, `fraction` (no whole kilograms), `reply` (the indicator did not understand).
[[nodiscard]] Result<WeightFrame, std::string_view> read_weight_frame(WeightProtocol protocol, MassUnit unit,
                                                                      std::span<const std::uint8_t> content);

}  // namespace portcullis::drivers

namespace portcullis {

template <>
inline constexpr auto enum_texts<drivers::WeightProtocol> = std::to_array<EnumText<drivers::WeightProtocol>>({
    {drivers::WeightProtocol::toledo, "toledo"},
    {drivers::WeightProtocol::sics, "sics"},
    {drivers::WeightProtocol::yaohua, "yaohua"},
});
template <>
inline constexpr auto enum_texts<drivers::MassUnit> = std::to_array<EnumText<drivers::MassUnit>>({
    {drivers::MassUnit::kilogram, "kg"},
    {drivers::MassUnit::tonne, "t"},
});

}  // namespace portcullis
