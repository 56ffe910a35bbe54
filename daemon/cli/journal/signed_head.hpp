#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash256.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"
#include "trust/signature.hpp"

namespace portcullis::cli {

/// A head as somebody holds it: its form is right, its signature is not checked yet (docs/journal.md, "Heads").
struct SignedHead {
    StreamId stream;
    std::int64_t sequence = 0;
    Hash256 hash{};
    std::string keyid;
    std::string message;  ///< what the signature is over
    trust::Signature signature{};

    /// One of `keys` has signed it.
    [[nodiscard]] bool is_signed_by(const std::vector<trust::PublicKey>& keys) const;
};

/// Reads a DSSE envelope of one signature, or says what is wrong with it.
[[nodiscard]] Result<SignedHead, std::string> read_head(std::string_view envelope);

/// Heads that were kept elsewhere, one envelope a line; empty lines do not count. At most a million.
[[nodiscard]] Result<std::vector<SignedHead>, std::string> read_heads(std::istream& lines);

}  // namespace portcullis::cli
