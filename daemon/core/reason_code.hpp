#pragma once

#include <array>
#include <cstdint>

#include "core/enum_text.hpp"

namespace portcullis {

/// Why a verdict is what it is (contracts.md 9). The list grows and never changes.
enum class ReasonCode : std::uint8_t {
    order_released,
    order_inspect,
    order_treat,
    order_return,
    order_held,
    order_revoked,
    order_expired,
    order_not_yet_valid,
    order_other_way,
    order_other_gate,
    order_reserved,
    order_used,
    order_missing,
    plate_not_on_order,
    plate_unread,
    plate_temporary,
    container_unread,
    container_invalid,
    readers_disagree,
    boxes_differ,
    load_unknown,
    movement_unknown,
    empty_unproved,
    no_box_proved,
    consent_missing,
    condition_unmet,
    condition_unknown,
    targeting_hold,
    targeting_inspect,
    targeting_near,
    unmatched,
    lookup_failed,
    orders_empty,
    orders_behind,
    policy_hold,
    policy_admit,
    clock_band,
    journal_outage
};
template <>
inline constexpr auto enum_texts<ReasonCode> = std::to_array<EnumText<ReasonCode>>({
    {ReasonCode::order_released, "order_released"},
    {ReasonCode::order_inspect, "order_inspect"},
    {ReasonCode::order_treat, "order_treat"},
    {ReasonCode::order_return, "order_return"},
    {ReasonCode::order_held, "order_held"},
    {ReasonCode::order_revoked, "order_revoked"},
    {ReasonCode::order_expired, "order_expired"},
    {ReasonCode::order_not_yet_valid, "order_not_yet_valid"},
    {ReasonCode::order_other_way, "order_other_way"},
    {ReasonCode::order_other_gate, "order_other_gate"},
    {ReasonCode::order_reserved, "order_reserved"},
    {ReasonCode::order_used, "order_used"},
    {ReasonCode::order_missing, "order_missing"},
    {ReasonCode::plate_not_on_order, "plate_not_on_order"},
    {ReasonCode::plate_unread, "plate_unread"},
    {ReasonCode::plate_temporary, "plate_temporary"},
    {ReasonCode::container_unread, "container_unread"},
    {ReasonCode::container_invalid, "container_invalid"},
    {ReasonCode::readers_disagree, "readers_disagree"},
    {ReasonCode::boxes_differ, "boxes_differ"},
    {ReasonCode::load_unknown, "load_unknown"},
    {ReasonCode::movement_unknown, "movement_unknown"},
    {ReasonCode::empty_unproved, "empty_unproved"},
    {ReasonCode::no_box_proved, "no_box_proved"},
    {ReasonCode::consent_missing, "consent_missing"},
    {ReasonCode::condition_unmet, "condition_unmet"},
    {ReasonCode::condition_unknown, "condition_unknown"},
    {ReasonCode::targeting_hold, "targeting_hold"},
    {ReasonCode::targeting_inspect, "targeting_inspect"},
    {ReasonCode::targeting_near, "targeting_near"},
    {ReasonCode::unmatched, "unmatched"},
    {ReasonCode::lookup_failed, "lookup_failed"},
    {ReasonCode::orders_empty, "orders_empty"},
    {ReasonCode::orders_behind, "orders_behind"},
    {ReasonCode::policy_hold, "policy_hold"},
    {ReasonCode::policy_admit, "policy_admit"},
    {ReasonCode::clock_band, "clock_band"},
    {ReasonCode::journal_outage, "journal_outage"},
});

/// What kind of thing gave a reason.
enum class ReasonKind : std::uint8_t { order, targeting, identity, consent, condition, policy, storage, clock };
template <>
inline constexpr auto enum_texts<ReasonKind> = std::to_array<EnumText<ReasonKind>>({
    {ReasonKind::order, "order"},
    {ReasonKind::targeting, "targeting"},
    {ReasonKind::identity, "identity"},
    {ReasonKind::consent, "consent"},
    {ReasonKind::condition, "condition"},
    {ReasonKind::policy, "policy"},
    {ReasonKind::storage, "storage"},
    {ReasonKind::clock, "clock"},
});

}  // namespace portcullis
