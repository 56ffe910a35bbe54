#pragma once

#include <filesystem>
#include <iosfwd>
#include <vector>

namespace portcullis::sign {

struct AuditOptions {
    std::vector<std::filesystem::path> keys;    ///< of `sampling-key reveal`
    std::filesystem::path ruleset;              ///< payload or envelope of the ruleset that judged
    std::vector<std::filesystem::path> events;  ///< exported events, one a line
    bool json = false;
};

/// Draws everything again and prints what differs. 0: nothing differs and nothing was left out; 1: otherwise.
[[nodiscard]] int audit_sampling(const AuditOptions& options, std::ostream& out, std::ostream& errors);

}  // namespace portcullis::sign
