#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gate/document_gate.hpp"
#include "gate/document_taker.hpp"
#include "gate/trust_state.hpp"
#include "store/quarantine.hpp"

namespace portcullis::gate {

/// Signed documents as they came in.
struct Delivery {
    std::string text;
    std::string channel;  ///< the destination through which it came, or `file`
    /// What its topic says that it is: then it is one document. Nothing: envelopes, one a line, each says by itself.
    std::optional<DocumentKind> kind = std::nullopt;
    bool first_root = false;  ///< the first root may be believed at the word of whoever brings it
};

/// A kind's reader with what its documents are held against.
struct KindReading {
    std::size_t most_bytes = 0;
    bool numbered = true;
    DocumentReading reading;
};

/// A document that may take effect. Root and timestamp have no `enact`: they change only the state of trust.
struct AcceptedDocument {
    TakenDocument taken;
    decltype(ReadDocument::enact) enact;
};

struct JudgedDelivery {
    std::vector<AcceptedDocument> accepted;  ///< in this order, each read by the trust that those before it made
    std::shared_ptr<const TrustState> after;
    /// Of what was not taken. An older root among others that were is no refusal: chains begin somewhere.
    std::vector<DocumentRefused> refused;
};

/// Reads a delivery, on a worker: the largest takes a second.
[[nodiscard]] JudgedDelivery judge_delivery(const std::shared_ptr<const TrustState>& state, const Delivery& delivery,
                                            const std::map<DocumentKind, KindReading>& readings, WallTime wall,
                                            store::Quarantine* quarantine);

}  // namespace portcullis::gate
