#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portcullis::sign {

/// Where a column's value stands in a row's cells.
using ColumnId = std::size_t;

/// Between the values of one cell that holds several by its nature: a list of JSON, a segment that repeats.
inline constexpr char list_separator = '\x1e';

/// The columns that a mapping names and a file has, numbered as they turn up.
class Columns {
public:
    ColumnId id(std::string_view name) {
        if (const auto known = ids_.find(name); known != ids_.end()) {
            return known->second;
        }
        names_.emplace_back(name);
        ids_.emplace(name, names_.size() - 1);
        return names_.size() - 1;
    }
    [[nodiscard]] std::optional<ColumnId> find(std::string_view name) const {
        const auto known = ids_.find(name);
        return known == ids_.end() ? std::nullopt : std::optional{known->second};
    }
    [[nodiscard]] const std::string& name(ColumnId id) const { return names_[id]; }
    [[nodiscard]] std::size_t size() const { return names_.size(); }

private:
    std::map<std::string, ColumnId, std::less<>> ids_;
    std::vector<std::string> names_;
};

/// Why a row is refused, and which column says so.
struct RowProblem {
    std::string column;  ///< its name; empty: the row as a whole
    std::string value;
    std::string reason;
};

/// One row of a file: a line of a table, an object of JSON, an equipment of an EDIFACT message.
struct Row {
    std::int64_t line = 0;           ///< where it begins
    std::vector<std::string> cells;  ///< by ColumnId; empty: not said
    std::vector<RowProblem> problems;

    [[nodiscard]] const std::string& cell(ColumnId id) const {
        static const std::string nothing;
        return id < cells.size() ? cells[id] : nothing;
    }
    void set(ColumnId id, std::string text) {
        if (id >= cells.size()) {
            cells.resize(id + 1);
        }
        cells[id] = std::move(text);
    }
    void clear() {
        for (auto& cell : cells) {
            cell.clear();
        }
        problems.clear();
    }
};

/// A file that is read row by row.
class RowSource {
public:
    RowSource() = default;
    RowSource(const RowSource&) = delete;
    RowSource& operator=(const RowSource&) = delete;
    virtual ~RowSource() = default;

    /// Fills `row` with the next one; false at the end. A row that could not be read has problems and still counts.
    [[nodiscard]] virtual bool next(Row& row) = 0;
    /// What is wrong with the file as a whole: what was read of it then counts for nothing.
    [[nodiscard]] virtual const std::string& problem() const = 0;
    /// Whether the file said that it has this column.
    [[nodiscard]] virtual bool has(ColumnId column) const = 0;
    /// Where the column stands, from 1; 0 where columns have no order.
    [[nodiscard]] virtual std::size_t position(ColumnId column) const = 0;
};

}  // namespace portcullis::sign
