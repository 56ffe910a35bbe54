#include "cli/sign/import/classes_command.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <optional>
#include <ostream>
#include <stdexcept>

#include "cli/sign/import/cell_value.hpp"
#include "cli/sign/import/import_orders.hpp"
#include "cli/sign/import/import_report.hpp"
#include "codec/order_words.hpp"
#include "core/time_text.hpp"

namespace portcullis::sign {
namespace {

namespace fs = std::filesystem;

/// The characters of a code by their value: letters without I, O, S, V and Z.
constexpr std::string_view uscc_characters = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr std::size_t uscc_length = 18;

struct Class {
    std::string name;
    std::string since;
    std::int64_t line = 0;
};

class ClassesImport {
public:
    ClassesImport(const ClassesOptions& options, std::ostream& errors) : options_(options), errors_(errors) {
        ConfigProblems problems;
        mapping_ = read_mapping(options.mapping, problems);
        for (const auto& problem : problems.all()) {
            errors_ << problem.message() << '\n';
        }
        if (!mapping_ || mapping_->kind != MappingKind::classes) {
            throw std::runtime_error{mapping_ ? options.mapping.string() + ": makes no classes (makes: classes)"
                                              : std::string{"nothing was imported"}};
        }
        if (std::ranges::find(options.names, options.unknown) == options.names.end()) {
            throw std::runtime_error{"--unknown: `" + options.unknown + "` is none of --names"};
        }
        if (field("enterprise") == nullptr && field("uscc") == nullptr) {
            throw std::runtime_error{options.mapping.string() + ": fields: map enterprise or uscc"};
        }
        if (field("until") != nullptr && !time_from_text(options.at)) {
            throw std::runtime_error{
                "the mapping says when a class ends: say --at, the time that counts, such as "
                "2026-11-23T00:00:00.000Z"};
        }
    }

    ImportExit run(std::istream& in, std::ostream& out);

private:
    [[nodiscard]] const MappedField* field(std::string_view name) const {
        const auto found = std::ranges::find(mapping_->fields, name, &MappedField::name);
        return found == mapping_->fields.end() ? nullptr : &*found;
    }
    [[nodiscard]] std::string text(std::string_view name, Row& row) const {
        const auto* const mapped = field(name);
        return mapped == nullptr ? std::string{} : CellReader{*mapping_}.text(mapped->sources, row);
    }
    [[nodiscard]] std::string time(std::string_view name, Row& row) const {
        const auto* const mapped = field(name);
        return mapped == nullptr ? std::string{} : CellReader{*mapping_}.time(mapped->sources, row);
    }
    void read_file(std::istream& in, const std::string& name, ImportReport& report);
    void take_row(Row& row, ImportReport& report, const RowSource& rows);
    [[nodiscard]] std::vector<std::string> codes_of(Row& row) const;
    void write(std::ostream& out) const;

