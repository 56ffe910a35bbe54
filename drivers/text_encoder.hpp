#pragma once

#include <memory>
#include <optional>
#include <string>

#include "drivers/text_decoder.hpp"

namespace portcullis::drivers {

/// UTF-8 to the bytes of another device, strictly: what the encoding does not have is not replaced.
class TextEncoder {
public:
    /// Throws std::runtime_error when the system cannot convert to this encoding.
    explicit TextEncoder(Encoding encoding);

    /// Nothing when a character is not in the encoding, or `utf8` is none.
    [[nodiscard]] std::optional<std::string> encode(std::string utf8);

private:
    struct Close {
        void operator()(void* handle) const;
    };
    std::unique_ptr<void, Close> handle_;
};

}  // namespace portcullis::drivers
