#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "simulators/central/crypto.hpp"

namespace portcullis::central {

/// Where the authorities' orders become numbered, chained, signed batches (contracts.md 4). Keeps every batch, so that
/// a gate that missed some is answered with the same bytes.
class OrderOffice {
public:
    OrderOffice(SigningKey key, std::string terminal) : key_(key), terminal_(std::move(terminal)) {}

    struct Issue {
        std::string authority;
        std::vector<std::string> orders;  ///< JSON objects of contracts.md 4
        WallTime issued;
        WallTime expires;
        std::vector<std::string> gates{"*"};
    };
    /// The next batch of its authority, as an envelope. Throws std::invalid_argument when an order is no JSON object.
    std::string issue(const Issue& issue);
    /// The batches of an authority from a number on, as envelopes in order.
    [[nodiscard]] std::vector<std::string> from(const std::string& authority, std::int64_t number) const;
    /// Takes over an envelope that `issue` made in an earlier life. Throws std::invalid_argument on another's.
    void take_over(const std::string& envelope);

    [[nodiscard]] const SigningKey& key() const { return key_; }

private:
    struct Chain {
        std::vector<std::string> envelopes;
        std::string previous = std::string(64, '0');  ///< SHA-256 of the newest payload
    };
    SigningKey key_;
    std::string terminal_;
    std::map<std::string, Chain> chains_;
};

}  // namespace portcullis::central
