#pragma once

#include <iosfwd>

#include "cli/sign/ruleset/authored_document.hpp"

namespace portcullis::sign {

/// Each gives the exit code: 0 done, 1 refused.
[[nodiscard]] int check_vehicles(const AuthoredOptions& options, std::ostream& out, std::ostream& errors);
/// The payload of the YAML file `options.file`.
[[nodiscard]] int build_vehicles(const AuthoredOptions& options, std::ostream& out, std::ostream& errors);
/// The envelope around the payload in `options.file`, signed by each of the keys.
[[nodiscard]] int sign_vehicles(const AuthoredOptions& options, std::ostream& out, std::ostream& errors);

}  // namespace portcullis::sign
