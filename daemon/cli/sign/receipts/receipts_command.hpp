#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "cli/sign/import/import_command.hpp"

namespace portcullis::sign {

struct ReceiptsOptions {
    std::vector<std::filesystem::path> files;
    std::string format = "csv";
    std::string encoding = "utf-8";
    std::string time_zone = "Asia/Shanghai";
    std::filesystem::path out;  ///< empty: standard output
    bool cleared_only = false;
    // Of CODECO.
    std::string syntax;
    std::string sender;
    std::string recipient;
    std::string reference;
    std::string prepared;
};

/// `portcullis-sign receipts`: gate reports of exported events.
[[nodiscard]] ImportExit write_receipts(const ReceiptsOptions& options, std::istream& in, std::ostream& out,
                                        std::ostream& errors);

}  // namespace portcullis::sign
