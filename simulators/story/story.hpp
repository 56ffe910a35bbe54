#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/config_node.hpp"
#include "core/enum_text.hpp"
#include "core/vocabulary.hpp"

/// One truck's story as written in simulators/scenarios/*.yaml (contracts.md 7): what central has said, who drives
/// up, what goes wrong, and what must be on record at the end.
namespace portcullis::story {

/// A short form of one order operation.
struct GivenOrder {
    enum class Kind : std::uint8_t { release, movement, target, revoke };
    Kind kind = Kind::release;
    std::string container;
    std::string plate;                ///< empty = the order names none
    std::string status = "released";  ///< of a release
    std::string movement;             ///< empty = what the lane's way implies
    std::string valid = "today";      ///< `today`, `until yesterday`, `from tomorrow`
    std::string action = "inspect";   ///< of a targeting order
    std::string zone;
    std::vector<std::string> methods;
    bool once = false;                     ///< of a targeting order, as are these
    std::string lifted_by = "result";      ///< or `central`
    std::string visibility = "open";       ///< or `covert`
    std::optional<std::int64_t> gross_kg;  ///< of a release, as are these: what is declared
    std::string mass_basis = "goods";      ///< or `box`, `vehicle`
    std::optional<std::int64_t> box_tare_kg;
};

/// The weighing indicator of a lane, by how it talks.
enum class ScaleKind : std::uint8_t { none, toledo, sics, yaohua, registers };
}  // namespace portcullis::story
template <>
inline constexpr auto portcullis::enum_texts<portcullis::story::ScaleKind> =
    std::to_array<portcullis::EnumText<portcullis::story::ScaleKind>>({
        {portcullis::story::ScaleKind::none, "none"},
        {portcullis::story::ScaleKind::toledo, "toledo"},
        {portcullis::story::ScaleKind::sics, "sics"},
        {portcullis::story::ScaleKind::yaohua, "yaohua"},
        {portcullis::story::ScaleKind::registers, "registers"},
    });
namespace portcullis::story {

/// What is wrong with it.
enum class ScaleFault : std::uint8_t { none, silent, stuck, never_still, wrong_check, over, swapped_words };
}  // namespace portcullis::story
template <>
inline constexpr auto portcullis::enum_texts<portcullis::story::ScaleFault> =
    std::to_array<portcullis::EnumText<portcullis::story::ScaleFault>>({
        {portcullis::story::ScaleFault::none, "none"},
        {portcullis::story::ScaleFault::silent, "silent"},
        {portcullis::story::ScaleFault::stuck, "stuck"},
        {portcullis::story::ScaleFault::never_still, "never_still"},
        {portcullis::story::ScaleFault::wrong_check, "wrong_check"},
        {portcullis::story::ScaleFault::over, "over"},
        {portcullis::story::ScaleFault::swapped_words, "swapped_words"},
    });
namespace portcullis::story {

/// The radiation monitor of a lane, by how it talks.
enum class MonitorKind : std::uint8_t { none, lines, registers };
}  // namespace portcullis::story
template <>
inline constexpr auto portcullis::enum_texts<portcullis::story::MonitorKind> =
    std::to_array<portcullis::EnumText<portcullis::story::MonitorKind>>({
        {portcullis::story::MonitorKind::none, "none"},
        {portcullis::story::MonitorKind::lines, "lines"},
        {portcullis::story::MonitorKind::registers, "registers"},
    });
namespace portcullis::story {

/// What is wrong with it.
enum class MonitorFault : std::uint8_t { none, silent, loses_end, tamper, high_background, drops };
}  // namespace portcullis::story
template <>
inline constexpr auto portcullis::enum_texts<portcullis::story::MonitorFault> =
    std::to_array<portcullis::EnumText<portcullis::story::MonitorFault>>({
        {portcullis::story::MonitorFault::none, "none"},
        {portcullis::story::MonitorFault::silent, "silent"},
        {portcullis::story::MonitorFault::loses_end, "loses_end"},
        {portcullis::story::MonitorFault::tamper, "tamper"},
        {portcullis::story::MonitorFault::high_background, "high_background"},
        {portcullis::story::MonitorFault::drops, "drops"},
    });
namespace portcullis::story {

/// What a truck radiates.
enum class Radiation : std::uint8_t { no, suspect, high, neutron };
}  // namespace portcullis::story
template <>
inline constexpr auto portcullis::enum_texts<portcullis::story::Radiation> =
    std::to_array<portcullis::EnumText<portcullis::story::Radiation>>({
        {portcullis::story::Radiation::no, "no"},
        {portcullis::story::Radiation::suspect, "suspect"},
        {portcullis::story::Radiation::high, "high"},
        {portcullis::story::Radiation::neutron, "neutron"},
    });
