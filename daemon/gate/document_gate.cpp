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

bool names_gate(const std::vector<std::string>& gates, const std::string& gate) {
    return std::any_of(gates.begin(), gates.end(), [&](const std::string& one) { return one == "*" || one == gate; });
}

/// Who signed a batch: of each authority for which the signatures are enough.
struct OrderSigners {
    std::optional<std::vector<std::string>> any;
    std::map<Authority, std::vector<std::string>> by_authority;

    [[nodiscard]] const std::vector<std::string>* of(const Authority& authority) const {
        if (any) {
            return &*any;
        }
        const auto found = by_authority.find(authority);
        return found == by_authority.end() ? nullptr : &found->second;
    }
};

OrderSigners signers_of(const SealedDocument& sealed, const OrderKeys& keys) {
    OrderSigners signers;
    if (keys.any) {
        signers.any = sealed.signers(*keys.any);
    }
    for (const auto& [authority, set] : keys.by_authority) {
        if (auto some = sealed.signers(set)) {
            signers.by_authority.emplace(authority, std::move(*some));
        }
    }
    return signers;
}

/// The timestamp names a batch of this number, and it is another one.
bool is_other_than_named(const OrderBatch& batch, const Hash256& hash, const OrderTerms& terms) {
    const auto named = terms.named ? terms.named(batch.authority) : std::nullopt;
    return named && named->version == batch.number && named->hash != hash;
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

DocumentRefused refused_document(std::string_view received, std::string_view kind, const codec::Refusal& refusal) {
    return {std::string{kind},
            refusal.cause,
            clipped(refusal.message(), longest_detail),
            trust::sha256(received),
            std::nullopt,
            std::nullopt,
            std::nullopt};
}

codec::Refusal no_room_refusal() {
    return {RefusalCause::limits, "/authority",
            "is one more than the " + std::to_string(most_order_authorities) + " authorities that a gate holds"};
}

std::optional<codec::Refusal> audience_refusal(const std::string& terminal, const std::vector<std::string>& gates,
                                               const std::string& own_terminal, const std::string& own_gate) {
    if (terminal != own_terminal) {
        return codec::Refusal{RefusalCause::audience, "/terminal", "is not for " + own_terminal};
    }
    if (!names_gate(gates, own_gate)) {
        return codec::Refusal{RefusalCause::audience, "/gates", "is not for " + own_gate};
    }
    return std::nullopt;
}

std::optional<std::vector<std::string>> SealedDocument::signers(const trust::KeySet& keys) const {
    auto found = keys.signers(signed_bytes, claimed);
    return keys.enough(found) ? std::optional{std::move(found)} : std::nullopt;
}

Result<SealedDocument, DocumentRefused> read_sealed(std::string_view received, std::string_view kind,
                                                    std::size_t most_bytes) {
    const auto envelope = codec::read_envelope(received, kind, most_bytes);
    if (!envelope) {
        return Failure{refused_document(received, kind, envelope.error())};
    }
    auto payload = trust::from_base64(envelope->payload);
    if (!payload) {
        return Failure{
            refused_document(received, kind, {RefusalCause::parse, "/payload", "is not base64 with padding"})};
    }
    SealedDocument sealed;
    sealed.signed_bytes = trust::pre_authentication_encoding(envelope->payload_type, *payload);
    sealed.claimed = claimed_signatures(*envelope);
    sealed.payload_hash = trust::sha256(*payload);
    sealed.payload = std::move(*payload);
    return sealed;
}

Result<OpenedDocument, DocumentRefused> open_document(std::string_view received, std::string_view kind,
                                                      const trust::KeySet& keys, std::size_t most_bytes) {
    auto sealed = read_sealed(received, kind, most_bytes);
    if (!sealed) {
        return Failure{sealed.error()};
    }
    auto signers = sealed->signers(keys);
    if (!signers) {
        return Failure{refused_document(received, kind,
                                        {RefusalCause::signature, "/signatures", "not signed by the trusted keys"})};
    }
    return OpenedDocument{std::move(sealed->payload), sealed->payload_hash, std::move(*signers)};
}

Result<OpenedOrders, DocumentRefused> open_orders(std::string_view received, const OrderKeys& keys,
                                                  const OrderTerms& terms) {
    const auto sealed = read_sealed(received, codec::orders_kind, codec::most_envelope_bytes);
    if (!sealed) {
        return Failure{sealed.error()};
    }
    const auto signers = signers_of(*sealed, keys);
    if (!signers.any && signers.by_authority.empty()) {
        const auto why = keys.none_because.empty() ? "not signed by the trusted keys" : keys.none_because;
        return Failure{refused_document(received, codec::orders_kind, {RefusalCause::signature, "/signatures", why})};
    }
    auto batch = codec::read_order_batch(sealed->payload);
    if (!batch) {
        return Failure{refused_document(received, codec::orders_kind, batch.error())};
    }
    const auto refusal_of = [&](const codec::Refusal& refusal, std::optional<BatchPlace> place) {
        auto refusal_of_batch = refused_document(received, codec::orders_kind, refusal);
        refusal_of_batch.authority = batch->authority;
        refusal_of_batch.number = batch->number;
        refusal_of_batch.place = place;
        return refusal_of_batch;
    };
    const auto refuse = [&](const codec::Refusal& refusal, std::optional<BatchPlace> place) {
        return Failure{refusal_of(refusal, place)};
    };
    const auto* const own_signers = signers.of(batch->authority);
    if (own_signers == nullptr) {
        return Failure{
            refused_document(received, codec::orders_kind,
                             {RefusalCause::signature, "/authority", "is not the authority whose keys signed this"})};
    }
    if (batch->terminal != terms.terminal) {
        return refuse({RefusalCause::audience, "/terminal", "is not for " + terms.terminal}, {});
    }
    if (terms.has_room && !terms.has_room(batch->authority)) {
        return refuse(no_room_refusal(), {});
    }
    const auto state = terms.chain_of(batch->authority);
    const auto place = codec::place_of(*batch, sealed->payload_hash, state);
    if (is_other_than_named(*batch, sealed->payload_hash, terms)) {
        return refuse({RefusalCause::chain, "/number", "the timestamp names it with other bytes"}, BatchPlace::forked);
    }
    if (const auto refusal = place_refusal(place, *batch, state)) {
        return refuse(*refusal, place);
    }
    if (!names_gate(batch->gates, terms.gate)) {
        auto passed_over = refusal_of({RefusalCause::audience, "/gates", "is not for " + terms.gate}, place);
        return OpenedOrders{std::move(batch).value(), sealed->payload_hash, *own_signers, std::move(passed_over)};
    }
    if (batch->expires && *batch->expires <= terms.time_floor) {
        return refuse({RefusalCause::expiry, "/expires", "expired at " + time_text(*batch->expires)}, place);
    }
    return OpenedOrders{std::move(batch).value(), sealed->payload_hash, *own_signers, std::nullopt};
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
