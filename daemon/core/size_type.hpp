#pragma once

#include <string_view>

namespace portcullis {

/// Whether two size and type codes of ISO 6346 stand for the same kind of box (domain.md 1.2): the same text, or the
/// same group (length, height and width, letter of the type), after legacy codes of 1984 are put into theirs. So `22GP`
/// of a document, `22G1` on the box and `2210` on an old one are the same.
[[nodiscard]] bool same_size_type(std::string_view one, std::string_view other);

/// Whether `normalised` (upper case, no blanks) has the form of such a code: length, height and width, two of the type.
[[nodiscard]] bool is_size_type(std::string_view normalised);

}  // namespace portcullis
