#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/sign/import/csv_source.hpp"
#include "cli/sign/import/json_source.hpp"
#include "cli/sign/import/row.hpp"
#include "cli/sign/import/text_encoding.hpp"
#include "cli/sign/import/time_form.hpp"
#include "core/config_node.hpp"
#include "core/enum_text.hpp"
#include "core/ids.hpp"

namespace portcullis::sign {

/// What a row becomes.
enum class MappingKind : std::uint8_t { release, movement, targeting, classes };

/// Whether the layout of the files is documented by who makes them, or assumed by who wrote the mapping.
enum class LayoutStanding : std::uint8_t { documented, assumed };

enum class InputFormat : std::uint8_t { csv, tsv, json, json_lines, edifact };

enum class LetterCase : std::uint8_t { keep, upper, lower };

/// Of a number in the file.
enum class MassUnit : std::uint8_t { kg, t };

/// What a code of the file means. An empty meaning is: not said.
using CodeTable = std::map<std::string, std::string, std::less<>>;

/// What becomes of a code that a table does not know.
enum class OtherCodes : std::uint8_t { refuse, keep, replace };

/// Where a value comes from. The steps in order: columns are joined, letters changed, the code is looked up, the list
/// is split, and what is still not said takes the default.
struct FieldSource {
    std::vector<ColumnId> columns;
    std::string label;  ///< how messages call the columns
    std::string join = "/";
    std::optional<std::string> constant;
    LetterCase letters = LetterCase::keep;
    std::shared_ptr<const CodeTable> codes;
    OtherCodes others = OtherCodes::refuse;
    std::string other_value;
    std::string otherwise;  ///< when it is not said
    char split = 0;         ///< 0: what is a list by its nature
    MassUnit unit = MassUnit::kg;
    char thousands = 0;
    bool end_of_day = false;
    std::shared_ptr<const TimeForms> times;  ///< of this column alone; nothing: the input's
};

/// The sources of one value: the first that says something wins.
using FieldSources = std::vector<FieldSource>;

/// How a value of an order is written.
enum class FieldType : std::uint8_t { text, list, integer, flag, time };

struct MappedField {
    std::string name;  ///< as in an order: `container`; `attributes.radiation_cert`
    FieldType type = FieldType::text;
    FieldSources sources;
};

/// The match of a targeting order whose rows say themselves what they match.
struct MatchBy {
    FieldSource value;
    FieldSource by;  ///< container, plate, enterprise, origin, hs – or `parts`
    char split = ';';
    char equals = '=';
    std::shared_ptr<const CodeTable> names;  ///< of the members within `parts`
};

/// A question to a row.
struct RowCondition {
    std::vector<ColumnId> columns;
    std::string label;
    std::vector<std::string> is;
    std::vector<std::string> starts_with;
    std::optional<bool> empty;
    std::string why;
};

/// Orders of the last import that the file does not have any more.
struct VanishedOrders {
    std::string reason;
    std::string officer;
    std::int64_t at_most = 0;
};

struct MappingInput {
    InputFormat format = InputFormat::csv;
    const TextEncoding* encoding = nullptr;
    CsvForm csv;
    std::string rows;  ///< of JSON: the members that lead to the list
    std::shared_ptr<const TimeForms> times;
    std::vector<std::string> not_said;  ///< texts that say nothing, besides an empty one
};

/// How the files of one system become orders (docs/bridges.md).
struct Mapping {
    std::string name;
    LayoutStanding layout = LayoutStanding::assumed;
    MappingKind kind = MappingKind::release;
    std::optional<Authority> authority;
    Columns columns;  ///< those that it names come first
    std::size_t named_columns = 0;
    std::vector<bool> optional_columns;  ///< by id: the file need not have it
    std::vector<ColumnId> ignored;
    MappingInput input;
    std::optional<ColumnId> each;  ///< a row is one order for each value of this column
    char each_split = 0;
    std::vector<RowCondition> skip;
    std::vector<RowCondition> refuse;
    std::vector<RowCondition> revoke_when;
    FieldSources revoke_reason;
    FieldSources revoke_officer;  ///< of none: the order's
    FieldSources revoke_decided;
    std::vector<MappedField> fields;
    std::optional<MatchBy> match_by;
    std::optional<VanishedOrders> vanished;
};

/// Reads a mapping; nothing, and problems at their places, when it has any.
[[nodiscard]] std::optional<Mapping> read_mapping(const std::filesystem::path& file, ConfigProblems& problems);
[[nodiscard]] std::optional<Mapping> read_mapping_text(std::string_view text, const std::string& name,
                                                       ConfigProblems& problems);

}  // namespace portcullis::sign

namespace portcullis {

template <>
inline constexpr auto enum_texts<sign::MappingKind> = std::to_array<EnumText<sign::MappingKind>>({
    {sign::MappingKind::release, "release"},
    {sign::MappingKind::movement, "movement"},
    {sign::MappingKind::targeting, "targeting"},
    {sign::MappingKind::classes, "classes"},
});
template <>
inline constexpr auto enum_texts<sign::LayoutStanding> = std::to_array<EnumText<sign::LayoutStanding>>({
    {sign::LayoutStanding::documented, "documented"},
    {sign::LayoutStanding::assumed, "assumed"},
});
template <>
inline constexpr auto enum_texts<sign::InputFormat> = std::to_array<EnumText<sign::InputFormat>>({
    {sign::InputFormat::csv, "csv"},
    {sign::InputFormat::tsv, "tsv"},
    {sign::InputFormat::json, "json"},
    {sign::InputFormat::json_lines, "json-lines"},
    {sign::InputFormat::edifact, "edifact"},
});
template <>
inline constexpr auto enum_texts<sign::LetterCase> = std::to_array<EnumText<sign::LetterCase>>({
    {sign::LetterCase::keep, "keep"},
    {sign::LetterCase::upper, "upper"},
    {sign::LetterCase::lower, "lower"},
});
template <>
inline constexpr auto enum_texts<sign::MassUnit> = std::to_array<EnumText<sign::MassUnit>>({
    {sign::MassUnit::kg, "kg"},
    {sign::MassUnit::t, "t"},
});

}  // namespace portcullis
