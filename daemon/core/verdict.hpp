#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/enum_text.hpp"
#include "core/facts.hpp"
#include "core/ids.hpp"
#include "core/measures.hpp"
#include "core/order.hpp"
#include "core/reading_repair.hpp"
#include "core/reason_code.hpp"
#include "core/vocabulary.hpp"
#include "core/weight.hpp"

namespace portcullis {

/// One reason; all that match are kept, in a stable order.
struct Reason {
    ReasonCode code = ReasonCode::order_missing;
    ReasonKind kind = ReasonKind::policy;
    std::optional<Authority> authority;
    std::optional<std::string> id;  ///< of the order, consent, condition, rule or zone result; of a draw its box
    Tristate result = Tristate::yes;
    VerdictOutcome outcome = VerdictOutcome::hold;
    friend bool operator==(const Reason&, const Reason&) = default;
};

/// `given`, `refused` or `missing`.
enum class ConsentState : std::uint8_t { given, refused, missing };
template <>
inline constexpr auto enum_texts<ConsentState> = std::to_array<EnumText<ConsentState>>({
    {ConsentState::given, "given"},
    {ConsentState::refused, "refused"},
    {ConsentState::missing, "missing"},
});

struct Consent {
    Authority authority;
    ConsentState state = ConsentState::missing;
    friend bool operator==(const Consent&, const Consent&) = default;
};

struct ConditionResult {
    std::string kind;
    Tristate state = Tristate::unknown;
};

/// A place that a release would take: reserved with the permission's transaction.
struct UsageClaim {
    UsageKey key;
    int uses = 1;
    int place = 1;  ///< as Usage: the second box of a vehicle on one order takes the second
    friend bool operator==(const UsageClaim&, const UsageClaim&) = default;
};

/// Whether anybody's order speaks of a box. Every box that a gate sees is one of these (coverage.hour).
enum class BoxCoverage : std::uint8_t {
    matched,         ///< an order was found for it, whatever it says
    unmatched,       ///< none was, and one is wanted; or nobody could look
    no_order_needed  ///< none was, and the policy wants none
};
template <>
inline constexpr auto enum_texts<BoxCoverage> = std::to_array<EnumText<BoxCoverage>>({
    {BoxCoverage::matched, "matched"},
    {BoxCoverage::unmatched, "unmatched"},
    {BoxCoverage::no_order_needed, "no_order_needed"},
});

/// What the ruleset made of one box, or of a vehicle without boxes (no `container`).
struct BoxVerdict {
    std::optional<ContainerNumber> container;
    Movement movement = Movement::unknown;
    BoxCoverage coverage = BoxCoverage::unmatched;
    std::vector<std::string> declarations;
    std::optional<std::string> enterprise;
    std::optional<std::string> enterprise_class;  ///< after `classes.unknown` has spoken
    std::optional<WallTime> class_since;          ///< where the ruleset names the enterprise
    Tristate eligible = Tristate::unknown;        ///< for sampling: whether it has a declaration
    std::optional<std::string> goods_group;       ///< that gave the rate
    std::int64_t rate_ppm = 0;
    SamplingOutcome sampling = SamplingOutcome::not_eligible;
    std::optional<DrawBasis> draw = {};  ///< put in by the gate, which drew
    SealState seal = SealState::unknown;
    std::optional<std::string> zone_result;  ///< id of its newest
    /// What the result answers in this verdict, once: to be remembered with the permission that rests on it.
    std::vector<std::string> answered;
    friend bool operator==(const BoxVerdict&, const BoxVerdict&) = default;
};

/// A rule that gave no reason and is told all the same.
struct RuleNote {
    enum class Why : std::uint8_t {
        not_in_force,  ///< outside valid_from and valid_to: not evaluated
        unknown        ///< its condition is unknown, and the rule itself says to note that
    };
    std::string rule;
    Why why = Why::unknown;
    friend bool operator==(const RuleNote&, const RuleNote&) = default;
};
template <>
inline constexpr auto enum_texts<RuleNote::Why> = std::to_array<EnumText<RuleNote::Why>>({
    {RuleNote::Why::not_in_force, "not_in_force"},
    {RuleNote::Why::unknown, "unknown"},
});

/// What the ruleset that waits for its time would have decided. It never acts.
struct ShadowVerdict {
    std::int64_t ruleset_version = 0;
    VerdictOutcome outcome = VerdictOutcome::hold;
    std::vector<ReasonCode> reasons;  ///< those that the verdict does not have, each once
    friend bool operator==(const ShadowVerdict&, const ShadowVerdict&) = default;
};

/// The gate's decision about a passage, with everything that it rests on (events.md, verdict.issued).
struct Verdict {
    VerdictOutcome outcome = VerdictOutcome::hold;
    Movement movement = Movement::unknown;
    std::vector<Reason> reasons;
    std::vector<std::string> missing;  ///< facts that would have been needed
    std::vector<Consent> consents;
    std::vector<ConditionResult> conditions;
    std::vector<FoundOrder> orders;  ///< every order that was looked at
    std::vector<UsageClaim> claims;  ///< only with outcome release
    std::vector<Usage> pass_places;  ///< of the pass that it rests on, those that others have
    PlateOnOrder plate_on_order = PlateOnOrder::unknown;
    std::optional<std::string> zone;
    std::vector<std::string> methods;
    std::vector<BoxVerdict> boxes;
    std::vector<RuleNote> notes;  ///< in the ruleset's order
    RadiationState radiation = RadiationState::not_monitored;
    std::optional<std::int64_t> weight_delta_kg;  ///< weighed less declared, where both are known
    VehicleTare vehicle_tare;                     ///< that the weight was judged with
    // basis (events.md, basis block)
    std::int64_t ruleset_version = 0;
    DocumentState ruleset_state = DocumentState::unknown;
    std::int64_t ruleset_age_s = 0;
    std::int64_t order_cursor = 0;
    DocumentState orders_state = DocumentState::unknown;
    std::int64_t orders_age_s = 0;
    bool link_up = false;
    std::chrono::milliseconds clock_band{};
    std::chrono::microseconds evaluation{};    ///< put in by the gate: pure logic has no clock
    std::optional<ShadowVerdict> shadow = {};  ///< put in by the gate
    /// Put in by the gate: readings with a defect that may stand for a valid number, and what was made of each.
    std::vector<ReadingRepair> repairs = {};
    /// Put in by the gate: all that it rests on beside the ruleset, as docs/central/facts.schema.json has it.
    std::string facts;
};

}  // namespace portcullis
