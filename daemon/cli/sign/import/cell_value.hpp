#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/sign/import/mapping.hpp"
#include "core/result.hpp"

namespace portcullis::sign {

/// Reads what a mapping asks for out of a row. A value that is not said is an empty text; what is wrong is a problem of
/// the row, with its column.
class CellReader {
public:
    explicit CellReader(const Mapping& mapping) : mapping_(mapping) {}

    /// One value.
    [[nodiscard]] std::string text(const FieldSources& sources, Row& row) const;
    [[nodiscard]] std::string text(const FieldSource& source, Row& row) const;
    /// A list; nothing when it is not said.
    [[nodiscard]] std::optional<std::vector<std::string>> list(const FieldSources& sources, Row& row) const;
    /// A whole number, in kilograms where a unit is said.
    [[nodiscard]] std::optional<std::int64_t> integer(const FieldSources& sources, Row& row) const;
    [[nodiscard]] std::optional<bool> flag(const FieldSources& sources, Row& row) const;
    /// RFC 3339 in UTC.
    [[nodiscard]] std::string time(const FieldSources& sources, Row& row) const;

    [[nodiscard]] bool holds(const RowCondition& condition, const Row& row) const;
    /// The first condition of a list that holds, or nullptr.
    [[nodiscard]] const RowCondition* first_that_holds(const std::vector<RowCondition>& conditions,
                                                       const Row& row) const;

private:
    struct Said {
        const FieldSource* source = nullptr;  ///< the one that said it
        std::string text;
    };
    [[nodiscard]] std::string_view cell(ColumnId column, const Row& row) const;
    [[nodiscard]] std::string raw(const FieldSource& source, const Row& row) const;
    [[nodiscard]] Said first_said(const FieldSources& sources, Row& row) const;
    [[nodiscard]] std::string meaning(const FieldSource& source, std::string text, Row& row) const;

    const Mapping& mapping_;
};

/// A decimal number as files write it, `28,410.5`, times `scale`, rounded half up; otherwise why it is none.
[[nodiscard]] Result<std::int64_t, std::string> whole_number(std::string_view text, char thousands, std::int64_t scale);

}  // namespace portcullis::sign
