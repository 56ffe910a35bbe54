#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/enum_text.hpp"
#include "core/time.hpp"
#include "core/vocabulary.hpp"

namespace portcullis {

/// What one predicate of a rule looks at (design.md 4, facts that a rule can name). Each is one function and one row of
/// supervision's predicate table, and one line of docs/glossary.md.
enum class PredicateKind : std::uint8_t {
    way,               ///< of the lane; `texts`
    movement,          ///< `texts`
    load,              ///< `texts`
    hs,                ///< goods codes; `texts` are prefixes of 2 to 10 digits
    origin,            ///< ISO 3166 alpha-2; `texts`
    origin_region,     ///< ISO 3166-2; `texts`
    last_port,         ///< UN/LOCODE; `texts` are a country (two letters) or a port (five)
    enterprise,        ///< `texts`
    enterprise_class,  ///< after `classes.unknown` has spoken; `texts`
    container_prefix,  ///< owner code and category; `texts` are prefixes of 1 to 4 letters
    size_type,         ///< ISO 6346 size and type; `texts` are prefixes of 1 to 4 characters
    fullness,          ///< `texts`
    reefer,            ///< `texts`: yes, no
    wood,              ///< packaging; `texts`: yes, no
    ippc,              ///< mark of ISPM 15; `texts`: yes, no
    imdg,              ///< dangerous goods class; `texts` are prefixes of it (`1` takes 1.4)
    plate,             ///< any plate read; `texts`
    plate_province,    ///< of the tractor; `texts` are the province's character
    seal,              ///< `texts`: SealState
    gross_kg,          ///< declared; at_least, at_most
    weight_delta,      ///< measured goods less declared beyond the ruleset's tolerance; `texts`: yes, no
    radiation,         ///< `texts`: RadiationState
    time_window,       ///< minutes of the gate's day: from at_least to before at_most, over midnight when it is smaller
    gate,              ///< `texts`
    lane,              ///< `texts`
    repeat_visits,     ///< of the plate within `within`; at_least, at_most
    boxes_inside,      ///< laden boxes that came in and have not left, of this enterprise; at_least, at_most
    dwell_hours,       ///< of this box inside the terminal; at_least, at_most
    left_already,      ///< the box left and never came back; `texts`: yes, no
    plate_elsewhere,   ///< the plate was seen in another lane within `within`; `texts`: yes, no
    sampling,          ///< `texts`: SamplingOutcome
    zone_result,       ///< `texts`: ZoneResultState
    attribute,         ///< a declared attribute of the order by `name` (`radiation_cert`, `consignee`, …); `texts`
    date,              ///< a declared date of the order by `name`, or `passage`; from, to: both included
};
template <>
inline constexpr auto enum_texts<PredicateKind> = std::to_array<EnumText<PredicateKind>>({
    {PredicateKind::way, "way"},
    {PredicateKind::movement, "movement"},
    {PredicateKind::load, "load"},
    {PredicateKind::hs, "hs"},
    {PredicateKind::origin, "origin"},
    {PredicateKind::origin_region, "origin_region"},
    {PredicateKind::last_port, "last_port"},
    {PredicateKind::enterprise, "enterprise"},
    {PredicateKind::enterprise_class, "enterprise_class"},
    {PredicateKind::container_prefix, "container_prefix"},
    {PredicateKind::size_type, "size_type"},
    {PredicateKind::fullness, "fullness"},
    {PredicateKind::reefer, "reefer"},
    {PredicateKind::wood, "wood"},
    {PredicateKind::ippc, "ippc"},
    {PredicateKind::imdg, "imdg"},
    {PredicateKind::plate, "plate"},
    {PredicateKind::plate_province, "plate_province"},
    {PredicateKind::seal, "seal"},
    {PredicateKind::gross_kg, "gross_kg"},
    {PredicateKind::weight_delta, "weight_delta"},
    {PredicateKind::radiation, "radiation"},
    {PredicateKind::time_window, "time_window"},
    {PredicateKind::gate, "gate"},
    {PredicateKind::lane, "lane"},
    {PredicateKind::repeat_visits, "repeat_visits"},
    {PredicateKind::boxes_inside, "boxes_inside"},
    {PredicateKind::dwell_hours, "dwell_hours"},
    {PredicateKind::left_already, "left_already"},
    {PredicateKind::plate_elsewhere, "plate_elsewhere"},
    {PredicateKind::sampling, "sampling"},
    {PredicateKind::zone_result, "zone_result"},
    {PredicateKind::attribute, "attribute"},
    {PredicateKind::date, "date"},
});

/// One predicate with its arguments; which of them its kind reads is said there.
struct Predicate {
    PredicateKind kind = PredicateKind::way;
    std::vector<std::string> texts;  ///< true when the fact is one of these; sorted
    std::optional<std::int64_t> at_least;
    std::optional<std::int64_t> at_most;
    std::optional<std::chrono::hours> within;
    std::optional<WallTime> from;
    std::optional<WallTime> to;
    std::string name;
    friend bool operator==(const Predicate&, const Predicate&) = default;
};

/// How the parts of a condition are joined. Kleene: in `all`, false wins over unknown; in `any`, true does; not unknown
/// is unknown.
enum class Join : std::uint8_t { predicate, all, any, negation };

/// One node of a condition's tree, written in prefix order: a join is followed by its `parts` subtrees.
struct ConditionNode {
    Join join = Join::all;
    std::uint32_t parts = 0;      ///< all, any: how many subtrees follow; negation: 1
    std::uint32_t predicate = 0;  ///< place among the rule's predicates
    friend bool operator==(const ConditionNode&, const ConditionNode&) = default;
};

/// What a rule whose condition is unknown does: its own choice, but never a release that would not be without it.
enum class UnknownOutcome : std::uint8_t { note, inspect, hold };
template <>
inline constexpr auto enum_texts<UnknownOutcome> = std::to_array<EnumText<UnknownOutcome>>({
    {UnknownOutcome::note, "note"},
    {UnknownOutcome::inspect, "inspect"},
    {UnknownOutcome::hold, "hold"},
});

/// A quantified supervision rule: predicates over passage and declaration, an outcome, a basis.
struct Rule {
    std::string id;
    std::string title;
    std::string basis;                ///< the notice that it follows, as an inspector would quote it
    std::vector<Movement> movements;  ///< applies to these; empty: to all
    std::vector<Predicate> predicates;
    std::vector<ConditionNode> condition;           ///< prefix order; the first is the root
    VerdictOutcome outcome = VerdictOutcome::hold;  ///< inspect or hold
    UnknownOutcome unknown = UnknownOutcome::hold;
    /// Of an `inspect`: the share of matching boxes that it takes, by the same draw as sampling.
    std::int64_t rate_ppm = 1'000'000;
    std::optional<std::string> zone;
    std::vector<std::string> methods;
    std::optional<WallTime> valid_from;  ///< both included; outside of them the rule is noted and not evaluated
    std::optional<WallTime> valid_to;
    bool answered_by_result = true;  ///< a zone result `pass` may answer it
    friend bool operator==(const Rule&, const Rule&) = default;
};

}  // namespace portcullis