    const ClassesOptions& options_;
    std::ostream& errors_;
    std::optional<Mapping> mapping_;
    std::map<std::string, Class> classes_;
};

std::vector<std::string> ClassesImport::codes_of(Row& row) const {
    std::vector<std::string> codes;
    for (const auto* const name : {"enterprise", "uscc"}) {
        auto code = text(name, row);
        if (code.empty() || std::ranges::find(codes, code) != codes.end()) {
            continue;
        }
        const bool is_uscc = std::string_view{name} == "uscc" || code.size() == uscc_length;
        const auto defect = is_uscc ? uscc_defect(code) : std::string{};
        if (!defect.empty()) {
            row.problems.push_back({field(name)->sources.front().label, code, defect});
        } else if (!codec::has_only(code, 1, codec::longest_identifier, [](char c) { return c > ' ' && c < '\x7f'; })) {
            row.problems.push_back({field(name)->sources.front().label, code, "is no code of letters and digits"});
        }
        codes.push_back(std::move(code));
    }
    if (codes.empty()) {
        row.problems.push_back({{}, {}, "names no enterprise"});
    }
    return codes;
}

void ClassesImport::take_row(Row& row, ImportReport& report, const RowSource& rows) {
    const CellReader cells{*mapping_};
    if (row.problems.empty() && cells.first_that_holds(mapping_->skip, row) != nullptr) {
        report.set_aside();
        return;
    }
    if (const auto* const refused = cells.first_that_holds(mapping_->refuse, row)) {
        row.problems.push_back({refused->label, row.cell(refused->columns.front()), refused->why});
    }
    if (!row.problems.empty()) {
        report.refuse(row, rows, mapping_->columns);
        return;
    }
    const auto codes = codes_of(row);
    Class read{text("class", row), time("since", row), row.line};
    const auto until = time("until", row);
    if (row.problems.empty() && std::ranges::find(options_.names, read.name) == options_.names.end()) {
        row.problems.push_back({field("class")->sources.front().label, read.name, "is none of the classes (--names)"});
    }
    if (row.problems.empty() && !until.empty() && until < options_.at) {
        report.set_aside();
        return;
    }
    for (const auto& code : codes) {
        if (const auto known = classes_.find(code); known != classes_.end() && known->second.name != read.name) {
            row.problems.push_back(
                {{}, code, "has class " + known->second.name + " in line " + std::to_string(known->second.line)});
        }
    }
    if (!row.problems.empty()) {
        report.refuse(row, rows, mapping_->columns);
        return;
    }
    for (const auto& code : codes) {
        classes_[code] = read;
    }
    report.taken();
}

void ClassesImport::read_file(std::istream& in, const std::string& name, ImportReport& report) {
    report.begin_file(name);
    const auto rows = open_rows(in, *mapping_);
    if (const auto missing = missing_columns(*mapping_, *rows); !missing.empty()) {
        throw std::runtime_error{name + ": " + missing};
    }
    Row row;
    while (rows->next(row)) {
        report.read();
        take_row(row, report, *rows);
    }
    if (!rows->problem().empty()) {
        throw std::runtime_error{name + ": " + rows->problem()};
    }
    report_columns(*mapping_, *rows, report);
}

void ClassesImport::write(std::ostream& out) const {
    out << "# Made of " << mapping_->name
        << " by portcullis-sign classes import: goes into a ruleset's YAML as it is.\n"
        << "classes:\n  names: [";
    for (std::size_t i = 0; i < options_.names.size(); ++i) {
        out << (i == 0 ? "" : ", ") << options_.names[i];
    }
    out << "]\n  unknown: " << options_.unknown << "\n  enterprises:" << (classes_.empty() ? " {}" : "") << '\n';
    for (const auto& [code, read] : classes_) {
        out << "    \"" << code << "\": { class: " << read.name;
        if (!read.since.empty()) {
            out << ", since: \"" << read.since << '"';
        }
        out << " }\n";
    }
    out << std::flush;
}

ImportExit ClassesImport::run(std::istream& in, std::ostream& out) {
    ImportReport report{*mapping_, errors_};
    for (const auto& path : options_.files) {
        if (path == "-") {
            read_file(in, "stdin", report);
            continue;
        }
        std::ifstream file{path, std::ios::binary};
        if (!file) {
            throw std::runtime_error{path.string() + ": cannot be read"};
        }
        read_file(file, path.string(), report);
    }
    report.print_summary();
    if (!options_.report.empty()) {
        std::ofstream{options_.report, std::ios::trunc} << report.line() << '\n';
    }
    if (options_.out.empty()) {
        write(out);
    } else {
        std::ofstream file{options_.out, std::ios::trunc};
        write(file);
        if (!file.good()) {
            throw std::runtime_error{options_.out.string() + ": cannot be written"};
        }
    }
    return report.refused() == 0 ? ImportExit::done : ImportExit::some_refused;
}

}  // namespace

std::string uscc_defect(std::string_view code) {
    constexpr std::array<std::size_t, uscc_length - 1> weights{1,  3,  9,  27, 19, 26, 16, 17, 20,
                                                               29, 25, 13, 8,  24, 10, 30, 28};
    if (code.size() != uscc_length) {
        return "is no unified social credit code: it has 18 characters";
    }
    std::size_t sum = 0;
    for (std::size_t i = 0; i < uscc_length; ++i) {
        const auto value = uscc_characters.find(code[i]);
        if (value == std::string_view::npos) {
            return "is no unified social credit code: no " + std::string{code.substr(i, 1)} + " stands in one";
        }
        sum += i < weights.size() ? value * weights[i] : 0;
    }
    const auto check = uscc_characters[(31 - sum % 31) % 31];
    return check == code.back() ? std::string{}
                                : std::string{"is no unified social credit code: its check must be "} + check;
}

ImportExit import_classes(const ClassesOptions& options, std::istream& in, std::ostream& out, std::ostream& errors) {
    try {
        return ClassesImport{options, errors}.run(in, out);
    } catch (const std::runtime_error& error) {
        errors << "portcullis-sign: " << error.what() << '\n';
        return ImportExit::nothing;
    }
}

}  // namespace portcullis::sign