namespace portcullis::story {

/// The lane that a story needs; several stories share lanes of the same kind.
struct LaneKind {
    Way way = Way::out;
    LoadPolicy load = LoadPolicy::trust_readers;
    OnInspect on_inspect = OnInspect::open;
    std::vector<std::string> container_readers{"container_rear"};
    bool empty_seen = false;
    bool rear_plate = false;                    ///< a reader looks at the plate behind, which is the trailer's
    bool seals = false;                         ///< a reader looks at the seals of the doors
    bool tags = false;                          ///< a reader of UHF tags looks at the line
    bool camera = false;                        ///< a camera looks at the front of who stands at the line
    bool sign = false;                          ///< a message sign stands at the line
    ScaleKind scale = ScaleKind::none;          ///< its bridge lies before the line
    MonitorKind radiation = MonitorKind::none;  ///< its beam lies before the loop
    bool portal = false;                        ///< which is a portal's, not the lane's
    bool needs_radiation = false;               ///< the lane requires it
    friend auto operator<=>(const LaneKind&, const LaneKind&) = default;
};

enum class Drives : std::uint8_t { obeys, behind_without_stopping, wrong_way, under_the_falling_arm };
}  // namespace portcullis::story
template <>
inline constexpr auto portcullis::enum_texts<portcullis::story::Drives> =
    std::to_array<portcullis::EnumText<portcullis::story::Drives>>({
        {portcullis::story::Drives::obeys, "obeys"},
        {portcullis::story::Drives::behind_without_stopping, "behind_without_stopping"},
        {portcullis::story::Drives::wrong_way, "wrong_way"},
        {portcullis::story::Drives::under_the_falling_arm, "under_the_falling_arm"},
    });
namespace portcullis::story {

struct Truck {
    std::string plate;
    std::string trailer;  ///< the plate behind, or empty
    std::vector<std::string> containers;
    std::vector<std::string> seals;  ///< on the doors of the last box: `CN777777`, or with its state `CN777777 T`
    std::vector<std::string> tags;   ///< UHF tags of tractor and trailer, in hex
    double length_m = 16.0;
    bool twenty_foot = false;
    bool empty = false;
    double gap_m = 3.0;
    std::int64_t gross_kg = 30'000;  ///< as it drives
    Radiation radiation = Radiation::no;
    Drives drives = Drives::obeys;
    std::optional<std::chrono::milliseconds> patience;  ///< then he gives up and backs out
    bool backs_out_on_green = false;
    bool after_previous_left = false;
};

/// How one reader misbehaves in this story.
struct ReaderFault {
    std::string role;
    int misses_first = 0;
    std::optional<std::string> reads;  ///< instead of what is painted
    bool silent = false;
};

enum class Does : std::uint8_t {
    stop,
    reverse,
    follow,
    broker_down,
    broker_up,
    device_offline,
    arm_stuck,
    open_limit_dead,
    closed_limit_stuck,
    kill_daemon,
    send_orders,
    import_table,
    zone_reads,
    zone_concludes,
    push_ruleset,
    forge_ruleset,
    push_passes,
    push_vehicles,
    scale_fault,
    device_fault
};

/// What a device on its line or its network may do wrong for a while.
enum class DeviceFault : std::uint8_t { late, wrong_unit, wrong_length, noise, stuck, flicker, reboot, swapped_words };
}  // namespace portcullis::story
template <>
inline constexpr auto portcullis::enum_texts<portcullis::story::DeviceFault> =
    std::to_array<portcullis::EnumText<portcullis::story::DeviceFault>>({
        {portcullis::story::DeviceFault::late, "late"},
        {portcullis::story::DeviceFault::wrong_unit, "wrong_unit"},
        {portcullis::story::DeviceFault::wrong_length, "wrong_length"},
        {portcullis::story::DeviceFault::noise, "noise"},
        {portcullis::story::DeviceFault::stuck, "stuck"},
        {portcullis::story::DeviceFault::flicker, "flicker"},
        {portcullis::story::DeviceFault::reboot, "reboot"},
        {portcullis::story::DeviceFault::swapped_words, "swapped_words"},
    });
