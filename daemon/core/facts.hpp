#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/container_number.hpp"
#include "core/enum_text.hpp"
#include "core/ids.hpp"
#include "core/measures.hpp"
#include "core/observation.hpp"
#include "core/order.hpp"
#include "core/plate_number.hpp"
#include "core/time.hpp"
#include "core/vocabulary.hpp"

namespace portcullis {

/// A container number after fusion: votes count readers, not frames.
struct IdentifiedContainer {
    ContainerNumber number;
    LoadPosition position = LoadPosition::not_applicable;
    std::string size_type;  ///< as read, or empty
    int votes = 1;
    std::vector<DeviceName> readers;
    std::optional<int> confidence = {};  ///< the best of its readings; nothing = no reader said one
    int parts = 0;                       ///< further readers that read a part of it
};

/// Readers that contradict each other about one thing.
struct Disagreement {
    ReadingKind kind = ReadingKind::container;
    std::vector<std::string> texts;  ///< normalised, one a reader
};

/// Who stands at the stop line: fused from readings by kind, frozen when identification ends.
struct PassageIdentity {
    std::vector<IdentifiedContainer> containers;
    std::vector<std::string> invalid_containers;  ///< read, but with a defect
    std::optional<PlateNumber> tractor;
    std::optional<PlateNumber> trailer;
    std::vector<PlateNumber> other_plates;
    /// A cross-border vehicle shows its plate of home beside `tractor` (domain.md 2.1): both are its own. It stands
    /// among `other_plates` as well.
    std::optional<PlateNumber> home_plate;
    std::vector<Disagreement> disagreements;
    std::vector<std::string> invalid_plates;  ///< read, but with a defect
};

/// What one passage brings to a decision. Everything that a rule can name comes in here; nothing is looked up.
struct PassageFacts {
    LaneName lane;
    std::string gate;
    ControlPoint control_point;
    Way way = Way::unknown;
    Load load = Load::unknown;
    LoadSource load_source = LoadSource::none;
    std::optional<int> boxes;               ///< 0, 1, 2, or unknown
    Fullness fullness = Fullness::unknown;  ///< `empty` only on proof
    PassageId passage;
    PassageIdentity identity;
    std::vector<Identity> required;  ///< the lane's `requires`
    PassageMeasures measures = {};
};

/// In rising age; `unknown` before the first document.
enum class DocumentState : std::uint8_t { fresh, ageing, stale, expired, unknown };
template <>
inline constexpr auto enum_texts<DocumentState> = std::to_array<EnumText<DocumentState>>({
    {DocumentState::fresh, "fresh"},
    {DocumentState::ageing, "ageing"},
    {DocumentState::stale, "stale"},
    {DocumentState::expired, "expired"},
    {DocumentState::unknown, "unknown"},
});

/// An order as the cache holds it, with its history in the cache and the places taken of it.
struct FoundOrder {
    Order order;
    WallTime first_seen;
    WallTime changed_at;
    std::string previous_status;  ///< `none` when it never changed
    std::int64_t changes_24h = 0;
    std::vector<Usage> usage;  ///< places not free at this lane's control point
};

/// The answer of one look-up for a whole passage: one read transaction, one cursor.
struct OrdersFound {
    bool failed = false;  ///< the look-up itself failed: hold, `lookup_failed`
    std::string failure;
    bool empty_cache = false;  ///< no batch was ever applied: a box is held, `orders_empty`
    bool behind = false;       ///< a gap in somebody's batches is known: every vehicle is held, `orders_behind`
    /// A gap in these authorities' batches is known: a box that needs their word is held, `orders_behind`.
    std::vector<Authority> authorities_behind = {};
    std::int64_t cursor = 0;
    DocumentState state = DocumentState::unknown;
    std::int64_t age_s = 0;  ///< since the newest batch was applied
    std::vector<FoundOrder> orders;
};

/// What a passage asks the cache for, all in one call.
struct OrderQuestion {
    std::vector<ContainerNumber> containers;
    std::vector<PlateNumber> plates;
    ControlPoint control_point;
    /// One confusable character from what was read: targeting orders alone may match so.
    std::vector<ContainerNumber> near_containers = {};
    std::vector<PlateNumber> near_plates = {};
};

/// The gate's surroundings at the moment of a decision.
struct DecisionBasis {
    Now now;
    bool link_up = false;
    std::chrono::milliseconds clock_band{};  ///< error band of the wall clock
    /// As its expiry and timestamp have it; its age makes it staler, never fresher. No matter without a ruleset.
    DocumentState ruleset_state = DocumentState::unknown;
    std::int64_t ruleset_age_s = 0;  ///< since central last said that this is the newest
};

}  // namespace portcullis
