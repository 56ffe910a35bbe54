#pragma once

#include <algorithm>
#include <boost/json/value.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/refusal.hpp"
#include "core/enum_text.hpp"
#include "core/time.hpp"

/// Only for the .cpp files of this room: no public header shows Boost.JSON.
namespace portcullis::codec {

/// Keeps the first refusal of a document; readers go on with harmless values after it. Who explains a document to
/// people keeps more of them.
class FirstRefusal {
public:
    explicit FirstRefusal(std::size_t most = 1) : most_(most) {}

    void add(Refusal refusal) {
        if (all_.size() < most_) {
            all_.push_back(std::move(refusal));
        }
    }
    explicit operator bool() const { return !all_.empty(); }
    /// No more would be kept: going on is of no use.
    [[nodiscard]] bool full() const { return all_.size() >= most_; }
    [[nodiscard]] const Refusal& get() const { return all_.front(); }
    [[nodiscard]] const std::vector<Refusal>& all() const { return all_; }

private:
    std::size_t most_;
    std::vector<Refusal> all_;
};

/// That `given`, at `pointer`, is none of `words`.
[[nodiscard]] Refusal word_refusal(std::string pointer, std::string_view given,
                                   const std::vector<std::string_view>& words);

/// `did you mean …?` of the nearest word, or nothing.
[[nodiscard]] std::string nearest_hint(std::string_view given, const std::vector<std::string_view>& words);

inline constexpr std::size_t longest_text = 256;  ///< bytes, where nothing else is said

/// Reads the members of one JSON object and knows which of them were asked for. `null` and absent are the same:
/// unknown (contracts.md, head). Texts are never empty and hold no control characters.
class ObjectReader {
public:
    ObjectReader(const boost::json::value& value, std::string pointer, FirstRefusal& refusal);

    /// The member, or nullptr when it is absent or null.
    [[nodiscard]] const boost::json::value* find(std::string_view name);

    [[nodiscard]] std::string text(std::string_view name, std::size_t most_bytes = longest_text);
    [[nodiscard]] std::optional<std::string> optional_text(std::string_view name);
    [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t least, std::int64_t most);
    [[nodiscard]] std::optional<std::int64_t> optional_integer(std::string_view name, std::int64_t least,
                                                               std::int64_t most);
    [[nodiscard]] std::optional<bool> optional_flag(std::string_view name);
    [[nodiscard]] WallTime time(std::string_view name);
    [[nodiscard]] std::optional<WallTime> optional_time(std::string_view name);
    [[nodiscard]] const boost::json::array& array(std::string_view name);
    [[nodiscard]] std::optional<std::vector<std::string>> optional_texts(std::string_view name, std::size_t most);
    /// A word of the enum; `excluded` are words that this place does not take.
    template <HasTexts Enum>
    [[nodiscard]] std::optional<Enum> optional_word(std::string_view name, std::initializer_list<Enum> excluded = {});
    template <HasTexts Enum>
    [[nodiscard]] Enum word(std::string_view name, std::initializer_list<Enum> excluded = {});

    /// Refuses a member that nobody asked for; called when all that are known have been.
    void refuse_unknown_members();
    /// Refuses the document for its member `name`.
    void refuse(std::string_view name, std::string reason, RefusalCause cause = RefusalCause::parse);

    /// Refuses the document for a text that is none of `words`.
    void refuse_word(std::string_view name, std::string_view given, const std::vector<std::string_view>& words);

    /// Refuses the document for one item of the list `name`.
    void refuse_item(std::string_view name, std::size_t index, std::string reason,
                     RefusalCause cause = RefusalCause::parse);

    [[nodiscard]] const std::string& pointer() const { return pointer_; }
    [[nodiscard]] FirstRefusal& refusal() { return refusal_; }

private:
    const boost::json::value* require(std::string_view name);
    std::string text_of(const boost::json::value& value, std::string_view name, std::size_t most_bytes);
    std::int64_t integer_of(const boost::json::value& value, std::string_view name, std::int64_t least,
                            std::int64_t most);
    WallTime time_of(const boost::json::value& value, std::string_view name);

    const boost::json::object* object_ = nullptr;
    std::string pointer_;
    FirstRefusal& refusal_;
    std::vector<std::string_view> asked_;
    std::size_t present_ = 0;  ///< members that were asked for and are there, also as null
};

/// `text` as this document may carry it, or why not.
[[nodiscard]] std::optional<std::string> text_defect(std::string_view text, std::size_t most_bytes);

template <HasTexts Enum>
std::optional<Enum> ObjectReader::optional_word(std::string_view name, std::initializer_list<Enum> excluded) {
    const auto* value = find(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    const auto given = text_of(*value, name, longest_text);
    const auto read = enum_from<Enum>(given);
    const bool taken = read && std::find(excluded.begin(), excluded.end(), *read) == excluded.end();
    if (!taken) {
        std::vector<std::string_view> words;
        for (const auto& row : enum_texts<Enum>) {
            if (std::find(excluded.begin(), excluded.end(), row.value) == excluded.end()) {
                words.push_back(row.text);
            }
        }
        refuse_word(name, given, words);
        return std::nullopt;
    }
    return read;
}

template <HasTexts Enum>
Enum ObjectReader::word(std::string_view name, std::initializer_list<Enum> excluded) {
    if (require(name) == nullptr) {
        return enum_texts<Enum>.front().value;
    }
    return optional_word<Enum>(name, excluded).value_or(enum_texts<Enum>.front().value);
}

}  // namespace portcullis::codec
