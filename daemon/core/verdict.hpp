#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/facts.hpp"
#include "core/ids.hpp"
#include "core/order.hpp"
#include "core/reason_code.hpp"
#include "core/vocabulary.hpp"

namespace portcullis {

/// One reason; all that match are kept, in a stable order.
struct Reason {
    ReasonCode code = ReasonCode::order_missing;
    ReasonKind kind = ReasonKind::policy;
    std::optional<Authority> authority;
    std::optional<std::string> id;  ///< of the order, consent or condition
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
    friend bool operator==(const UsageClaim&, const UsageClaim&) = default;
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
    PlateOnOrder plate_on_order = PlateOnOrder::unknown;
    std::optional<std::string> zone;
    std::vector<std::string> methods;
    // basis (events.md, basis block)
    std::int64_t ruleset_version = 0;
    DocumentState ruleset_state = DocumentState::unknown;
    std::int64_t order_cursor = 0;
    DocumentState orders_state = DocumentState::unknown;
    std::int64_t orders_age_s = 0;
    bool link_up = false;
    std::chrono::milliseconds clock_band{};
    std::chrono::microseconds evaluation{};  ///< put in by the gate: pure logic has no clock
};

}  // namespace portcullis
