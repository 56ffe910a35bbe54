#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/container_number.hpp"
#include "core/enum_text.hpp"
#include "core/passes.hpp"
#include "core/plate_number.hpp"
#include "core/seal_state.hpp"
#include "core/time.hpp"
#include "core/vocabulary.hpp"

namespace portcullis {

/// `not_monitored` is never `clean`.
enum class RadiationState : std::uint8_t { clean, suspect, high, not_monitored, unknown };
template <>
inline constexpr auto enum_texts<RadiationState> = std::to_array<EnumText<RadiationState>>({
    {RadiationState::clean, "clean"},
    {RadiationState::suspect, "suspect"},
    {RadiationState::high, "high"},
    {RadiationState::not_monitored, "not_monitored"},
    {RadiationState::unknown, "unknown"},
});

/// What sampling says of one box (events.md, sampling.judged).
enum class SamplingOutcome : std::uint8_t {
    central_drawn,
    central_not,
    gate_drawn,
    gate_not,
    satisfied,
    not_eligible,
    unknown
};
template <>
inline constexpr auto enum_texts<SamplingOutcome> = std::to_array<EnumText<SamplingOutcome>>({
    {SamplingOutcome::central_drawn, "central_drawn"},
    {SamplingOutcome::central_not, "central_not"},
    {SamplingOutcome::gate_drawn, "gate_drawn"},
    {SamplingOutcome::gate_not, "gate_not"},
    {SamplingOutcome::satisfied, "satisfied"},
    {SamplingOutcome::not_eligible, "not_eligible"},
    {SamplingOutcome::unknown, "unknown"},
});

enum class ZoneResultState : std::uint8_t { pass, treat, fail, none };
template <>
inline constexpr auto enum_texts<ZoneResultState> = std::to_array<EnumText<ZoneResultState>>({
    {ZoneResultState::pass, "pass"},
    {ZoneResultState::treat, "treat"},
    {ZoneResultState::fail, "fail"},
    {ZoneResultState::none, "none"},
});

/// What an inspection of one container concluded: from a signed document.
struct ZoneResult {
    std::string id;
    ContainerNumber container;
    std::string zone;
    ZoneResultState result = ZoneResultState::none;
    std::vector<std::string> methods;
    /// What it answers, once: `sampling`, `rule:<id>`, `order:<authority>:<order id>`.
    std::vector<std::string> answers;
    std::vector<std::string> old_seals;
    std::vector<std::string> new_seals;
    std::vector<std::string> inspectors;
    std::string approver;
    WallTime started;
    WallTime ended;
    friend bool operator==(const ZoneResult&, const ZoneResult&) = default;
};

/// The keyed number that decides every draw over one declaration and one box: one for sampling and one for each rule
/// with a rate, which takes the tickets below it (docs/sampling.md). Uniform in [0, 1'000'000); 1'000'000 is a box that
/// its declaration's draw leaves out. The draw comes in as a fact; who has no key knows none.
struct DrawTicket {
    std::string purpose;  ///< `sampling`, or `rule:<id>`
    std::optional<std::int64_t> ticket_ppm;
    friend bool operator==(const DrawTicket&, const DrawTicket&) = default;
};

/// With what key, and over what, the tickets of one box were drawn: so that anyone can draw them again.
struct DrawBasis {
    std::string key_id;
    std::vector<std::string> declarations;  ///< the first of each chain, sorted
    std::string declaration;                ///< whose ticket is the smallest: it decides
    std::int64_t boxes_ppm = 1'000'000;     ///< of a drawn declaration's boxes
    friend bool operator==(const DrawBasis&, const DrawBasis&) = default;
};

/// What is remembered of one box.
struct BoxHistory {
    std::optional<Tristate> left_already;  ///< it left and did not come back
    std::optional<WallTime> came_in;       ///< inside since then
    friend bool operator==(const BoxHistory&, const BoxHistory&) = default;
};

/// What is known of one box beside its number and its orders.
struct BoxMeasures {
    ContainerNumber container;
    SealState seal = SealState::unknown;
    std::vector<std::string> seals_read;
    std::vector<DrawTicket> tickets;
    std::optional<ZoneResult> zone_result;  ///< the newest
    /// A result answers once: what it answered for an earlier passage.
    std::vector<std::string> answered_before;
    BoxHistory history;
    std::optional<DrawBasis> draw = {};  ///< of the tickets
    /// Its results were looked up: only then no result is known to be none.
    bool results_known = false;

    /// Of the newest result; nothing = not known.
    [[nodiscard]] std::optional<ZoneResultState> result_state() const {
        if (zone_result) {
            return zone_result->result;
        }
        return results_known ? std::optional{ZoneResultState::none} : std::nullopt;
    }
};

/// A visit of this plate that began before this passage.
struct Visit {
    WallTime at;
    std::string lane;
    friend bool operator==(const Visit&, const Visit&) = default;
};

/// What the lane's devices, the history and central's documents add to a passage. Each absent one is unknown.
struct PassageMeasures {
    RadiationState radiation = RadiationState::not_monitored;
    std::optional<std::int64_t> gross_vehicle_kg;  ///< stable, the whole vehicle on the bridge
    std::optional<std::int64_t> vehicle_tare_kg;
    std::optional<std::vector<Visit>> visits;                       ///< of the plates read, newest first, bounded
    std::map<std::string, std::int64_t, std::less<>> boxes_inside;  ///< by enterprise
    bool boxes_inside_known = false;
    std::vector<BoxMeasures> boxes;
    /// Minutes since the gate's own midnight; nothing while its clock is not believed.
    std::optional<int> minute_of_day;
    std::optional<KnownPasses> passes = {};  ///< nothing: no list is here
};

}  // namespace portcullis
