#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/refusal.hpp"
#include "core/result.hpp"
#include "core/value.hpp"

namespace portcullis::codec {

/// The widest integers that every JSON reader keeps exactly (contracts.md, head): ±(2^53 − 1).
inline constexpr std::int64_t widest_integer = 9'007'199'254'740'991;

/// How much of a document is read at all.
struct JsonLimits {
    std::size_t bytes = std::size_t{64} * 1024;
    std::size_t depth = 32;
};

/// The sequence of the event that a token stands for; nothing = it has none yet, and nothing that names it is written.
using SequenceOf = std::function<std::optional<std::int64_t>(EventToken)>;

/// RFC 8785 order of member names: by UTF-16 code units.
[[nodiscard]] bool utf16_less(std::string_view left, std::string_view right);

/// Appends RFC 8785 canonical JSON to a text: no white space, members sorted, only needed escapes. What has no
/// canonical form (a wide integer, bytes that are not UTF-8, a member twice, an event token without a sequence) is kept
/// as `problem`, and the text is then of no use.
class CanonicalWriter {
public:
    explicit CanonicalWriter(std::string& out, SequenceOf sequence_of = {})
        : out_(out), sequence_of_(std::move(sequence_of)) {}

    void value(const Value& value);
    void text(std::string_view text);
    void integer(std::int64_t number);
    /// Names and punctuation of `object`; `write_value(member)` writes each value.
    template <class WriteValue>
    void object(const Object& object, WriteValue&& write_value);
    /// Punctuation of `list`; `write_item(item, index)` writes each item.
    template <class WriteItem>
    void list(const List& list, WriteItem&& write_item);

    /// The first thing that could not be written.
    [[nodiscard]] const std::optional<std::string>& problem() const { return problem_; }
    void refuse(std::string problem);

private:
    void sort_members_from(std::size_t first);

    std::string& out_;
    SequenceOf sequence_of_;
    std::vector<const Member*> sorted_;  ///< of the objects that are open, one after the other
    std::optional<std::string> problem_;
};

/// Canonical JSON of a value, or why it has none.
[[nodiscard]] Result<std::string, Refusal> canonical_text(const Value& value, const SequenceOf& sequence_of = {});

/// Reads strict JSON (contracts.md, head) of integers, texts, lists and objects; `null`, `true`, `false` are refused.
[[nodiscard]] Result<Value, Refusal> parse_value(std::string_view text, const JsonLimits& limits = {});

template <class WriteValue>
void CanonicalWriter::object(const Object& object, WriteValue&& write_value) {
    const auto first = sorted_.size();
    for (const auto& member : object) {
        sorted_.push_back(&member);
    }
    sort_members_from(first);
    out_.push_back('{');
    for (auto i = first; i < first + object.size(); ++i) {
        if (i != first) {
            out_.push_back(',');
        }
        text(sorted_[i]->name);
        out_.push_back(':');
        write_value(*sorted_[i]);
    }
    out_.push_back('}');
    sorted_.resize(first);
}

template <class WriteItem>
void CanonicalWriter::list(const List& list, WriteItem&& write_item) {
    out_.push_back('[');
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (i != 0) {
            out_.push_back(',');
        }
        write_item(list[i], i);
    }
    out_.push_back(']');
}

}  // namespace portcullis::codec
