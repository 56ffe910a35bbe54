#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/support/trust_documents.hpp"

namespace portcullis::fault {

/// A good document, and the gate that takes it: nothing else of its kind may be taken in its place.
struct Target {
    std::string name;
    std::string kind;
    std::string payload;
    portcullis::testing::Names signers;  ///< as many as are needed, and no more
    std::string foreign_signer;          ///< trusted, for something else
    std::function<bool(const std::string& received)> accepts;
    std::string end = "expires";  ///< the member that says until when it holds

    [[nodiscard]] std::string received() const { return portcullis::testing::sealed(kind, payload, signers); }
};

/// A root, a timestamp, a ruleset, a sampling key, a pass list, a zone result, orders of two authorities.
[[nodiscard]] std::vector<Target> make_targets();

}  // namespace portcullis::fault
