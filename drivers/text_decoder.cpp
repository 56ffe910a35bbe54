#include "drivers/text_decoder.hpp"

#include <iconv.h>

#include <stdexcept>
#include <vector>

namespace portcullis::drivers {

namespace {

const char* iconv_name(Encoding encoding) {
    switch (encoding) {
        case Encoding::utf8:
            return "UTF-8";
        case Encoding::gbk:
            return "GBK";
    }
    return "UTF-8";
}

/// C0, DEL and C1 (in UTF-8 C2 80 to C2 9F): no reader means them, and a terminal would obey them.
bool has_control(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
        if (byte < 0x20U || byte == 0x7FU || (byte == 0xC2U && next < 0xA0U)) {
            return true;
        }
    }
    return false;
}

}  // namespace

void TextDecoder::Close::operator()(void* handle) const {
    ::iconv_close(handle);
}

TextDecoder::TextDecoder(Encoding encoding) {
    const iconv_t handle = ::iconv_open("UTF-8", iconv_name(encoding));
    // iconv_open(3) gives (iconv_t)-1 for a failure.
    if (reinterpret_cast<std::intptr_t>(handle) == -1) {
        throw std::runtime_error(std::string{"the system cannot read "} + iconv_name(encoding) +
                                 " text; install the C library's conversion modules");
    }
    handle_.reset(handle);
}

std::optional<std::string> TextDecoder::decode(std::span<const std::uint8_t> bytes) {
    std::vector<char> in(bytes.begin(), bytes.end());
    std::vector<char> out(bytes.size() * 4 + 4);  // no character of either encoding grows more
    char* from = in.data();
    char* to = out.data();
    std::size_t from_left = in.size();
    std::size_t to_left = out.size();
    ::iconv(handle_.get(), nullptr, nullptr, nullptr, nullptr);
    // Above 0: converted to something else than what was sent.
    if (::iconv(handle_.get(), &from, &from_left, &to, &to_left) != 0 || from_left != 0) {
        return std::nullopt;
    }
    std::string text{out.data(), static_cast<std::size_t>(to - out.data())};
    return has_control(text) ? std::nullopt : std::optional{std::move(text)};
}

}  // namespace portcullis::drivers
