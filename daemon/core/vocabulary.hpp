#pragma once

#include <array>
#include <cstdint>

#include "core/enum_text.hpp"

namespace portcullis {

/// The physical way through a lane, never the trade direction.
enum class Way : std::uint8_t { in, out, unknown };
template <>
inline constexpr auto enum_texts<Way> = std::to_array<EnumText<Way>>({
    {Way::in, "in"},
    {Way::out, "out"},
    {Way::unknown, "unknown"},
});

/// What a lane's setting says.
enum class LaneWay : std::uint8_t { in, out };
template <>
inline constexpr auto enum_texts<LaneWay> = std::to_array<EnumText<LaneWay>>({
    {LaneWay::in, "in"},
    {LaneWay::out, "out"},
});

/// What a vehicle's load is doing (design.md 1).
enum class Movement : std::uint8_t {
    import_laden,
    export_laden,
    empty_in,
    empty_out,
    domestic,
    transhipment,
    withdrawn_export,
    no_box,
    unknown
};
template <>
inline constexpr auto enum_texts<Movement> = std::to_array<EnumText<Movement>>({
    {Movement::import_laden, "import_laden"},
    {Movement::export_laden, "export_laden"},
    {Movement::empty_in, "empty_in"},
    {Movement::empty_out, "empty_out"},
    {Movement::domestic, "domestic"},
    {Movement::transhipment, "transhipment"},
    {Movement::withdrawn_export, "withdrawn_export"},
    {Movement::no_box, "no_box"},
    {Movement::unknown, "unknown"},
});

/// The boxes on the vehicle; a fact of its own with its own source. Silence of a reader is not `none`.
enum class Load : std::uint8_t { none, one_20, one_40, two_20, unknown };
template <>
inline constexpr auto enum_texts<Load> = std::to_array<EnumText<Load>>({
    {Load::none, "none"},
    {Load::one_20, "one_20"},
    {Load::one_40, "one_40"},
    {Load::two_20, "two_20"},
    {Load::unknown, "unknown"},
});

/// Where a single 20 ft box stands.
enum class LoadPosition : std::uint8_t { fore, mid, aft, not_applicable };
template <>
inline constexpr auto enum_texts<LoadPosition> = std::to_array<EnumText<LoadPosition>>({
    {LoadPosition::fore, "fore"},
    {LoadPosition::mid, "mid"},
    {LoadPosition::aft, "aft"},
    {LoadPosition::not_applicable, "not_applicable"},
});

/// Who says what the load is.
enum class LoadSource : std::uint8_t { profile_beams, line_scanner, two_readers, person, trust_readers, none };
template <>
inline constexpr auto enum_texts<LoadSource> = std::to_array<EnumText<LoadSource>>({
    {LoadSource::profile_beams, "profile_beams"},
    {LoadSource::line_scanner, "line_scanner"},
    {LoadSource::two_readers, "two_readers"},
    {LoadSource::person, "person"},
    {LoadSource::trust_readers, "trust_readers"},
    {LoadSource::none, "none"},
});

/// Of a box, as declared or as proved by `empty_seen`.
enum class Fullness : std::uint8_t { full, empty, unknown };
template <>
inline constexpr auto enum_texts<Fullness> = std::to_array<EnumText<Fullness>>({
    {Fullness::full, "full"},
    {Fullness::empty, "empty"},
    {Fullness::unknown, "unknown"},
});

/// events.md, lane block.
enum class LaneMode : std::uint8_t {
    automatic,
    manual,
    maintenance,
    test,
    emergency,
    closed,
    recovering,
    out_of_service
};
template <>
inline constexpr auto enum_texts<LaneMode> = std::to_array<EnumText<LaneMode>>({
    {LaneMode::automatic, "automatic"},
    {LaneMode::manual, "manual"},
    {LaneMode::maintenance, "maintenance"},
    {LaneMode::test, "test"},
    {LaneMode::emergency, "emergency"},
    {LaneMode::closed, "closed"},
    {LaneMode::recovering, "recovering"},
    {LaneMode::out_of_service, "out_of_service"},
});

/// design.md 3: the states of a passage.
enum class PassageState : std::uint8_t {
    arriving,
    identifying,
    deciding,
    permitted,
    referred,
    diverted,
    refused,
    passing,
    ended
};
template <>
inline constexpr auto enum_texts<PassageState> = std::to_array<EnumText<PassageState>>({
    {PassageState::arriving, "arriving"},
    {PassageState::identifying, "identifying"},
    {PassageState::deciding, "deciding"},
    {PassageState::permitted, "permitted"},
    {PassageState::referred, "referred"},
    {PassageState::diverted, "diverted"},
    {PassageState::refused, "refused"},
    {PassageState::passing, "passing"},
    {PassageState::ended, "ended"},
});

/// How a passage ended; each has exactly one.
enum class PassageOutcome : std::uint8_t {
    cleared,
    turned_away,
    backed_out,
    diverted,
    abandoned,
    interrupted,
    merged,
    voided
};
template <>
inline constexpr auto enum_texts<PassageOutcome> = std::to_array<EnumText<PassageOutcome>>({
    {PassageOutcome::cleared, "cleared"},
    {PassageOutcome::turned_away, "turned_away"},
    {PassageOutcome::backed_out, "backed_out"},
    {PassageOutcome::diverted, "diverted"},
    {PassageOutcome::abandoned, "abandoned"},
    {PassageOutcome::interrupted, "interrupted"},
    {PassageOutcome::merged, "merged"},
    {PassageOutcome::voided, "void"},
});

/// What made a passage begin.
enum class Origin : std::uint8_t { arrival, detected_late, tailgate, wrong_way, restart, standing_permission };
template <>
inline constexpr auto enum_texts<Origin> = std::to_array<EnumText<Origin>>({
    {Origin::arrival, "arrival"},
    {Origin::detected_late, "detected_late"},
    {Origin::tailgate, "tailgate"},
    {Origin::wrong_way, "wrong_way"},
    {Origin::restart, "restart"},
    {Origin::standing_permission, "standing_permission"},
});

/// In rising order of force: hold over inspect over release.
enum class VerdictOutcome : std::uint8_t { release, inspect, hold };
template <>
inline constexpr auto enum_texts<VerdictOutcome> = std::to_array<EnumText<VerdictOutcome>>({
    {VerdictOutcome::release, "release"},
    {VerdictOutcome::inspect, "inspect"},
    {VerdictOutcome::hold, "hold"},
});

/// Where the vehicle goes after the verdict.
enum class Route : std::uint8_t { open, divert, wait, turn_back };
template <>
inline constexpr auto enum_texts<Route> = std::to_array<EnumText<Route>>({
    {Route::open, "open"},
    {Route::divert, "divert"},
    {Route::wait, "wait"},
    {Route::turn_back, "turn_back"},
});

/// Kleene's three values: unknown never releases.
enum class Tristate : std::uint8_t { yes, no, unknown };
template <>
inline constexpr auto enum_texts<Tristate> = std::to_array<EnumText<Tristate>>({
    {Tristate::yes, "yes"},
    {Tristate::no, "no"},
    {Tristate::unknown, "unknown"},
});

/// Whether the read plate is one that the order permits.
enum class PlateOnOrder : std::uint8_t { yes, no, not_constrained, unknown };
template <>
inline constexpr auto enum_texts<PlateOnOrder> = std::to_array<EnumText<PlateOnOrder>>({
    {PlateOnOrder::yes, "yes"},
    {PlateOnOrder::no, "no"},
    {PlateOnOrder::not_constrained, "not_constrained"},
    {PlateOnOrder::unknown, "unknown"},
});

/// How sure a tailgate, wrong way or back-out is.
enum class Certainty : std::uint8_t { sure, uncertain };
template <>
inline constexpr auto enum_texts<Certainty> = std::to_array<EnumText<Certainty>>({
    {Certainty::sure, "sure"},
    {Certainty::uncertain, "uncertain"},
});

/// How the barrier board wants its open contact (lane setting, mandatory).
enum class ArmControl : std::uint8_t { pulse, maintained };
template <>
inline constexpr auto enum_texts<ArmControl> = std::to_array<EnumText<ArmControl>>({
    {ArmControl::pulse, "pulse"},
    {ArmControl::maintained, "maintained"},
});

/// Who closes the arm (lane setting, mandatory). With board_* the daemon never sends a close.
enum class ArmClose : std::uint8_t { board_on_clear, board_timer, daemon_request };
template <>
inline constexpr auto enum_texts<ArmClose> = std::to_array<EnumText<ArmClose>>({
    {ArmClose::board_on_clear, "board_on_clear"},
    {ArmClose::board_timer, "board_timer"},
    {ArmClose::daemon_request, "daemon_request"},
});

/// What the arm does when its power goes or returns.
enum class ArmOnPower : std::uint8_t { up, down, stays };
template <>
inline constexpr auto enum_texts<ArmOnPower> = std::to_array<EnumText<ArmOnPower>>({
    {ArmOnPower::up, "up"},
    {ArmOnPower::down, "down"},
    {ArmOnPower::stays, "stays"},
});

/// Lane setting.
enum class OnInspect : std::uint8_t { open, divert, wait_escort, turn_back };
template <>
inline constexpr auto enum_texts<OnInspect> = std::to_array<EnumText<OnInspect>>({
    {OnInspect::open, "open"},
    {OnInspect::divert, "divert"},
    {OnInspect::wait_escort, "wait_escort"},
    {OnInspect::turn_back, "turn_back"},
});

/// Lane setting.
enum class OnHold : std::uint8_t { wait_person, divert, turn_back };
template <>
inline constexpr auto enum_texts<OnHold> = std::to_array<EnumText<OnHold>>({
    {OnHold::wait_person, "wait_person"},
    {OnHold::divert, "divert"},
    {OnHold::turn_back, "turn_back"},
});

/// Lane setting `load`: who is believed about the boxes on a vehicle.
enum class LoadPolicy : std::uint8_t { beams, trust_readers, line_scanner, two_readers };
template <>
inline constexpr auto enum_texts<LoadPolicy> = std::to_array<EnumText<LoadPolicy>>({
    {LoadPolicy::beams, "beams"},
    {LoadPolicy::trust_readers, "trust_readers"},
    {LoadPolicy::line_scanner, "line_scanner"},
    {LoadPolicy::two_readers, "two_readers"},
});

/// What a lane's `requires` may name.
enum class Identity : std::uint8_t { plate, container, radiation };
template <>
inline constexpr auto enum_texts<Identity> = std::to_array<EnumText<Identity>>({
    {Identity::plate, "plate"},
    {Identity::container, "container"},
    {Identity::radiation, "radiation"},
});

/// light_lane stands before the stop line, light_go at the arm.
enum class LightHead : std::uint8_t { light_lane, light_go };
template <>
inline constexpr auto enum_texts<LightHead> = std::to_array<EnumText<LightHead>>({
    {LightHead::light_lane, "light_lane"},
    {LightHead::light_go, "light_go"},
});

/// What a head shows.
enum class LightColour : std::uint8_t { red, green, off };
template <>
inline constexpr auto enum_texts<LightColour> = std::to_array<EnumText<LightColour>>({
    {LightColour::red, "red"},
    {LightColour::green, "green"},
    {LightColour::off, "off"},
});

/// From the two limit switches.
enum class ArmPosition : std::uint8_t { up, down, moving, contradict, unknown };
template <>
inline constexpr auto enum_texts<ArmPosition> = std::to_array<EnumText<ArmPosition>>({
    {ArmPosition::up, "up"},
    {ArmPosition::down, "down"},
    {ArmPosition::moving, "moving"},
    {ArmPosition::contradict, "contradict"},
    {ArmPosition::unknown, "unknown"},
});

/// Why the arm moved (design.md 3).
enum class ArmMoveCause : std::uint8_t {
    commanded,
    reversal,
    board_auto,
    key_switch,
    emergency,
    power_return,
    forced,
    broken_off,
    unknown
};
template <>
inline constexpr auto enum_texts<ArmMoveCause> = std::to_array<EnumText<ArmMoveCause>>({
    {ArmMoveCause::commanded, "commanded"},
    {ArmMoveCause::reversal, "reversal"},
    {ArmMoveCause::board_auto, "board_auto"},
    {ArmMoveCause::key_switch, "key_switch"},
    {ArmMoveCause::emergency, "emergency"},
    {ArmMoveCause::power_return, "power_return"},
    {ArmMoveCause::forced, "forced"},
    {ArmMoveCause::broken_off, "broken_off"},
    {ArmMoveCause::unknown, "unknown"},
});

/// Of a vehicle under the arm. Unknown counts as occupied for the Interlock.
enum class Presence : std::uint8_t { clear, occupied, unknown };
template <>
inline constexpr auto enum_texts<Presence> = std::to_array<EnumText<Presence>>({
    {Presence::clear, "clear"},
    {Presence::occupied, "occupied"},
    {Presence::unknown, "unknown"},
});

/// Of one place of an order (design.md 3, usage).
enum class UsageState : std::uint8_t { free, reserved, used };
template <>
inline constexpr auto enum_texts<UsageState> = std::to_array<EnumText<UsageState>>({
    {UsageState::free, "free"},
    {UsageState::reserved, "reserved"},
    {UsageState::used, "used"},
});

/// What proves a change of usage.
enum class UsageEvidence : std::uint8_t { exit_sequence, cannot_exclude, backed_proof, person };
template <>
inline constexpr auto enum_texts<UsageEvidence> = std::to_array<EnumText<UsageEvidence>>({
    {UsageEvidence::exit_sequence, "exit_sequence"},
    {UsageEvidence::cannot_exclude, "cannot_exclude"},
    {UsageEvidence::backed_proof, "backed_proof"},
    {UsageEvidence::person, "person"},
});

}  // namespace portcullis
