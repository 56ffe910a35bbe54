#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/container_number.hpp"
#include "core/enum_text.hpp"
#include "core/ids.hpp"
#include "core/plate_number.hpp"
#include "core/rule.hpp"
#include "core/time.hpp"
#include "core/vocabulary.hpp"

namespace portcullis {

// NOLINTNEXTLINE(readability-identifier-naming): `return` is a keyword
enum class ReleaseStatus : std::uint8_t { released, held, inspect, treat, return_, revoked };
template <>
inline constexpr auto enum_texts<ReleaseStatus> = std::to_array<EnumText<ReleaseStatus>>({
    {ReleaseStatus::released, "released"},
    {ReleaseStatus::held, "held"},
    {ReleaseStatus::inspect, "inspect"},
    {ReleaseStatus::treat, "treat"},
    {ReleaseStatus::return_, "return"},
    {ReleaseStatus::revoked, "revoked"},
});

enum class TargetingAction : std::uint8_t { hold, inspect, watch };
template <>
inline constexpr auto enum_texts<TargetingAction> = std::to_array<EnumText<TargetingAction>>({
    {TargetingAction::hold, "hold"},
    {TargetingAction::inspect, "inspect"},
    {TargetingAction::watch, "watch"},
});

enum class MassBasis : std::uint8_t { goods, box, vehicle };
template <>
inline constexpr auto enum_texts<MassBasis> = std::to_array<EnumText<MassBasis>>({
    {MassBasis::goods, "goods"},
    {MassBasis::box, "box"},
    {MassBasis::vehicle, "vehicle"},
});

enum class Draw : std::uint8_t { at_gate, drawn, not_drawn };
template <>
inline constexpr auto enum_texts<Draw> = std::to_array<EnumText<Draw>>({
    {Draw::at_gate, "at_gate"},
    {Draw::drawn, "drawn"},
    {Draw::not_drawn, "not_drawn"},
});

enum class LiftedBy : std::uint8_t { result, central };
template <>
inline constexpr auto enum_texts<LiftedBy> = std::to_array<EnumText<LiftedBy>>({
    {LiftedBy::result, "result"},
    {LiftedBy::central, "central"},
});

enum class Visibility : std::uint8_t { open, covert };
template <>
inline constexpr auto enum_texts<Visibility> = std::to_array<EnumText<Visibility>>({
    {Visibility::open, "open"},
    {Visibility::covert, "covert"},
});

/// A condition of a release order, kept as sent. A kind that this version does not know counts as unknown.
struct OrderCondition {
    std::string kind;
    std::string canonical;  ///< the whole condition as canonical JSON
    /// What must be true of the box, where this version knows the kind: a predicate as a rule has it.
    std::optional<Predicate> predicate = {};
    friend bool operator==(const OrderCondition&, const OrderCondition&) = default;
};

/// 放行: a container's release by one authority. In all lists: nothing = unknown, empty = known to be empty
/// (contracts.md, head).
struct ReleaseOrder {
    ReleaseStatus status = ReleaseStatus::held;
    Movement movement = Movement::unknown;
    std::optional<ContainerNumber> container;
    std::optional<std::vector<std::string>> declarations;
    std::optional<std::string> enterprise;
    std::optional<std::string> enterprise_class;
    std::optional<std::vector<std::string>> hs;
    std::optional<std::string> origin;
    std::optional<std::string> origin_region;
    std::optional<std::string> last_port;
    std::optional<std::string> size_type;
    Fullness fullness = Fullness::unknown;
    std::optional<std::int64_t> gross_kg;
    std::optional<MassBasis> mass_basis;
    std::optional<std::int64_t> box_tare_kg;
    Tristate wood = Tristate::unknown;
    Tristate ippc = Tristate::unknown;
    Tristate reefer = Tristate::unknown;
    std::optional<std::string> imdg;
    std::optional<std::vector<std::string>> seals;
    std::optional<Draw> draw;
    std::vector<OrderCondition> conditions;
    std::optional<std::string> zone;
    /// What else a declaration says, for rules of an `attribute` or `date`: `radiation_cert: yes`, `produced: …`.
    std::map<std::string, std::string, std::less<>> attributes = {};
    std::map<std::string, WallTime, std::less<>> dates = {};
};

/// The terminal's appointment: fetch or return an empty, move domestic.
struct MovementOrder {
    Movement movement = Movement::unknown;
    std::optional<ContainerNumber> container;  ///< nothing: any empty box of `size_type`
    std::optional<std::string> size_type;
};

/// What a targeting order matches; every named member must match.
struct TargetingMatch {
    std::optional<ContainerNumber> container;
    std::optional<PlateNumber> plate;
    std::optional<std::string> enterprise;
    std::optional<std::string> origin;
    std::optional<std::string> hs;  ///< a prefix of the goods' HS code
};

/// 布控
struct TargetingOrder {
    TargetingMatch match;
    TargetingAction action = TargetingAction::hold;
    std::vector<std::string> method;
    std::optional<std::string> zone;
    std::optional<std::string> basis;
    std::optional<std::int64_t> level;
    bool once = false;
    std::optional<LiftedBy> lifted_by;
    Visibility visibility = Visibility::open;
};

/// A signed statement of an authority, keyed by (authority, order id).
struct Order {
    Authority authority;
    OrderId id;
    std::variant<ReleaseOrder, MovementOrder, TargetingOrder> body;
    std::vector<PlateNumber> tractor_plates;  ///< empty constrains nothing
    std::vector<PlateNumber> trailer_plates;
    std::vector<std::string> gates;            ///< empty = any gate
    std::vector<ControlPoint> control_points;  ///< empty = any control point
    int uses = 1;                              ///< places at each control point
    WallTime valid_from;
    std::optional<WallTime> valid_to;  ///< nothing = until revoked for targeting; for all others unknown
    std::string officer;
    WallTime decided;
    bool revoked = false;  ///< by a `revoke` operation; stays in the cache so that it can say so
    std::string revoke_reason;

