#pragma once

#include <istream>
#include <set>
#include <string>
#include <vector>

#include "cli/sign/import/line_reader.hpp"
#include "cli/sign/import/row.hpp"

namespace portcullis::sign {

/// Objects of JSON: one a line, or the items of a list. A member within a member is the column `outer.inner`; a list is
/// one cell of several values.
class JsonSource final : public RowSource {
public:
    enum class Form : std::uint8_t { list, lines };

    /// `path`: the members that lead to the list, as in `data.items`; empty: the document is the list.
    JsonSource(std::istream& in, const TextEncoding& encoding, Form form, const std::string& path, Columns& columns);

    [[nodiscard]] bool next(Row& row) override;
    [[nodiscard]] const std::string& problem() const override { return problem_; }
    [[nodiscard]] bool has(ColumnId column) const override { return seen_.contains(column); }
    [[nodiscard]] std::size_t position(ColumnId /*column*/) const override { return 0; }

private:
    bool next_of_lines(Row& row);
    bool next_of_list(Row& row);
    /// The next character that is no white space, not taken; 0 at the end.
    char peek();
    char take();
    /// Takes a whole value; its text, when `kept`, up to longest_line.
    bool take_value(std::string* kept);
    static void keep(char c, std::string* kept);
    bool enter_list(const std::string& path);
    bool enter_member(std::string_view name);
    std::string take_name();
    void put(const std::string& object, Row& row);
    bool fail(const std::string& what);

    LineReader lines_;
    Form form_;
    Columns& columns_;
    Line line_;
    std::size_t at_ = 0;
    bool begun_ = false;
    std::set<ColumnId> seen_;
    std::string problem_;
};

}  // namespace portcullis::sign
