#include "gate/document_gate.hpp"

#include <algorithm>
#include <utility>

#include "codec/envelope.hpp"
#include "codec/orders.hpp"
#include "core/time_text.hpp"
#include "core/utf8.hpp"
#include "trust/base64.hpp"
#include "trust/hash.hpp"

namespace portcullis::gate {
namespace {

using codec::BatchPlace;
using codec::RefusalCause;

constexpr std::size_t longest_detail = 300;  ///< bytes: what came from outside never fills the journal

DocumentRefused refused(std::string_view received, std::string_view kind, const codec::Refusal& refusal) {
    return {std::string{kind},
            refusal.cause,
            clipped(refusal.message(), longest_detail),
            trust::sha256(received),
            std::nullopt,
            std::nullopt,
            std::nullopt};
}

std::vector<trust::ClaimedSignature> claimed_signatures(const codec::Envelope& envelope) {
    std::vector<trust::ClaimedSignature> claimed;
    for (const auto& entry : envelope.signatures) {
        const auto bytes = trust::from_base64(entry.sig);
        if (const auto signature = bytes ? trust::signature_from_bytes(*bytes) : std::nullopt) {
            claimed.push_back({entry.keyid, *signature});
        }
    }
    return claimed;
}

bool names_gate(const OrderBatch& batch, const std::string& gate) {
    return std::any_of(batch.gates.begin(), batch.gates.end(),
                       [&](const std::string& one) { return one == "*" || one == gate; });
}

/// What is wrong with the place of a batch, or nothing when it is the next.
std::optional<codec::Refusal> place_refusal(BatchPlace place, const OrderBatch& batch,
                                            const codec::OrderChainState& state) {
    const auto newest = "the newest applied is " + std::to_string(state.number);
    switch (place) {
        case BatchPlace::next:
            return std::nullopt;
        case BatchPlace::repeated:
        case BatchPlace::older:
            return codec::Refusal{RefusalCause::version, "/number", "is already applied: " + newest};
        case BatchPlace::gap:
            return codec::Refusal{RefusalCause::chain, "/number", "leaves a gap: " + newest};
        case BatchPlace::forked:
            if (batch.number == state.number) {
                return codec::Refusal{RefusalCause::chain, "/number", "was applied with other bytes"};
            }
            return codec::Refusal{RefusalCause::chain, "/previous", "is not the hash of the batch before"};
    }
    return std::nullopt;
}

}  // namespace

Result<OpenedDocument, DocumentRefused> open_document(std::string_view received, std::string_view kind,
                                                      const trust::KeySet& keys, std::size_t most_bytes) {
    const auto envelope = codec::read_envelope(received, kind, most_bytes);
    if (!envelope) {
        return Failure{refused(received, kind, envelope.error())};
    }
    auto payload = trust::from_base64(envelope->payload);
    if (!payload) {
        return Failure{refused(received, kind, {RefusalCause::parse, "/payload", "is not base64 with padding"})};
    }
    auto signers = keys.signers(trust::pre_authentication_encoding(envelope->payload_type, *payload),
                                claimed_signatures(*envelope));
    if (!keys.enough(signers)) {
        return Failure{
            refused(received, kind, {RefusalCause::signature, "/signatures", "not signed by the trusted keys"})};
    }
    const auto hash = trust::sha256(*payload);
    return OpenedDocument{std::move(*payload), hash, std::move(signers)};
}

Result<OpenedOrders, DocumentRefused> open_orders(std::string_view received, const trust::KeySet& keys,
                                                  const OrderTerms& terms) {
    auto document = open_document(received, codec::orders_kind, keys, codec::most_envelope_bytes);
    if (!document) {
        return Failure{document.error()};
    }
    auto batch = codec::read_order_batch(document->payload);
    if (!batch) {
        return Failure{refused(received, codec::orders_kind, batch.error())};
    }
    const auto refusal_of = [&](const codec::Refusal& refusal, std::optional<BatchPlace> place) {
        auto refusal_of_batch = refused(received, codec::orders_kind, refusal);
        refusal_of_batch.authority = batch->authority;
        refusal_of_batch.number = batch->number;
        refusal_of_batch.place = place;
        return refusal_of_batch;
    };
    const auto refuse = [&](const codec::Refusal& refusal, std::optional<BatchPlace> place) {
        return Failure{refusal_of(refusal, place)};
    };
    if (batch->terminal != terms.terminal) {
        return refuse({RefusalCause::audience, "/terminal", "is not for " + terms.terminal}, {});
    }
    const auto state = terms.chain_of(batch->authority);
    const auto place = codec::place_of(*batch, document->payload_hash, state);
    if (const auto refusal = place_refusal(place, *batch, state)) {
        return refuse(*refusal, place);
    }
    if (!names_gate(*batch, terms.gate)) {
        auto passed_over = refusal_of({RefusalCause::audience, "/gates", "is not for " + terms.gate}, place);
        return OpenedOrders{std::move(batch).value(), document->payload_hash, std::move(document->signers),
                            std::move(passed_over)};
    }
    if (batch->expires && *batch->expires <= terms.time_floor) {
        return refuse({RefusalCause::expiry, "/expires", "expired at " + time_text(*batch->expires)}, place);
    }
    return OpenedOrders{std::move(batch).value(), document->payload_hash, std::move(document->signers), std::nullopt};
}

Event document_refused_event(const DocumentRefused& refused, std::string_view channel, std::int64_t count, Now now) {
    Object data{{"kind", refused.kind}, {"cause", text_of(refused.cause)}, {"hash", hex_text(refused.received_hash)},
                {"channel", channel},   {"detail", refused.detail},        {"count", count}};
    if (refused.authority) {
        data.push_back({"authority", refused.authority->text()});
    }
    if (refused.number) {
        data.push_back({"number", *refused.number});
    }
    return {"document.refused", "gate", now, Value{std::move(data)}, std::nullopt};
}

}  // namespace portcullis::gate
