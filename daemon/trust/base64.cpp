#include "trust/base64.hpp"

#include <sodium.h>

#include <algorithm>

#include "trust/bytes.hpp"

namespace portcullis::trust {

std::string to_base64(std::string_view bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), as_bytes(bytes), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();  // the terminating zero that libsodium writes
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    // libsodium takes some bytes beyond ASCII for digits: A4 41 41 41 decodes there.
    constexpr unsigned char first_beyond_ascii = 0x80;
    if (std::any_of(text.begin(), text.end(),
                    [](char byte) { return static_cast<unsigned char>(byte) >= first_beyond_ascii; })) {
        return std::nullopt;
    }
    std::string bytes(text.size() / 4 * 3, '\0');
    std::size_t length = 0;
    auto* out = reinterpret_cast<unsigned char*>(bytes.data());
    const char* end = nullptr;
    if (sodium_base642bin(out, bytes.size(), text.data(), text.size(), nullptr, &length, &end,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        end != text.data() + text.size()) {
        return std::nullopt;
    }
    bytes.resize(length);
    return bytes;
}

}  // namespace portcullis::trust
