#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace portcullis::sign {

/// How a line ends in the bytes of an encoding.
enum class LineUnit : std::uint8_t {
    byte,        ///< a byte 0x0A is always one
    two_little,  ///< UTF-16, low byte first
    two_big
};

/// The encoding of a file, as a mapping names it.
struct TextEncoding {
    std::string_view name;  ///< `gb18030`
    const char* system;     ///< as iconv(3) calls it
    LineUnit unit = LineUnit::byte;
    std::string_view mark = {};  ///< the byte order mark that it may begin with
};

/// The encoding of that name, or nothing.
[[nodiscard]] const TextEncoding* find_encoding(std::string_view name);
[[nodiscard]] std::vector<std::string_view> encoding_names();
/// The encoding whose byte order mark these bytes begin with, or nothing.
[[nodiscard]] const TextEncoding* marked_encoding(std::string_view bytes);

/// Converts text strictly: what does not belong to the encoding is an error and never a question mark.
class TextConverter {
public:
    /// Throws std::runtime_error when the system cannot convert so (glibc: the package libc-bin has gconv modules).
    TextConverter(const char* to, const char* from);

    /// The converted text, or the position of the first byte that cannot be converted.
    [[nodiscard]] Result<std::string, std::size_t> convert(std::string_view text);

private:
    struct Close {
        void operator()(void* handle) const;
    };
    std::unique_ptr<void, Close> handle_;
};

}  // namespace portcullis::sign
