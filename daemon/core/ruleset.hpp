#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/enum_text.hpp"
#include "core/facts.hpp"
#include "core/hash256.hpp"
#include "core/ids.hpp"
#include "core/policy.hpp"
#include "core/rule.hpp"
#include "core/time.hpp"
#include "core/vocabulary.hpp"

namespace portcullis {

/// The class of one enterprise (分类), and since when.
struct EnterpriseClass {
    std::string enterprise_class;
    std::optional<WallTime> since;
    friend bool operator==(const EnterpriseClass&, const EnterpriseClass&) = default;
};

/// Differentiated supervision. What is listed here wins over the class that an order names.
struct EnterpriseClasses {
    std::vector<std::string> names;  ///< from the most to the least trusted: AA, A, B, C, D
    std::string unknown;             ///< the class of an enterprise that is not known
    std::map<std::string, EnterpriseClass, std::less<>> enterprises;
    friend bool operator==(const EnterpriseClasses&, const EnterpriseClasses&) = default;
};

/// A row of the sampling table; an absent member matches anything, the first match wins, no row draws nothing.
struct SamplingRate {
    std::optional<std::string> enterprise_class;
    std::optional<std::string> goods_group;
    std::optional<Movement> movement;
    std::int64_t rate_ppm = 0;
    friend bool operator==(const SamplingRate&, const SamplingRate&) = default;
};

/// The key of one period, committed before it begins and revealed after it ended.
struct SamplingKey {
    std::string id;
    std::string gate;      ///< keys are per gate
    Hash256 commitment{};  ///< SHA-256 of the key
    WallTime from;
    WallTime to;  ///< not included
    friend bool operator==(const SamplingKey&, const SamplingKey&) = default;
};

/// Which share of the declarations is drawn (抽检). `goods_groups`: prefixes of HS codes by name, first match wins.
struct Sampling {
    std::vector<SamplingRate> rates;
    std::vector<std::pair<std::string, std::vector<std::string>>> goods_groups;
    std::vector<SamplingKey> keys;
    /// Of a drawn declaration, the share of its boxes that is inspected; each box by a number of its own.
    std::int64_t boxes_ppm = 1'000'000;
    std::optional<std::string> zone;
    std::vector<std::string> methods;
    friend bool operator==(const Sampling&, const Sampling&) = default;
};

/// A named inspection zone (监管区).
struct Zone {
    std::string id;
    std::string title;
    std::vector<std::string> methods;          ///< what it can do; empty: anything
    std::chrono::seconds arrive_within{1800};  ///< later is `zone.overdue`
    friend bool operator==(const Zone&, const Zone&) = default;
};

/// The Chinese VGM rule says "5 % or 1 t", and readers differ on the larger or the smaller of the two: a parameter.
enum class ToleranceChoice : std::uint8_t { larger, smaller };
template <>
inline constexpr auto enum_texts<ToleranceChoice> = std::to_array<EnumText<ToleranceChoice>>({
    {ToleranceChoice::larger, "larger"},
    {ToleranceChoice::smaller, "smaller"},
});
struct WeightTolerance {
    std::int64_t permille = 50;
    std::int64_t kg = 1000;
    ToleranceChoice choice = ToleranceChoice::larger;
    friend bool operator==(const WeightTolerance&, const WeightTolerance&) = default;
};

/// What readings are worth (docs/fusion.md).
struct ReadingPolicy {
    std::int64_t confidence_at_least = 0;  ///< 0 to 100; of a number that one reader alone gave
    bool repair = false;                   ///< one confusable character (design.md 3)
    /// That gave a number, or a part of it: fewer are not believed.
    std::int64_t readers_at_least = 1;
    friend bool operator==(const ReadingPolicy&, const ReadingPolicy&) = default;
};

/// Until which age a document is fresh, ageing, stale; older is expired.
struct AgeLimits {
    std::chrono::seconds fresh{};
    std::chrono::seconds ageing{};
    std::chrono::seconds stale{};
    friend bool operator==(const AgeLimits&, const AgeLimits&) = default;
};

/// What a state of a document still allows (design.md 4, age): the strictest outcome that a release may keep. An
/// absent member matches anything, the first match wins; no row: `fresh` and `ageing` release, all else holds.
struct StalenessRow {
    enum class Document : std::uint8_t { ruleset, orders };
    std::optional<Document> document;
    std::optional<DocumentState> state;
    std::optional<Movement> movement;
    std::optional<std::string> enterprise_class;
    VerdictOutcome allows = VerdictOutcome::hold;
    friend bool operator==(const StalenessRow&, const StalenessRow&) = default;
};
template <>
inline constexpr auto enum_texts<StalenessRow::Document> = std::to_array<EnumText<StalenessRow::Document>>({
    {StalenessRow::Document::ruleset, "ruleset"},
    {StalenessRow::Document::orders, "orders"},
});

struct Staleness {
    AgeLimits ruleset{std::chrono::hours{24}, std::chrono::hours{24 * 7}, std::chrono::hours{24 * 30}};
    AgeLimits orders{std::chrono::hours{1}, std::chrono::hours{4}, std::chrono::hours{24}};
    std::vector<StalenessRow> ladder;
    /// May an order that is not tied to one gate be released while no link says who else used it?
    bool shared_orders_without_link = false;
    friend bool operator==(const Staleness&, const Staleness&) = default;
};

/// 監管規則集: everything that decides, as one signed, versioned document. A gate that has none decides with the rows
/// of its `policy:` file: version 0, and no rule.
struct Ruleset {
    std::int64_t version = 0;
    std::string terminal;
    std::vector<std::string> gates;  ///< `*` = every gate of the terminal
    WallTime issued;
    std::optional<WallTime> effective;  ///< all gates switch then; nothing: at once
    std::optional<WallTime> expires;
    Policy policy;
    EnterpriseClasses classes;
    Sampling sampling;
    std::vector<Zone> zones;
    WeightTolerance weight;
    ReadingPolicy readings;
    Staleness staleness;
    std::vector<Rule> rules;  ///< reasons keep this order
    std::string oversight;    ///< canonical JSON, carried for oversight (a later issue)
    friend bool operator==(const Ruleset&, const Ruleset&) = default;
};

}  // namespace portcullis
