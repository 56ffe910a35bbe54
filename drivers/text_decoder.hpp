#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/enum_text.hpp"

namespace portcullis::drivers {

/// The bytes that a reader writes its text in. It cannot be told from the bytes: a profile says it.
enum class Encoding : std::uint8_t { utf8, gbk };

/// Bytes of a reader to UTF-8, strictly: what does not decode is no text.
class TextDecoder {
public:
    /// Throws std::runtime_error when the system cannot convert this encoding.
    explicit TextDecoder(Encoding encoding);

    /// Nothing when a byte does not belong to the encoding, or a control character is in it.
    [[nodiscard]] std::optional<std::string> decode(std::span<const std::uint8_t> bytes);

private:
    struct Close {
        void operator()(void* handle) const;
    };
    std::unique_ptr<void, Close> handle_;
};

}  // namespace portcullis::drivers

namespace portcullis {

template <>
inline constexpr auto enum_texts<drivers::Encoding> = std::to_array<EnumText<drivers::Encoding>>({
    {drivers::Encoding::utf8, "utf-8"},
    {drivers::Encoding::gbk, "gbk"},
});

}  // namespace portcullis
