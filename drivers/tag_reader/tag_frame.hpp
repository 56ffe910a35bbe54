#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/enum_text.hpp"
#include "core/result.hpp"

namespace portcullis::drivers {

/// The families of frames that readers of UHF tags speak.
enum class TagProtocol : std::uint8_t {
    a0,          ///< `A0 Len Addr Cmd … Check`
    reader18,    ///< `Len Adr 01 Status Num (len EPC)… CRC`
    reader288m,  ///< the same with the antenna, and a strength behind each EPC; also in active mode (EE)
    cf,          ///< `CF Addr Cmd Cmd Len Status … CRC`
};

struct TagSeen {
    std::string epc;             ///< 4 to 62 bytes, as hex digits
    std::optional<int> antenna;  ///< as the reader numbers it
    friend bool operator==(const TagSeen&, const TagSeen&) = default;
};

/// What one frame of a tag reader says.
struct TagFrame {
    std::vector<TagSeen> tags;
    bool ends_round = false;     ///< nothing more follows to what was asked
    bool antenna_fault = false;  ///< the reader says that an antenna or its cable is bad
    std::optional<int> error;    ///< a code of the reader that no source explains
};

/// What a whole frame, whose check holds, means. Refused: `command` (not of an inventory), `tags` (what it holds does
/// not fill it, or an EPC is too short or too long).
[[nodiscard]] Result<TagFrame, std::string_view> read_tag_frame(TagProtocol protocol,
                                                                std::span<const std::uint8_t> frame);

}  // namespace portcullis::drivers

namespace portcullis {

template <>
inline constexpr auto enum_texts<drivers::TagProtocol> = std::to_array<EnumText<drivers::TagProtocol>>({
    {drivers::TagProtocol::a0, "a0"},
    {drivers::TagProtocol::reader18, "reader18"},
    {drivers::TagProtocol::reader288m, "288m"},
    {drivers::TagProtocol::cf, "cf"},
});

}  // namespace portcullis
