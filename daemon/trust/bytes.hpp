#pragma once

#include <string_view>

namespace portcullis::trust {

/// libsodium reads unsigned bytes; char may alias them.
[[nodiscard]] inline const unsigned char* as_bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace portcullis::trust
