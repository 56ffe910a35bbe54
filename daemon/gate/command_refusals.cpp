#include "gate/command_refusals.hpp"

#include <chrono>
#include <optional>
#include <string_view>

#include "codec/command_claim.hpp"
#include "codec/envelope.hpp"
#include "trust/base64.hpp"

namespace portcullis::gate {
namespace {

/// What the command in an envelope claims to be; nothing when there is none.
std::optional<codec::CommandClaim> claim_in(const uplink::InboundRefusal& refusal) {
    if (!refusal.payload) {
        return std::nullopt;
    }
    const auto envelope = codec::read_envelope(*refusal.payload, "command", uplink::longest_sample);
    const auto payload = envelope ? trust::from_base64(envelope->payload) : std::nullopt;
    if (!payload) {
        return std::nullopt;
    }
    const auto claim = codec::read_command_claim(*payload);
    return claim ? std::optional{*claim} : std::nullopt;
}

/// Since it was issued, by the wall clocks of both ends.
Value age_ms(const codec::CommandClaim& claim, Now now) {
    if (!claim.issued) {
        return "unknown";
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(now.wall - *claim.issued).count();
}

}  // namespace

Event command_refused_event(const uplink::InboundRefusal& refusal, Now now) {
    const auto claimed = claim_in(refusal);
    const auto claim = claimed.value_or(codec::CommandClaim{});
    const bool unread = refusal.cause == uplink::InboundCause::unsupported && !claimed;
    const auto cause = refusal.cause == uplink::InboundCause::too_large ? "size" : text_of(refusal.cause);
    return {"command.received", "gate", now,
            Object{{"command_id", claim.command},
                   {"kind", claim.verb},
                   {"issuer", claim.actor},
                   {"accepted", "no"},
                   {"cause", unread ? "parse" : cause},
                   {"age_ms", age_ms(claim, now)},
                   {"count", refusal.count}},
            std::nullopt};
}

}  // namespace portcullis::gate