template <>
inline constexpr auto portcullis::enum_texts<portcullis::story::Does> =
    std::to_array<portcullis::EnumText<portcullis::story::Does>>({
        {portcullis::story::Does::stop, "stop"},
        {portcullis::story::Does::reverse, "reverse"},
        {portcullis::story::Does::follow, "follow"},
        {portcullis::story::Does::broker_down, "broker_down"},
        {portcullis::story::Does::broker_up, "broker_up"},
        {portcullis::story::Does::device_offline, "device_offline"},
        {portcullis::story::Does::arm_stuck, "arm_stuck"},
        {portcullis::story::Does::open_limit_dead, "open_limit_dead"},
        {portcullis::story::Does::closed_limit_stuck, "closed_limit_stuck"},
        {portcullis::story::Does::kill_daemon, "kill_daemon"},
        {portcullis::story::Does::send_orders, "send_orders"},
        {portcullis::story::Does::import_table, "import_table"},
        {portcullis::story::Does::zone_reads, "zone_reads"},
        {portcullis::story::Does::zone_concludes, "zone_concludes"},
        {portcullis::story::Does::push_ruleset, "push_ruleset"},
        {portcullis::story::Does::forge_ruleset, "forge_ruleset"},
        {portcullis::story::Does::push_passes, "push_passes"},
        {portcullis::story::Does::push_vehicles, "push_vehicles"},
        {portcullis::story::Does::scale_fault, "scale_fault"},
        {portcullis::story::Does::device_fault, "device_fault"},
    });
namespace portcullis::story {

/// Something that happens, once, when the first truck's front is at a place or an event type has been seen.
struct Happening {
    std::optional<double> at_m;
    std::string when_event;
    Does what = Does::stop;
    std::chrono::milliseconds lasting{};
    std::string device;              ///< of device_offline and device_fault: a reader's role, or `io`
    double gap_m = 3.0;              ///< of follow: to the vehicle in front
    std::vector<GivenOrder> orders;  ///< of send_orders; of import_table the releases
    std::string container;           ///< of zone_reads and zone_concludes
    std::string result = "pass";     ///< of zone_concludes, as are the seals; it answers the targeting order
    std::vector<std::string> new_seals;
    std::int64_t version = 2;  ///< of push_ruleset and forge_ruleset; `lasting` is how long that ruleset lives
    std::string holds_plate;   ///< by a rule of it
    std::string suspects_to;   ///< a zone: whom the radiation monitor suspects is inspected there
    bool weighs = false;       ///< it inspects what weighs otherwise than declared, and holds what nobody weighed
    std::string plate;         ///< of push_passes and push_vehicles: who is on the list
    std::int64_t tare_kg = 0;  ///< of push_vehicles
    ScaleFault scale = ScaleFault::none;  ///< of scale_fault
    std::optional<DeviceFault> fault;     ///< of device_fault
};

/// What must be true of one truck's passage at the end.
struct Expectation {
    std::optional<VerdictOutcome> verdict;  ///< of its last verdict
    std::optional<std::int64_t> ruleset;    ///< the version that decided it, each time
    std::vector<std::string> reasons;       ///< all of these are among the last verdict's
    std::string arm;                        ///< `up once`, `never`, or empty
    std::string light;                      ///< at the arm: `green once`, `never green`, or empty
    std::optional<PassageOutcome> ends;
    std::vector<std::string> events;                      ///< an ordered subset of the passage's event types
    std::optional<std::vector<std::string>> orders_used;  ///< exactly these containers
};

/// An inspection zone with a reader of its own; boxes leave it through the story's lane.
struct GivenZone {
    std::string name;
    std::chrono::milliseconds arrive_within{};
};

struct Story {
    std::string name;  ///< the file's
    std::string title;
    std::string tells;
    LaneKind lane;
    bool alone = false;             ///< it stops things that other lanes need
    double pace = 1;                ///< how much faster its vehicles and its arm are than those of the other stories
    std::optional<GivenZone> zone;  ///< of a story that is alone
    bool rulesets = false;          ///< its gate believes a root and has a ruleset; with a zone it always does
    std::vector<GivenOrder> orders;
    std::vector<Truck> trucks;
    std::vector<ReaderFault> readers;
    ScaleFault scale = ScaleFault::none;           ///< of the lane's weighbridge, from the beginning
    MonitorFault monitor = MonitorFault::none;     ///< of the lane's radiation monitor, from the beginning
    std::chrono::milliseconds monitor_holds{400};  ///< an occupancy ends this long after its beam is free
    /// It sees what radiates this long after its beam is broken.
    std::chrono::milliseconds monitor_alarms_after{1600};
    std::vector<Happening> happenings;
    std::vector<Expectation> then;  ///< one a truck, those that follow last
    std::vector<std::string>
        lane_events;  ///< each of these types is seen in the lane, its zone or its documents, whichever passage

    std::vector<std::string> sign;  ///< texts that the lane's sign showed, in this order; others may be between

    /// Those that drive up, and those that follow.
    [[nodiscard]] std::size_t vehicles() const;
};

/// Reads a story; everything wrong with it is in `problems`, unread keys included.
[[nodiscard]] Story read_story(const ConfigNode& root, std::string name, ConfigProblems& problems);

}  // namespace portcullis::story
