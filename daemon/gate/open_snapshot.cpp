#include "gate/open_snapshot.hpp"

#include <utility>

#include "codec/order_snapshot.hpp"
#include "core/time_text.hpp"

namespace portcullis::gate {
namespace {

using codec::Refusal;
using codec::RefusalCause;

constexpr std::size_t most_envelope_bytes = codec::most_snapshot_head_bytes / 3 * 4 + std::size_t{8} * 1024;

bool is_signed_for(const SealedDocument& sealed, const OrderKeys& keys, const Authority& authority) {
    if (keys.any && sealed.signers(*keys.any)) {
        return true;
    }
    const auto own = keys.by_authority.find(authority);
    return own != keys.by_authority.end() && sealed.signers(own->second);
}

bool is_signed_for_any(const SealedDocument& sealed, const OrderKeys& keys) {
    if (keys.any && sealed.signers(*keys.any)) {
        return true;
    }
    for (const auto& [authority, set] : keys.by_authority) {
        if (sealed.signers(set)) {
            return true;
        }
    }
    return false;
}

}  // namespace

Result<OrderSnapshot, DocumentRefused> open_snapshot(std::string_view received, const OrderKeys& keys,
                                                     const SnapshotTerms& terms) {
    const auto refuse = [&](const Refusal& refusal) {
        return Failure{refused_document(received, codec::snapshot_kind, refusal)};
    };
    const auto sealed = read_sealed(received, codec::snapshot_kind, most_envelope_bytes);
    if (!sealed) {
        return Failure{sealed.error()};
    }
    if (!is_signed_for_any(*sealed, keys)) {
        const auto why = keys.none_because.empty() ? "not signed by the trusted keys" : keys.none_because;
        return refuse({RefusalCause::signature, "/signatures", why});
    }
    auto snapshot = codec::read_order_snapshot(sealed->payload);
    if (!snapshot) {
        return refuse(snapshot.error());
    }
    if (!is_signed_for(*sealed, keys, snapshot->authority)) {
        return refuse({RefusalCause::signature, "/authority", "is not the authority whose keys signed this"});
    }
    if (const auto other = audience_refusal(snapshot->terminal, snapshot->gates, terms.terminal, terms.gate)) {
        return refuse(*other);
    }
    if (snapshot->expires <= terms.time_floor) {
        return refuse({RefusalCause::expiry, "/expires", "expired at " + time_text(snapshot->expires)});
    }
    return std::move(snapshot).value();
}

}  // namespace portcullis::gate
