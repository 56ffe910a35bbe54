#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/order_chain.hpp"
#include "codec/refusal.hpp"
#include "core/event.hpp"
#include "core/hash256.hpp"
#include "core/order.hpp"
#include "core/result.hpp"
#include "trust/key_set.hpp"

/// Where signed documents come in (design.md 5): size, signature over the received bytes, parse, audience, place in
/// the chain, expiry, in this order. What fails one is refused whole and changes nothing.
namespace portcullis::gate {

/// A payload whose signatures are enough for its kind.
struct OpenedDocument {
    std::string payload;
    Hash256 payload_hash{};
    std::vector<std::string> signers;  ///< key ids, each once
};

/// Why a document was refused. `authority`, `number` and `place` are known only of one whose signatures held.
struct DocumentRefused {
    std::string kind;
    codec::RefusalCause cause = codec::RefusalCause::parse;
    std::string detail;
    Hash256 received_hash{};  ///< of the bytes as received
    std::optional<Authority> authority;
    std::optional<std::int64_t> number;
    /// `repeated` and `older`: brokers deliver again what was not acknowledged, no reason to alarm; `gap`: ask for
    /// what is missing; `forked`: two chains exist.
    std::optional<codec::BatchPlace> place;
};

/// Checks size, form and signatures.
[[nodiscard]] Result<OpenedDocument, DocumentRefused> open_document(std::string_view received, std::string_view kind,
                                                                    const trust::KeySet& keys, std::size_t most_bytes);

/// A batch that may be applied: it is the next of its authority, and for this gate and not expired; or it is for other
/// gates, and then only its place in the chain counts.
struct OpenedOrders {
    OrderBatch batch;
    Hash256 payload_hash{};
    std::vector<std::string> signers;
    std::optional<DocumentRefused> passed_over;  ///< set for one that is for other gates
};

/// What a gate holds a batch of orders against.
struct OrderTerms {
    std::string terminal;
    std::string gate;
    /// No time before it is believed: the wall clock, or later what newer signed documents prove.
    WallTime time_floor;
    /// The newest applied batch of an authority.
    std::function<codec::OrderChainState(const Authority&)> chain_of;
};

/// All checks for a batch of orders. The largest takes a fifth of a second: never on the deciding thread.
[[nodiscard]] Result<OpenedOrders, DocumentRefused> open_orders(std::string_view received, const trust::KeySet& keys,
                                                                const OrderTerms& terms);

/// `document.refused`; `channel` is the destination through which it came, or `file`; `count` of such refusals since
/// the last event, which the caller bounds.
[[nodiscard]] Event document_refused_event(const DocumentRefused& refused, std::string_view channel, std::int64_t count,
                                           Now now);

}  // namespace portcullis::gate
