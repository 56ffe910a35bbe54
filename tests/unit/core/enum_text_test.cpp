#include "core/enum_text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "core/command.hpp"
#include "core/container_number.hpp"
#include "core/documents.hpp"
#include "core/evidence_class.hpp"
#include "core/facts.hpp"
#include "core/history.hpp"
#include "core/measures.hpp"
#include "core/observation.hpp"
#include "core/order.hpp"
#include "core/passes.hpp"
#include "core/plate_number.hpp"
#include "core/point.hpp"
#include "core/policy.hpp"
#include "core/radiation.hpp"
#include "core/reading_repair.hpp"
#include "core/reason_code.hpp"
#include "core/role.hpp"
#include "core/rule.hpp"
#include "core/ruleset.hpp"
#include "core/sign.hpp"
#include "core/time.hpp"
#include "core/vehicles.hpp"
#include "core/verdict.hpp"
#include "core/vocabulary.hpp"
#include "core/weight.hpp"
#include "tests/support/catch.hpp"

namespace portcullis {
namespace {

/// How the compiler writes `Value`: an enumerator by its name, any other value as a cast, `(Enum)7`.
template <auto Value>
constexpr std::string_view spelling() {
    return __PRETTY_FUNCTION__;
}

template <class Enum, std::size_t Number>
constexpr bool is_enumerator() {
    constexpr auto text = spelling<static_cast<Enum>(Number)>();
    const auto value = text.substr(text.find("Value = ") + 8);
    return value.front() != '(';
}

template <class Enum, std::size_t... Numbers>
constexpr std::size_t count_enumerators(std::index_sequence<Numbers...> /*numbers*/) {
    return (std::size_t{0} + ... + (is_enumerator<Enum, Numbers>() ? 1U : 0U));
}

constexpr std::size_t most_enumerators = 100;

template <class Enum>
constexpr bool every_value_has_one_row() {
    if (count_enumerators<Enum>(std::make_index_sequence<most_enumerators>{}) != enum_texts<Enum>.size()) {
        return false;
    }
    return std::ranges::all_of(enum_texts<Enum>, [](const EnumText<Enum>& row) {
        return std::ranges::count(enum_texts<Enum>, row.value, &EnumText<Enum>::value) == 1;
    });
}

template <class Enum>
constexpr bool every_text_is_one_word() {
    return std::ranges::all_of(enum_texts<Enum>, [](const EnumText<Enum>& row) {
        return !row.text.empty() && std::ranges::count(enum_texts<Enum>, row.text, &EnumText<Enum>::text) == 1 &&
               row.text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos &&
               enum_from<Enum>(text_of(row.value)) == row.value;
    });
}

template <class... Enums>
struct Vocabulary {
    static constexpr std::size_t size = sizeof...(Enums);
    static_assert((every_value_has_one_row<Enums>() && ...));
    static_assert((every_text_is_one_word<Enums>() && ...));
};

using CoreVocabulary =
    Vocabulary<ArmClose, ArmCommand, ArmControl, ArmMoveCause, ArmOnPower, ArmPosition, BoxCoverage, BoxPlace,
               Certainty, ClockState, ConsentState, ContainerDefect, DeviceState, Direction, DocumentKind,
               DocumentState, Draw, EvidenceClass, Face, Fullness, Identity, LaneMode, LaneWay, LiftedBy, LightColour,
               LightHead, Load, LoadPolicy, LoadPosition, LoadSource, MassBasis, Movement, OccupancyState, OnHold,
               OnInspect, Origin, OutputAct, OutputSense, PassKind, PassageOutcome, PassageState, PlateDefect,
               PlateKind, PlateOnOrder, PredicateKind, Presence, RadiationLevel, RadiationState, ReadingKind,
               ReasonCode, ReasonKind, ReleaseStatus, RepairCause, Role, Route, RuleNote::Why, SafeOutput,
               SamplingOutcome, SealState, SignColour, SignText, Signal, StalenessRow::Document, TareCovers, TareSource,
               TargetingAction, ToleranceChoice, Tristate, UnknownOutcome, UsageEvidence, UsageState, VerdictOutcome,
               Visibility, Way, WeightState, WireOpen, WithoutOrder, WriteOutcome, ZoneResultState>;

enum class Broken : std::uint8_t { one, two, three };

}  // namespace

template <>
inline constexpr auto enum_texts<Broken> = std::to_array<EnumText<Broken>>({{Broken::one, "same"},
                                                                            {Broken::two, "same"}});

TEST_CASE("the check of the tables sees a missing row and a repeated word") {
    CHECK_FALSE(every_value_has_one_row<Broken>());
    CHECK_FALSE(every_text_is_one_word<Broken>());
}

TEST_CASE("every table of words in core is one that these tests check") {
    std::size_t tables = 0;
    for (const auto& entry : std::filesystem::directory_iterator{"daemon/core"}) {
        std::ifstream file{entry.path()};
        const std::string text{std::istreambuf_iterator<char>{file}, {}};
        constexpr std::string_view mark = "inline constexpr auto enum_texts<";
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
            ++tables;
        }
    }
    CHECK(tables == CoreVocabulary::size);
}

TEST_CASE("an enum value and its word lead to each other") {
    CHECK(text_of(ClockState::holdover) == "holdover");
    CHECK(enum_from<ClockState>("holdover") == ClockState::holdover);
}

TEST_CASE("a word that is not written exactly is no value") {
    CHECK_FALSE(enum_from<ClockState>("Holdover"));
    CHECK_FALSE(enum_from<ClockState>(""));
}

}  // namespace portcullis
