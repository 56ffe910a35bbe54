#pragma once

#include <cstdint>
#include <iosfwd>
#include <set>
#include <string>
#include <vector>

#include "cli/sign/import/mapping.hpp"
#include "cli/sign/import/row.hpp"

namespace portcullis::sign {

/// What became of the rows, told to a person line by line and to a program in one object.
class ImportReport {
public:
    ImportReport(const Mapping& mapping, std::ostream& errors) : mapping_(mapping), errors_(errors) {}

    void begin_file(const std::string& name) { files_.push_back(name); }
    void read() { ++rows_read_; }
    void taken() { ++rows_taken_; }
    void unchanged() { ++rows_unchanged_; }
    void set_aside() { ++rows_set_aside_; }
    /// Says every problem of the row; it counts once.
    void refuse(const Row& row, const RowSource& source, const Columns& columns);
    void ordered(bool revoke) { ++(revoke ? revoked_ : put_); }
    void vanished() { ++vanished_; }
    /// Something that the person should know; no row is refused for it.
    void note(const std::string& text);
    /// A column of the file that the mapping neither uses nor ignores.
    void unmapped(const std::string& column) { unmapped_.insert(column); }

    [[nodiscard]] std::int64_t refused() const { return rows_refused_; }
    /// For a person, behind everything else.
    void print_summary() const;
    /// One line of JSON.
    [[nodiscard]] std::string line() const;

private:
    struct Refusal {
        std::string file;
        std::int64_t line;
        std::string column;
        std::int64_t position;
        std::string value;
        std::string reason;
    };
    const Mapping& mapping_;
    std::ostream& errors_;
    std::vector<std::string> files_;
    std::int64_t rows_read_ = 0, rows_taken_ = 0, rows_unchanged_ = 0, rows_set_aside_ = 0, rows_refused_ = 0;
    std::int64_t put_ = 0, revoked_ = 0, vanished_ = 0;
    std::int64_t problems_ = 0;
    std::vector<Refusal> refusals_;  ///< the first ones; every one was printed
    std::vector<std::string> notes_;
    std::set<std::string> unmapped_;
};

}  // namespace portcullis::sign
