#include "trust/key_set.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace portcullis::trust {

KeySet::KeySet(std::vector<PublicKey> keys, std::size_t threshold) : threshold_{threshold} {
    for (auto& key : keys) {
        if (std::find(keys_.begin(), keys_.end(), key) == keys_.end()) {
            keys_.push_back(std::move(key));
        }
    }
    if (threshold_ == 0 || threshold_ > keys_.size()) {
        throw std::invalid_argument{"a key set needs a threshold between 1 and the number of its keys"};
    }
}

std::vector<std::string> KeySet::signers(std::string_view message, std::span<const ClaimedSignature> claimed) const {
    std::vector<std::string> signers;
    for (const auto& key : keys_) {
        const bool signed_by_key = std::any_of(claimed.begin(), claimed.end(), [&](const ClaimedSignature& claim) {
            return claim.keyid == key.keyid() && key.verifies(message, claim.signature);
        });
        if (signed_by_key) {
            signers.push_back(key.keyid());
        }
    }
    return signers;
}

}  // namespace portcullis::trust
