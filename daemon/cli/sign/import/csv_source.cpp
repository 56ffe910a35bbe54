#include "cli/sign/import/csv_source.hpp"

#include <algorithm>
#include <utility>

namespace portcullis::sign {
namespace {

/// A quoted field that goes on for longer was never meant to.
constexpr std::size_t most_lines_of_a_row = 100;
constexpr std::size_t most_bytes_of_a_row = longest_line;

/// Takes one row apart, line by line.
class FieldParser {
public:
    FieldParser(std::vector<std::string>& fields, char delimiter) : fields_(fields), delimiter_(delimiter) {
        fields_.clear();
        fields_.emplace_back();
    }

    void add(std::string_view line) {
        for (const char c : line) {
            take(c);
        }
    }
    /// The line ended; whether the row goes on, with a line end inside its field.
    bool goes_on() {
        if (state_ == State::quoted) {
            fields_.back().push_back('\n');
            return true;
        }
        return false;
    }
    /// The field that has something behind its closing quote, from 1; or 0.
    [[nodiscard]] std::size_t odd_field() const { return odd_field_; }

private:
    enum class State : std::uint8_t { begin, plain, quoted, closed };

    void take(char c) {
        if (state_ == State::quoted) {
            if (c == '"') {
                state_ = State::closed;
            } else {
                fields_.back().push_back(c);
            }
            return;
        }
        if (c == delimiter_) {
            fields_.emplace_back();
            state_ = State::begin;
            return;
        }
        if (c == '"' && state_ == State::begin) {
            state_ = State::quoted;
            return;
        }
        if (state_ == State::closed) {
            if (c == '"') {  // a doubled quote is one
                state_ = State::quoted;
            } else if (odd_field_ == 0) {
                odd_field_ = fields_.size();
            }
        } else {
            state_ = State::plain;
        }
        fields_.back().push_back(c);
    }

    std::vector<std::string>& fields_;
    char delimiter_;
    State state_ = State::begin;
    std::size_t odd_field_ = 0;
};

void trim(std::string& text) {
    constexpr std::string_view space = " \t";
    const auto last = text.find_last_not_of(space);
    text.erase(last == std::string::npos ? 0 : last + 1);
    text.erase(0, std::min(text.find_first_not_of(space), text.size()));
}

}  // namespace

CsvSource::CsvSource(std::istream& in, const TextEncoding& encoding, const CsvForm& form, Columns& columns)
    : lines_(in, encoding), delimiter_(form.delimiter) {
    read_header(form, columns);
}

bool CsvSource::next_line(Line& line) {
    if (!again_.empty()) {
        line = std::move(again_.front());
        again_.pop_front();
        return true;
    }
    return lines_.next(line);
}

bool CsvSource::read_record(Row& row) {
    Line line;
    do {
        if (!next_line(line)) {
            return false;
        }
    } while (line.text.empty() && line.problem.empty());
    row.line = line.number;
    FieldParser parser{fields_, delimiter_};
    std::deque<Line> further;
    std::size_t bytes = 0;
    while (true) {
        if (!line.problem.empty()) {
            row.problems.push_back({{}, {}, line.problem});
        }
        parser.add(line.text);
        bytes += line.text.size();
        if (!parser.goes_on()) {
            break;
        }
        if (further.size() >= most_lines_of_a_row || bytes > most_bytes_of_a_row || !next_line(line)) {
            row.problems.push_back({{}, {}, "a quote that opens in this row is never closed"});
            std::ranges::move(again_, std::back_inserter(further));
            again_ = std::move(further);
            return true;
        }
        further.push_back(line);
    }
    if (parser.odd_field() != 0) {
        row.problems.push_back(
            {{}, {}, "field " + std::to_string(parser.odd_field()) + " has text behind its closing quote"});
    }
    return true;
}

void CsvSource::read_header(const CsvForm& form, Columns& columns) {
    Line skipped;
    for (std::int64_t i = 0; i < form.skip_lines && lines_.next(skipped); ++i) {
    }
    auto names = form.columns;
    if (names.empty()) {
        Row header;
        if (!read_record(header) || !header.problems.empty()) {
            problem_ = !lines_.problem().empty() ? lines_.problem()
                       : header.problems.empty() ? "has no line of column names"
                                                 : "its line of column names: " + header.problems.front().reason;
            return;
        }
        names = fields_;
    }
    for (auto& name : names) {
        trim(name);
        const auto id = columns.id(name);
        if (!name.empty() && std::ranges::find(header_, id) != header_.end()) {
            problem_ = "has two columns `" + name + "`";
        }
        header_.push_back(id);
    }
}

bool CsvSource::next(Row& row) {
    row.clear();
    if (!problem_.empty()) {
        return false;
    }
    if (!read_record(row)) {
        problem_ = lines_.problem();
        return false;
    }
    if (row.problems.empty()) {
        put_fields(row);
    }
    return true;
}

void CsvSource::put_fields(Row& row) {
    if (fields_.size() != header_.size()) {
        row.problems.push_back({{},
                                {},
                                "has " + std::to_string(fields_.size()) + " fields, and there are " +
                                    std::to_string(header_.size()) + " columns"});
        return;
    }
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        trim(fields_[i]);
        row.set(header_[i], std::move(fields_[i]));
    }
}

std::size_t CsvSource::position(ColumnId column) const {
    const auto found = std::ranges::find(header_, column);
    return found == header_.end() ? 0 : static_cast<std::size_t>(found - header_.begin()) + 1;
}

}  // namespace portcullis::sign