    [[nodiscard]] const ReleaseOrder* release() const { return std::get_if<ReleaseOrder>(&body); }
    [[nodiscard]] const MovementOrder* movement() const { return std::get_if<MovementOrder>(&body); }
    [[nodiscard]] const TargetingOrder* targeting() const { return std::get_if<TargetingOrder>(&body); }
};

struct RevokeOrder {
    OrderId id;
    std::string reason;
    std::string officer;
    WallTime decided;
};

/// Central's word that a vehicle took a place of an order at some gate: so that the others know without seeing it.
struct UsedOrder {
    OrderId id;
    std::optional<ContainerNumber> container;  ///< as the order named it
    ControlPoint control_point;
    std::string gate;
    PassageId passage;  ///< that gate's: its place is taken once, however often it is said
    int place = 1;      ///< as Usage
    WallTime at;
    friend bool operator==(const UsedOrder&, const UsedOrder&) = default;
};

using OrderOperation = std::variant<Order, RevokeOrder, UsedOrder>;

/// One signed, numbered batch of one authority (contracts.md 4). It is applied whole or refused whole.
struct OrderBatch {
    Authority authority;
    std::string terminal;
    std::vector<std::string> gates;  ///< `*` = every gate of the terminal
    std::int64_t number = 0;
    std::string previous;  ///< hex SHA-256 of the previous batch's payload bytes
    WallTime issued;
    std::optional<WallTime> expires;
    std::vector<OrderOperation> operations;
};

/// The head of a snapshot: all orders of one authority that were in force when batch `number` was its newest.
struct OrderSnapshot {
    struct Chunk {
        std::string sha256;  ///< hex, of its bytes
        std::int64_t bytes = 0;
        std::int64_t lines = 0;
    };
    Authority authority;
    std::string terminal;
    std::vector<std::string> gates;  ///< `*` = every gate of the terminal
    std::int64_t number = 0;         ///< its last batch: the next one follows it
    std::string hash;                ///< hex SHA-256 of that batch's payload: `previous` of the next
    WallTime issued;
    WallTime expires;
    std::vector<Chunk> chunks;
};

/// Whose place is taken, where. `container` as the order names it, or nothing.
struct UsageKey {
    Authority authority;
    OrderId order;
    std::optional<ContainerNumber> container;
    ControlPoint control_point;
    friend auto operator<=>(const UsageKey&, const UsageKey&) = default;
};

/// One place of an order that is not free (design.md 3, usage).
struct Usage {
    UsageKey key;
    UsageState state = UsageState::free;
    PassageId passage;
    int place = 1;  ///< which of this passage's: both boxes of a vehicle may go on an order that names none
    friend bool operator==(const Usage&, const Usage&) = default;
};

}  // namespace portcullis
