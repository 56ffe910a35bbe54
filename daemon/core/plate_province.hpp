#pragma once

#include <string_view>

namespace portcullis {

/// One of the 31 issuing provinces (GA 36-2018, table 2), as it stands first on a plate.
constexpr bool is_province(char32_t c) {
    constexpr std::u32string_view provinces = U"京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
    return provinces.find(c) != std::u32string_view::npos;
}

}  // namespace portcullis
