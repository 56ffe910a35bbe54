#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/order_chain.hpp"
#include "codec/refusal.hpp"
#include "core/documents.hpp"
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

/// A document whose form is known and nothing more: what its signatures must be over, and those that it claims.
struct SealedDocument {
    std::string payload;
    Hash256 payload_hash{};
    std::string signed_bytes;
    std::vector<trust::ClaimedSignature> claimed;

    /// The ids of the keys of `keys` that signed it, when they are enough.
    [[nodiscard]] std::optional<std::vector<std::string>> signers(const trust::KeySet& keys) const;
};

/// Checks size and form.
[[nodiscard]] Result<SealedDocument, DocumentRefused> read_sealed(std::string_view received, std::string_view kind,
                                                                  std::size_t most_bytes);

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

/// Who may sign orders: one key for all authorities, or keys for each.
struct OrderKeys {
    OrderKeys() = default;
    // NOLINTNEXTLINE(google-explicit-constructor): one key set is the whole of what it stands for
    OrderKeys(trust::KeySet for_all) : any(std::move(for_all)) {}

    std::optional<trust::KeySet> any;
    std::map<Authority, trust::KeySet> by_authority;
    std::string none_because;  ///< why there are no keys at all
};

/// What the gate's trust says of orders.
struct OrderTrust {
    OrderKeys keys;
    std::map<Authority, DocumentMark> named = {};  ///< the newest batches that the timestamp names
    /// When it named all of these; nothing: there is no such timestamp.
    std::optional<WallTime> named_at = std::nullopt;
    std::optional<WallTime> time_floor = std::nullopt;
};

/// Of so many authorities a gate holds orders; those that the root names find room beside them.
inline constexpr std::size_t most_order_authorities = 32;

/// What a gate holds a batch of orders against.
struct OrderTerms {
    std::string terminal;
    std::string gate;
    /// No time before it is believed: the wall clock, or later what newer signed documents prove.
    WallTime time_floor;
    /// The newest applied batch of an authority.
    std::function<codec::OrderChainState(const Authority&)> chain_of;
    /// The newest batch of an authority that the timestamp names. May be empty: nothing names any.
    std::function<std::optional<DocumentMark>(const Authority&)> named = {};
    /// Whether it may hold orders of this authority. May be empty: of anybody who can sign.
    std::function<bool(const Authority&)> has_room = {};
};

/// Why no orders of this authority are taken: those of as many others as a gate holds are here.
[[nodiscard]] codec::Refusal no_room_refusal();

/// `kind` and `refusal`, with the hash of what was received.
[[nodiscard]] DocumentRefused refused_document(std::string_view received, std::string_view kind,
                                               const codec::Refusal& refusal);
/// Whether a document with this audience is for the gate: the refusal, or nothing.
[[nodiscard]] std::optional<codec::Refusal> audience_refusal(const std::string& terminal,
                                                             const std::vector<std::string>& gates,
                                                             const std::string& own_terminal,
                                                             const std::string& own_gate);

/// All checks for a batch of orders. The largest takes a fifth of a second: never on the deciding thread.
[[nodiscard]] Result<OpenedOrders, DocumentRefused> open_orders(std::string_view received, const OrderKeys& keys,
                                                                const OrderTerms& terms);

/// `document.refused`; `channel` is the destination through which it came, or `file`; `count` of such refusals since
/// the last event, which the caller bounds.
[[nodiscard]] Event document_refused_event(const DocumentRefused& refused, std::string_view channel, std::int64_t count,
                                           Now now);

}  // namespace portcullis::gate
