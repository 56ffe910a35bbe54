#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "supervision/kleene.hpp"
#include "supervision/predicates.hpp"
#include "supervision/prefixes.hpp"

/// The forms that most predicates have: a fact, and how it is compared.
namespace portcullis::supervision::predicate {

using Text = std::optional<std::string_view>;
using Number = std::optional<std::int64_t>;
inline constexpr std::string_view not_known = "unknown";

inline std::uint64_t no_words(const std::vector<std::string>& /*texts*/) {
    return 0;
}

template <class Enum>
std::uint64_t words_of(const std::vector<std::string>& texts) {
    std::uint64_t bits = 0;
    for (const auto& text : texts) {
        if (const auto value = enum_from<Enum>(text)) {
            bits |= bit_of(*value);
        }
    }
    return bits;
}

inline bool among(std::span<const CompiledText> texts, std::string_view text) {
    constexpr std::size_t short_list = 12;  // where looking at each costs less than a search
    if (texts.size() > short_list) {
        return std::ranges::binary_search(texts, text, {}, &CompiledText::text);
    }
    const auto head = head_of(text);
    return std::ranges::any_of(texts, [&](const CompiledText& one) { return one.head == head && one.text == text; });
}

inline Tristate in_range(const CompiledPredicate& predicate, Number number) {
    return number ? truth(*number >= predicate.at_least && *number <= predicate.at_most) : Tristate::unknown;
}

template <Text (*fact)(const Subject&)>
std::string seen_text(const CompiledPredicate& /*predicate*/, const Subject& subject) {
    return std::string{fact(subject).value_or(not_known)};
}

/// True when the text is one of those named.
template <Text (*fact)(const Subject&)>
constexpr PredicateRow text_row(PredicateKind kind, About about) {
    return {kind, about, no_words,
            [](const CompiledPredicate& predicate, const Subject& subject) {
                const auto text = fact(subject);
                return text ? truth(among(predicate.texts, *text)) : Tristate::unknown;
            },
            seen_text<fact>};
}

/// True when the text begins with one of those named; unknown where too little of it is known.
template <Text (*fact)(const Subject&)>
constexpr PredicateRow prefix_row(PredicateKind kind, About about) {
    return {kind, about, no_words,
            [](const CompiledPredicate& predicate, const Subject& subject) {
                const auto text = fact(subject);
                return text ? has_one_prefix(*text, predicate.texts) : Tristate::unknown;
            },
            seen_text<fact>};
}

/// True when the word is one of those named; its own `unknown` is unknown.
template <class Enum, Enum (*fact)(const Subject&)>
constexpr PredicateRow word_row(PredicateKind kind, About about) {
    return {kind, about, words_of<Enum>,
            [](const CompiledPredicate& predicate, const Subject& subject) {
                const auto word = fact(subject);
                return word == Enum::unknown ? Tristate::unknown : truth((predicate.words & bit_of(word)) != 0);
            },
            [](const CompiledPredicate& /*predicate*/, const Subject& subject) {
                return std::string{text_of(fact(subject))};
            }};
}

/// True when the number lies in the range, ends included.
template <Number (*fact)(const CompiledPredicate&, const Subject&)>
constexpr PredicateRow number_row(PredicateKind kind, About about) {
    return {kind, about, no_words,
            [](const CompiledPredicate& predicate, const Subject& subject) {
                return in_range(predicate, fact(predicate, subject));
            },
            [](const CompiledPredicate& predicate, const Subject& subject) {
                const auto number = fact(predicate, subject);
                return number ? std::to_string(*number) : std::string{not_known};
            }};
}

}  // namespace portcullis::supervision::predicate
