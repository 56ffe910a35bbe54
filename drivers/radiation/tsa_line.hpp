#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/result.hpp"

namespace portcullis::drivers {

/// The tags of the line protocol of Rapiscan (TSA) portal monitors.
enum class TsaTag : std::uint8_t {
    gamma_background,
    neutron_background,
    gamma_high,    ///< GH: background too high
    gamma_low,     ///< GL
    neutron_high,  ///< NH
    neutron_low,   ///< NL
    gamma_sample,
    neutron_sample,
    gamma_alarm,
    neutron_alarm,
    speed,
    end_of_occupancy,
    tamper,
    tamper_cleared,
    setup  ///< SG1-3, SN1-2: what the monitor is set to
};

/// One line: a tag and four numbers, which are the detectors' counts where the tag has counts.
struct TsaLine {
    TsaTag tag = TsaTag::gamma_background;
    std::array<std::int64_t, 4> numbers{};
    std::optional<std::int64_t> speed_mm_s;  ///< of `speed`

    [[nodiscard]] std::int64_t sum() const { return numbers[0] + numbers[1] + numbers[2] + numbers[3]; }
};

/// Reads one line, or says in a word of device.bad_frame what is wrong: `count` fields, `tag`, `digits`, `range`.
[[nodiscard]] Result<TsaLine, std::string_view> read_tsa_line(std::span<const std::uint8_t> line);

}  // namespace portcullis::drivers
