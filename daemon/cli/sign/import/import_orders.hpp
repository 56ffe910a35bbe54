#pragma once

#include <filesystem>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "cli/sign/import/import_report.hpp"
#include "cli/sign/import/mapping.hpp"
#include "cli/sign/import/order_sink.hpp"
#include "core/time.hpp"
#include "store/import_log.hpp"

namespace portcullis::sign {

struct ImportFiles {
    std::vector<std::filesystem::path> files;  ///< `-` is standard input
    std::istream& standard_input;
};

/// The rows of a file, as the mapping says it is written.
[[nodiscard]] std::unique_ptr<RowSource> open_rows(std::istream& in, Mapping& mapping);
/// What keeps a file from being read at all, or an empty text: columns that it lacks.
[[nodiscard]] std::string missing_columns(const Mapping& mapping, const RowSource& rows);
/// Tells the report which columns of the file nobody asked for, and which the mapping names and no row had.
void report_columns(const Mapping& mapping, const RowSource& rows, ImportReport& report);

/// Reads the files, and gives every order that is new or says something else than last time to `sink`. What is wrong
/// with a row is the report's. Gives what ended the import, or an empty text; then everything is written and noted in
/// `log`, and neither is published or committed yet.
class Importer {
public:
    Importer(Mapping& mapping, const Authority& authority, store::ImportLog& log, OrderSink& sink, ImportReport& report)
        : mapping_(mapping), authority_(authority), log_(log), sink_(sink), report_(report) {}

    /// `issued`: when orders that vanished are revoked.
    [[nodiscard]] std::string run(const ImportFiles& files, WallTime issued);

private:
    [[nodiscard]] std::string read_file(std::istream& in, const std::string& name);
    [[nodiscard]] std::string take_row(const class OrderBuilder& builder, Row& row, const RowSource& rows);
    void refuse(const class OrderBuilder& builder, const Row& row, const RowSource& rows);
    [[nodiscard]] std::string revoke_vanished(WallTime issued);

    Mapping& mapping_;
    const Authority& authority_;
    store::ImportLog& log_;
    OrderSink& sink_;
    ImportReport& report_;
    std::int64_t files_ = 0;
    std::int64_t nameless_ = 0;  ///< rows that were refused and whose orders are unknown
};

}  // namespace portcullis::sign
