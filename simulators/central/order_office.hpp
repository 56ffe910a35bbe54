#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
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
    /// The number of an authority's next batch, and the hash that it names.
    [[nodiscard]] std::pair<std::int64_t, std::string> next_place(const std::string& authority) const {
        const auto chain = chains_.find(authority);
        return chain == chains_.end()
                   ? std::pair{std::int64_t{1}, Chain{}.previous}
                   : std::pair{static_cast<std::int64_t>(chain->second.envelopes.size()) + 1, chain->second.previous};
    }
    /// Batches up to this number are not kept any more: who needs them takes a snapshot.
    void forget(const std::string& authority, std::int64_t through) { chains_[authority].forgotten = through; }

    [[nodiscard]] bool has_forgotten(const std::string& authority, std::int64_t number) const {
        const auto chain = chains_.find(authority);
        return chain != chains_.end() && number <= chain->second.forgotten;
    }

    /// All orders of an authority as they stand after its newest batch: the signed head, then its chunks.
    struct Snapshot {
        std::int64_t number = 0;
        std::vector<std::string> pieces;
    };
    /// Nothing when there was no batch yet. Chunks of at most so many orders.
    [[nodiscard]] std::optional<Snapshot> snapshot(const std::string& authority, WallTime issued, WallTime expires,
                                                   std::size_t orders_in_chunk = 1000) const;
    /// Takes over an envelope that `issue` made in an earlier life. Throws std::invalid_argument on another's.
    void take_over(const std::string& envelope);

    [[nodiscard]] const SigningKey& key() const { return key_; }

private:
    struct Chain {
        std::vector<std::string> envelopes;
        std::string previous = std::string(64, '0');  ///< SHA-256 of the newest payload
        std::int64_t forgotten = 0;
    };
    SigningKey key_;
    std::string terminal_;
    std::map<std::string, Chain> chains_;
};

}  // namespace portcullis::central
