#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trust/signature.hpp"

namespace portcullis::trust {

/// A signature as a document carries it: the key is only named.
struct ClaimedSignature {
    std::string keyid;
    Signature signature{};
};

/// The keys that may sign one kind of document, and how many of them must.
class KeySet {
public:
    /// Throws std::invalid_argument when no set of signatures could ever be enough (or none is needed).
    KeySet(std::vector<PublicKey> keys, std::size_t threshold);

    /// The ids of the keys that signed `message`, each once however often it signed; in the order of the set.
    [[nodiscard]] std::vector<std::string> signers(std::string_view message,
                                                   std::span<const ClaimedSignature> claimed) const;
    [[nodiscard]] bool enough(const std::vector<std::string>& signers) const { return signers.size() >= threshold_; }

private:
    std::vector<PublicKey> keys_;
    std::size_t threshold_;
};

}  // namespace portcullis::trust
