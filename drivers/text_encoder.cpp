#include "drivers/text_encoder.hpp"

#include <iconv.h>

#include <cstdint>
#include <stdexcept>
#include <vector>

namespace portcullis::drivers {

void TextEncoder::Close::operator()(void* handle) const {
    ::iconv_close(handle);
}

TextEncoder::TextEncoder(Encoding encoding) {
    const auto* const name = encoding == Encoding::gbk ? "GBK" : "UTF-8";
    const iconv_t handle = ::iconv_open(name, "UTF-8");
    // iconv_open(3) gives (iconv_t)-1 for a failure.
    if (reinterpret_cast<std::intptr_t>(handle) == -1) {
        throw std::runtime_error(std::string{"the system cannot write "} + name +
                                 " text; install the C library's conversion modules");
    }
    handle_.reset(handle);
}

std::optional<std::string> TextEncoder::encode(std::string utf8) {
    std::vector<char> out(utf8.size() * 2 + 4);
    char* from = utf8.data();
    char* to = out.data();
    std::size_t from_left = utf8.size();
    std::size_t to_left = out.size();
    ::iconv(handle_.get(), nullptr, nullptr, nullptr, nullptr);
    // Above 0: converted to something else than what was given.
    if (::iconv(handle_.get(), &from, &from_left, &to, &to_left) != 0 || from_left != 0) {
        return std::nullopt;
    }
    return std::string{out.data(), static_cast<std::size_t>(to - out.data())};
}

}  // namespace portcullis::drivers
