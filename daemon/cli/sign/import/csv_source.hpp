#pragma once

#include <deque>
#include <istream>
#include <string>
#include <vector>

#include "cli/sign/import/line_reader.hpp"
#include "cli/sign/import/row.hpp"

namespace portcullis::sign {

/// How a table is written (RFC 4180, with the delimiter that the mapping says).
struct CsvForm {
    char delimiter = ',';
    std::int64_t skip_lines = 0;       ///< before the header: titles
    std::vector<std::string> columns;  ///< their names, where the file has no header
};

/// A table of comma- or tab-separated values.
class CsvSource final : public RowSource {
public:
    CsvSource(std::istream& in, const TextEncoding& encoding, const CsvForm& form, Columns& columns);

    [[nodiscard]] bool next(Row& row) override;
    [[nodiscard]] const std::string& problem() const override { return problem_; }
    [[nodiscard]] bool has(ColumnId column) const override { return position(column) != 0; }
    [[nodiscard]] std::size_t position(ColumnId column) const override;

private:
    /// A line of the file, or one that is read again.
    bool next_line(Line& line);
    bool read_record(Row& row);
    void read_header(const CsvForm& form, Columns& columns);
    void put_fields(Row& row);

    LineReader lines_;
    char delimiter_;
    std::deque<Line> again_;  ///< lines behind a quote that never closed
    std::vector<std::string> fields_;
    std::vector<ColumnId> header_;
    std::string problem_;
};

}  // namespace portcullis::sign
