#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace portcullis::codec {

/// Between the values of a list in one text.
inline constexpr char flat_list_separator = '\x1e';

/// A member of an object that somebody else's system wrote.
struct FlatMember {
    std::string path;  ///< `outer.inner`
    std::string text;
};

/// Every value below an object as a text, so that it can be read like a row of a table. Numbers stay as they were
/// written, `true` and `false` are these words, `null` and empty texts are left out. The values of a list, also of one
/// of objects (`goods.hs`), are one text with separators between; a list that is empty is the separator alone. Unlike
/// our own documents it may hold fractions. Otherwise: what is wrong with it.
[[nodiscard]] Result<std::vector<FlatMember>, std::string> flat_json(std::string_view object);

}  // namespace portcullis::codec
