#pragma once

#include <algorithm>
#include <span>
#include <string_view>

#include "supervision/compiled_ruleset.hpp"
#include "supervision/kleene.hpp"

namespace portcullis::supervision {

/// Unknown where the text is known to fewer characters than the prefix asks for: it may go on like that or not.
constexpr Tristate has_prefix(std::string_view text, std::string_view prefix) {
    if (text.starts_with(prefix)) {
        return Tristate::yes;
    }
    return prefix.starts_with(text) ? Tristate::unknown : Tristate::no;
}

/// The same of several, sorted and none covered by another: one search, however many there are.
inline Tristate has_one_prefix(std::string_view text, std::span<const CompiledText> prefixes) {
    constexpr std::size_t short_list = 12;
    if (prefixes.size() <= short_list) {
        const auto head = head_of(text);
        const auto mask = mask_of(text);
        auto result = Tristate::no;
        for (const auto& prefix : prefixes) {
            if (((prefix.head ^ head) & prefix.mask & mask) == 0) {
                result = either(result, has_prefix(text, prefix.text));
            }
        }
        return result;
    }
    const auto above = std::ranges::upper_bound(prefixes, text, {}, &CompiledText::text);
    if (above != prefixes.begin() && text.starts_with(std::prev(above)->text)) {
        return Tristate::yes;
    }
    return above != prefixes.end() && above->text.starts_with(text) ? Tristate::unknown : Tristate::no;
}

}  // namespace portcullis::supervision
