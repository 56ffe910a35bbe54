#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/config_node.hpp"
#include "drivers/framing/check.hpp"
#include "drivers/text_decoder.hpp"
#include "drivers/text_reader/line_pattern.hpp"

namespace portcullis::drivers {

/// How the bytes of a field become a text: two hex digits each, one whole number in digits, or as the profile's
/// encoding has them.
enum class BytesAs : std::uint8_t { hex, integer, text };

/// The frame of bytes of a tag or card reader, by position. Positions count from the frame's first byte.
class BinaryFields {
public:
    /// `fields:` and `match:` of a profile.
    [[nodiscard]] static BinaryFields read(const ConfigNode& fields, const ConfigNode* match, ConfigProblems& problems);

    /// Nothing when the frame is shorter than a field needs, has other bytes than `match` says, or a text does not
    /// decode.
    [[nodiscard]] std::optional<FrameFields> extract(std::span<const std::uint8_t> frame, TextDecoder& decoder) const;

private:
    struct Field {
        FrameField meaning = FrameField::text;
        std::size_t at = 0;
        std::size_t length = 1;  ///< 1 to 64; of an integer 1 to 8
        BytesAs as = BytesAs::hex;
        FieldOrder order = FieldOrder::high_first;  ///< of an integer
    };
    struct Match {
        std::size_t at = 0;
        std::vector<std::uint8_t> bytes;
    };

    [[nodiscard]] static Field read_field(FrameField meaning, const ConfigNode& node, ConfigProblems& problems);
    [[nodiscard]] static std::optional<std::string> text_of(const Field& field, std::span<const std::uint8_t> bytes,
                                                            TextDecoder& decoder);

    std::vector<Field> fields_;
    std::vector<Match> matches_;
};

}  // namespace portcullis::drivers

namespace portcullis {

template <>
inline constexpr auto enum_texts<drivers::BytesAs> = std::to_array<EnumText<drivers::BytesAs>>({
    {drivers::BytesAs::hex, "hex"},
    {drivers::BytesAs::integer, "integer"},
    {drivers::BytesAs::text, "text"},
});

}  // namespace portcullis
