#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config_node.hpp"
#include "core/enum_text.hpp"
#include "core/sign.hpp"
#include "drivers/device_plan.hpp"
#include "drivers/framing/framing.hpp"

namespace portcullis::drivers {

/// The bytes that a sign takes its text in.
enum class SignEncoding : std::uint8_t { ascii, gbk, utf8 };

/// One sign, as its profile describes it.
struct LineSignSettings {
    ProfileFacts facts;
    FramingSettings framing;
    std::string content;  ///< what stands in a frame; `{text}` and `{colour}` are put in
    SignEncoding encoding = SignEncoding::ascii;
    std::string forbidden;     ///< characters that the sign would obey: never sent in a text
    std::size_t longest = 64;  ///< bytes of a text
    std::map<SignColour, std::string> colours;
    /// It is told again so often: a sign that lost its power says nothing of it. Nothing = only after a reconnect.
    std::optional<std::chrono::milliseconds> refresh;
    std::chrono::milliseconds pause{200};  ///< from one frame to the next
};

/// What the sign can show of `words`: other characters are blanks, and what is too long is cut between characters.
[[nodiscard]] std::string shown_as(const LineSignSettings& sign, std::string_view words);

/// The whole frame that makes the sign show `face`.
[[nodiscard]] std::vector<std::uint8_t> sign_frame(const LineSignSettings& sign, const SignFace& face);

[[nodiscard]] LineSignSettings read_line_sign_settings(const ConfigNode& profile, ConfigProblems& problems);

}  // namespace portcullis::drivers

namespace portcullis {

template <>
inline constexpr auto enum_texts<drivers::SignEncoding> = std::to_array<EnumText<drivers::SignEncoding>>({
    {drivers::SignEncoding::ascii, "ascii"},
    {drivers::SignEncoding::gbk, "gbk"},
    {drivers::SignEncoding::utf8, "utf-8"},
});

}  // namespace portcullis
