#pragma once

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "cli/sign/import/import_command.hpp"
#include "tests/support/files.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::testing {

/// A folder of a test's own, gone with it, that files are written into.
class ImportFolder : public store::testing::TemporaryDirectory {
public:
    [[nodiscard]] std::filesystem::path with(const std::string& name, const std::string& bytes) const {
        std::ofstream{*this / name, std::ios::binary | std::ios::trunc} << bytes;
        return *this / name;
    }
};

/// What an import did.
struct Imported {
    sign::ImportExit exit;
    std::vector<boost::json::object> orders;
    std::string errors;
    boost::json::object report;

    [[nodiscard]] std::int64_t count(const char* what) const { return report.at(what).as_int64(); }
    [[nodiscard]] std::string member(std::size_t order, const char* name) const {
        return std::string{orders.at(order).at(name).as_string()};
    }
};

/// Runs `portcullis-sign orders import`; the orders come from its standard output.
inline Imported import_with(sign::ImportOptions options, const ImportFolder& folder) {
    options.report = folder / "report.json";
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream errors;
    std::filesystem::remove(options.report);
    Imported imported{sign::import_orders(options, in, out, errors), {}, errors.str(), {}};
    std::istringstream lines{out.str()};
    for (std::string line; std::getline(lines, line);) {
        imported.orders.push_back(boost::json::parse(line).as_object());
    }
    if (std::filesystem::exists(options.report)) {
        imported.report = boost::json::parse(file_text(options.report)).as_object();
    }
    return imported;
}

/// A small mapping of releases: `order`, `box`, `state`, `from`; what else it says is added behind its head.
inline std::string small_mapping(const std::string& input, const std::string& more = {}) {
    return "mapping: small\nlayout: documented\nmakes: release\nauthority: ciq\n"
           "input: { time_zone: Asia/Shanghai, " +
           input + " }\n" + more +
           "fields:\n"
           "  order: order\n"
           "  status: { column: state, codes: { ok: released, no: held, gone: revoked } }\n"
           "  container: box\n"
           "  valid_from: from\n"
           "  officer: { constant: A1 }\n"
           "  decided: from\n";
}

inline const std::string csv_input = "format: csv, encoding: utf-8";

}  // namespace portcullis::testing
