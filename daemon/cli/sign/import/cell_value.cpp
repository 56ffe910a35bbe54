#include "cli/sign/import/cell_value.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/time_text.hpp"

namespace portcullis::sign {
namespace {

constexpr std::int64_t largest_number = 1'000'000'000'000;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    const auto first = text.find_first_not_of(space);
    return first == std::string_view::npos ? std::string_view{}
                                           : text.substr(first, text.find_last_not_of(space) - first + 1);
}

/// Letters of ASCII only: names and codes have no others.
std::string in_case(std::string text, LetterCase letters) {
    for (char& c : text) {
        if (letters == LetterCase::upper && c >= 'a' && c <= 'z') {
            c = static_cast<char>(c - 'a' + 'A');
        } else if (letters == LetterCase::lower && c >= 'A' && c <= 'Z') {
            c = static_cast<char>(c - 'A' + 'a');
        }
    }
    return text;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

struct FlagWord {
    std::string_view text;
    bool value;
};
/// What a yes or a no looks like where the mapping has no table for it.
constexpr std::array flag_words{
    FlagWord{"true", true}, FlagWord{"false", false}, FlagWord{"Y", true},  FlagWord{"N", false}, FlagWord{"y", true},
    FlagWord{"n", false},   FlagWord{"1", true},      FlagWord{"0", false}, FlagWord{"是", true}, FlagWord{"否", false},
};

}  // namespace

Result<std::int64_t, std::string> whole_number(std::string_view text, char thousands, std::int64_t scale) {
    std::int64_t whole = 0;
    std::int64_t fraction = 0;
    std::int64_t places = 1;
    bool in_fraction = false;
    bool digits = false;
    for (const char c : text) {
        if (thousands != 0 && c == thousands && digits && !in_fraction) {
            continue;
        }
        if (c == '.' && digits && !in_fraction) {
            in_fraction = true;
            continue;
        }
        if (!is_digit(c)) {
            return Failure{std::string{"is no number"}};
        }
        digits = true;
        if (!in_fraction) {
            whole = whole * 10 + (c - '0');
        } else if (places < 1'000'000) {
            fraction = fraction * 10 + (c - '0');
            places *= 10;
        }
        if (whole > largest_number) {
            return Failure{std::string{"is too large"}};
        }
    }
    if (!digits) {
        return Failure{std::string{"is no number"}};
    }
    return whole * scale + (2 * fraction * scale + places) / (2 * places);
}

std::string_view CellReader::cell(ColumnId column, const Row& row) const {
    const std::string_view text = row.cell(column);
    return std::ranges::find(mapping_.input.not_said, text) == mapping_.input.not_said.end() ? text
                                                                                             : std::string_view{};
}

std::string CellReader::raw(const FieldSource& source, const Row& row) const {
    if (source.columns.size() == 1) {
        return std::string{cell(source.columns.front(), row)};
    }
    std::string joined;
    std::size_t said = 0;
    for (std::size_t i = 0; i < source.columns.size(); ++i) {
        const auto part = cell(source.columns[i], row);
        said += part.empty() ? 0U : 1U;
        joined.append(i == 0 ? "" : source.join).append(part);
    }
    // A table may know what half of a pair means; half of an id is none.
    const bool enough = source.codes ? said > 0 : said == source.columns.size();
    return enough ? joined : std::string{};
}

std::string CellReader::meaning(const FieldSource& source, std::string text, Row& row) const {
    text = in_case(std::move(text), source.letters);
    if (!source.codes || text.empty()) {
        return text;
    }
    if (const auto known = source.codes->find(text); known != source.codes->end()) {
        return known->second;
    }
    switch (source.others) {
        case OtherCodes::keep:
            return text;
        case OtherCodes::replace:
            return source.other_value;
        case OtherCodes::refuse:
            break;
    }
    row.problems.push_back({source.label, text, "is no code that the mapping knows"});
    return {};
}

CellReader::Said CellReader::first_said(const FieldSources& sources, Row& row) const {
    for (const auto& source : sources) {
        if (source.constant) {
            return {&source, *source.constant};
        }
        if (auto text = raw(source, row); !text.empty()) {
            return {&source, std::move(text)};
        }
        if (!source.otherwise.empty()) {
            return {nullptr, source.otherwise};
        }
    }
    return {};
}

std::string CellReader::text(const FieldSource& source, Row& row) const {
    if (source.constant) {
        return *source.constant;
    }
    auto given = raw(source, row);
    if (given.find(list_separator) != std::string::npos) {
        std::ranges::replace(given, list_separator, ' ');
        row.problems.push_back({source.label, given, "has several values where one is meant"});
        return {};
    }
    auto value = meaning(source, std::move(given), row);
    return value.empty() ? source.otherwise : value;
}

std::string CellReader::text(const FieldSources& sources, Row& row) const {
    for (const auto& source : sources) {
        if (auto value = text(source, row); !value.empty()) {
            return value;
        }
    }
    return {};
}

std::optional<std::vector<std::string>> CellReader::list(const FieldSources& sources, Row& row) const {
    const auto said = first_said(sources, row);
    if (said.text.empty()) {
        return std::nullopt;
    }
    std::vector<std::string> items;
    const char split = said.source == nullptr ? char{0} : said.source->split;
    std::string_view rest = said.text;
    while (!rest.empty()) {
        const auto end =
            std::ranges::find_if(rest, [split](char c) { return c == list_separator || (split != 0 && c == split); });
        const auto length = static_cast<std::size_t>(end - rest.begin());
        const auto item = trimmed(rest.substr(0, length));
        auto value = said.source == nullptr ? std::string{item} : meaning(*said.source, std::string{item}, row);
        if (!value.empty() && std::ranges::find(items, value) == items.end()) {
            items.push_back(std::move(value));
        }
        rest.remove_prefix(std::min(length + 1, rest.size()));
    }
    // A separator alone is a list that says it is empty; anything else without a value says nothing.
    if (items.empty() && said.text != std::string(1, list_separator)) {
        return std::nullopt;
    }
    return items;
}

std::optional<std::int64_t> CellReader::integer(const FieldSources& sources, Row& row) const {
    const auto said = first_said(sources, row);
    if (said.text.empty()) {
        return std::nullopt;
    }
    const auto* const source = said.source;
    const auto text = source == nullptr ? said.text : meaning(*source, said.text, row);
    if (text.empty()) {
        return std::nullopt;
    }
    const auto number = whole_number(text, source == nullptr ? char{0} : source->thousands,
                                     source != nullptr && source->unit == MassUnit::t ? 1000 : 1);
    if (!number) {
        row.problems.push_back({source == nullptr ? std::string{} : source->label, text, number.error()});
        return std::nullopt;
    }
    return *number;
}

std::optional<bool> CellReader::flag(const FieldSources& sources, Row& row) const {
    const auto before = row.problems.size();
    const auto word = text(sources, row);
    if (word.empty()) {
        return std::nullopt;
    }
    const auto* const known = std::ranges::find(flag_words, word, &FlagWord::text);
    if (known == flag_words.end()) {
        if (before == row.problems.size()) {
            row.problems.push_back({sources.front().label, word, "is neither a yes nor a no: give it a table (codes)"});
        }
        return std::nullopt;
    }
    return known->value;
}

std::string CellReader::time(const FieldSources& sources, Row& row) const {
    const auto said = first_said(sources, row);
    if (said.text.empty()) {
        return {};
    }
    const bool own = said.source != nullptr && said.source->times != nullptr;
    const auto& forms = own ? *said.source->times : *mapping_.input.times;
    const auto time = forms.read(said.text, said.source != nullptr && said.source->end_of_day);
    if (!time) {
        row.problems.push_back({said.source == nullptr ? std::string{} : said.source->label, said.text, time.error()});
        return {};
    }
    return time_text(*time);
}

bool CellReader::holds(const RowCondition& condition, const Row& row) const {
    std::string text;
    bool said = false;
    for (std::size_t i = 0; i < condition.columns.size(); ++i) {
        const auto part = cell(condition.columns[i], row);
        said = said || !part.empty();
        text.append(i == 0 ? "" : "/").append(part);
    }
    if (condition.empty && *condition.empty == said) {
        return false;
    }
    const bool asks_text = !condition.is.empty() || !condition.starts_with.empty();
    return !asks_text || std::ranges::find(condition.is, text) != condition.is.end() ||
           std::ranges::any_of(condition.starts_with, [&](const auto& begin) { return text.starts_with(begin); });
}

const RowCondition* CellReader::first_that_holds(const std::vector<RowCondition>& conditions, const Row& row) const {
    const auto found = std::ranges::find_if(conditions, [&](const auto& condition) { return holds(condition, row); });
    return found == conditions.end() ? nullptr : &*found;
}

}  // namespace portcullis::sign
