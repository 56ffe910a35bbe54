#include "cli/sign/import/text_encoding.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace portcullis::sign {
namespace {

using namespace std::string_view_literals;

/// In each of the one-byte rows a comma, a quote, a tab and a line end are the bytes of ASCII and part of nothing else.
/// `gb18030` first: it reads whatever is written as GB2312 or GBK.
constexpr std::array encodings{
    TextEncoding{"utf-8", "UTF-8", LineUnit::byte, "\xEF\xBB\xBF"sv},
    TextEncoding{"gb18030", "GB18030", LineUnit::byte, "\x84\x31\x95\x33"sv},
    TextEncoding{"gbk", "GBK", LineUnit::byte},
    TextEncoding{"big5", "BIG5", LineUnit::byte},
    TextEncoding{"big5-hkscs", "BIG5-HKSCS", LineUnit::byte},
    TextEncoding{"utf-16le", "UTF-16LE", LineUnit::two_little, "\xFF\xFE"sv},
    TextEncoding{"utf-16be", "UTF-16BE", LineUnit::two_big, "\xFE\xFF"sv},
    TextEncoding{"windows-1252", "WINDOWS-1252", LineUnit::byte},
};

}  // namespace

const TextEncoding* find_encoding(std::string_view name) {
    const auto* const found = std::ranges::find(encodings, name, &TextEncoding::name);
    return found == encodings.end() ? nullptr : &*found;
}

std::vector<std::string_view> encoding_names() {
    std::vector<std::string_view> names;
    for (const auto& encoding : encodings) {
        names.push_back(encoding.name);
    }
    return names;
}

const TextEncoding* marked_encoding(std::string_view bytes) {
    const auto* const found = std::ranges::find_if(encodings, [bytes](const TextEncoding& encoding) {
        return !encoding.mark.empty() && bytes.starts_with(encoding.mark);
    });
    return found == encodings.end() ? nullptr : &*found;
}

void TextConverter::Close::operator()(void* handle) const {
    ::iconv_close(handle);
}

TextConverter::TextConverter(const char* to, const char* from) {
    const iconv_t handle = ::iconv_open(to, from);
    // iconv_open(3) gives (iconv_t)-1 for a failure.
    if (handle == reinterpret_cast<iconv_t>(-1)) {  // NOLINT(performance-no-int-to-ptr): iconv's own failure value
        throw std::runtime_error{std::string{"this system cannot convert "} + from + " to " + to};
    }
    handle_.reset(handle);
}

Result<std::string, std::size_t> TextConverter::convert(std::string_view text) {
    ::iconv(handle_.get(), nullptr, nullptr, nullptr, nullptr);
    std::string out(text.size() * 3 + 16, '\0');  // the longest that any of them makes of a byte
    auto* from = const_cast<char*>(text.data());  // iconv(3) takes it so, and does not write
    auto from_left = text.size();
    auto* to = out.data();
    auto to_left = out.size();
    const auto odd = ::iconv(handle_.get(), &from, &from_left, &to, &to_left);
    if (odd == static_cast<std::size_t>(-1) || from_left != 0) {
        return Failure{text.size() - from_left};
    }
    ::iconv(handle_.get(), nullptr, nullptr, &to, &to_left);
    out.resize(out.size() - to_left);
    return out;
}

}  // namespace portcullis::sign
