#include "cli/sign/import/import_orders.hpp"

#include <algorithm>
#include <fstream>
#include <istream>
#include <utility>

#include "cli/sign/import/csv_source.hpp"
#include "cli/sign/import/edifact_source.hpp"
#include "cli/sign/import/json_source.hpp"
#include "cli/sign/import/order_builder.hpp"
#include "core/time_text.hpp"
#include "trust/hash.hpp"

namespace portcullis::sign {
namespace {

/// Where a row stands, as one number: the file's, and the line's.
constexpr std::int64_t lines_in_place = std::int64_t{1} << 40U;

}  // namespace

std::unique_ptr<RowSource> open_rows(std::istream& in, Mapping& mapping) {
    const auto& input = mapping.input;
    switch (input.format) {
        case InputFormat::csv:
        case InputFormat::tsv:
            return std::make_unique<CsvSource>(in, *input.encoding, input.csv, mapping.columns);
        case InputFormat::json:
            return std::make_unique<JsonSource>(in, *input.encoding, JsonSource::Form::list, input.rows,
                                                mapping.columns);
        case InputFormat::json_lines:
            return std::make_unique<JsonSource>(in, *input.encoding, JsonSource::Form::lines, std::string{},
                                                mapping.columns);
        case InputFormat::edifact:
            break;
    }
    return std::make_unique<EdifactSource>(in, *input.encoding, mapping.columns);
}

std::string missing_columns(const Mapping& mapping, const RowSource& rows) {
    const bool table = mapping.input.format == InputFormat::csv || mapping.input.format == InputFormat::tsv;
    if (!table || !rows.problem().empty()) {
        return {};
    }
    std::vector<std::string_view> there;
    for (ColumnId id = 0; id < mapping.columns.size(); ++id) {
        if (rows.has(id)) {
            there.push_back(mapping.columns.name(id));
        }
    }
    std::string missing;
    for (ColumnId id = 0; id < mapping.named_columns; ++id) {
        if (rows.has(id) || mapping.optional_columns[id]) {
            continue;
        }
        const auto& name = mapping.columns.name(id);
        const auto near = nearest_word(name, there);
        missing.append(missing.empty() ? "has no column " : ", ").append(name);
        missing.append(near ? " (did you mean " + *near + "?)" : "");
    }
    if (missing.empty()) {
        return missing;
    }
    missing += "; it has:";
    for (const auto name : there) {
        missing.append(" ").append(name);
    }
    return missing;
}

void report_columns(const Mapping& mapping, const RowSource& rows, ImportReport& report) {
    for (ColumnId id = 0; id < mapping.columns.size(); ++id) {
        const bool named = id < mapping.named_columns;
        const auto& name = mapping.columns.name(id);
        if (named && !rows.has(id) && !mapping.optional_columns[id]) {
            report.note("no row had " + name);
        }
        if (!named && !name.empty() && rows.has(id) &&
            std::ranges::find(mapping.ignored, id) == mapping.ignored.end()) {
            report.unmapped(name);
        }
    }
}

std::string Importer::run(const ImportFiles& files, WallTime issued) {
    log_.begin(authority_.text(), mapping_.name);
    for (const auto& path : files.files) {
        const bool standard = path == "-";
        std::ifstream file;
        if (!standard) {
            file.open(path, std::ios::binary);
            if (!file) {
                return path.string() + ": cannot be read";
            }
        }
        const auto name = standard ? std::string{"stdin"} : path.string();
        if (auto problem = read_file(standard ? files.standard_input : file, name); !problem.empty()) {
            return problem;
        }
    }
    if (auto problem = mapping_.vanished ? revoke_vanished(issued) : std::string{}; !problem.empty()) {
        return problem;
    }
    return sink_.finish();
}

std::string Importer::read_file(std::istream& in, const std::string& name) {
    ++files_;
    report_.begin_file(name);
    const auto rows = open_rows(in, mapping_);
    if (const auto missing = missing_columns(mapping_, *rows); !missing.empty()) {
        return name + ": " + missing;
    }
    const OrderBuilder builder{mapping_, authority_};
    Row row;
    while (rows->next(row)) {
        report_.read();
        if (auto problem = take_row(builder, row, *rows); !problem.empty()) {
            return problem;
        }
    }
    if (!rows->problem().empty()) {
        return name + ": " + rows->problem();
    }
    report_columns(mapping_, *rows, report_);
    return {};
}

void Importer::refuse(const OrderBuilder& builder, const Row& row, const RowSource& rows) {
    report_.refuse(row, rows, mapping_.columns);
    // What a bad row said of an order is not known; that the export still has the order is.
    const auto ids = builder.ids(row);
    nameless_ += ids.empty() ? 1 : 0;
    for (const auto& id : ids) {
        log_.keep(id);
    }
}

std::string Importer::take_row(const OrderBuilder& builder, Row& row, const RowSource& rows) {
    if (row.problems.empty() && !builder.set_aside(row).empty()) {
        report_.set_aside();
        return {};
    }
    std::vector<BuiltOrder> orders;
    if (row.problems.empty()) {
        orders = builder.build(row);
    }
    if (!row.problems.empty()) {
        refuse(builder, row, rows);
        return {};
    }
    bool changed = false;
    for (auto& order : orders) {
        const auto note =
            log_.note(order.id, trust::sha256(order.object), !order.revoke, files_ * lines_in_place + row.line);
        if (note.news == store::OrderNews::twice) {
            row.problems.push_back(
                {{}, order.id, "stands in this import already: line " + std::to_string(note.place % lines_in_place)});
        } else if (note.news == store::OrderNews::foreign) {
            row.problems.push_back({{}, order.id, "is an order that came with the mapping " + note.owner});
        } else if (note.news != store::OrderNews::same) {
            changed = true;
            report_.ordered(order.revoke);
            if (auto problem = sink_.put(std::move(order.object)); !problem.empty()) {
                return problem;
            }
        }
    }
    if (!row.problems.empty()) {
        report_.refuse(row, rows, mapping_.columns);
    } else if (changed) {
        report_.taken();
    } else {
        report_.unchanged();
    }
    return {};
}

std::string Importer::revoke_vanished(WallTime issued) {
    std::vector<std::string> gone;
    log_.vanished([&](const std::string& order) { gone.push_back(order); });
    if (gone.empty()) {
        return {};
    }
    if (nameless_ != 0) {
        report_.note(std::to_string(gone.size()) + " orders are not in the export any more and stay in force: " +
                     std::to_string(nameless_) + " refused rows do not say whose they are");
        return {};
    }
    if (static_cast<std::int64_t>(gone.size()) > mapping_.vanished->at_most) {
        return std::to_string(gone.size()) + " orders are not in the export any more, and the mapping lets at most " +
               std::to_string(mapping_.vanished->at_most) +
               " be revoked at once (vanished.at_most): is the export whole?";
    }
    for (const auto& order : gone) {
        log_.forget(order);
        report_.vanished();
        report_.ordered(true);
        if (auto problem =
                sink_.put(revoke_text(order, mapping_.vanished->reason, mapping_.vanished->officer, time_text(issued)));
            !problem.empty()) {
            return problem;
        }
    }
    return {};
}

}  // namespace portcullis::sign
