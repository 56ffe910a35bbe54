#pragma once

#include <cstdint>
#include <map>
#include <ostream>
#include <set>
#include <string>

#include "codec/event_catalogue.hpp"
#include "codec/event_writer.hpp"
#include "core/event.hpp"
#include "supervision/coverage.hpp"
#include "tests/day/day_trucks.hpp"

namespace portcullis::simulation {

/// What is broken on purpose, so that the figures are known to see it.
enum class Break : std::uint8_t {
    nothing,
    an_end_is_lost,         ///< one passage never ends
    an_entry_is_uncounted,  ///< the sheets leave one vehicle out
    a_policy_row            ///< the ruleset says nothing of transhipment
};

/// What a day came to.
struct DayResult {
    std::int64_t vehicles = 0;         ///< passages that began
    std::int64_t without_outcome = 0;  ///< that did not end, or more than once
    std::int64_t stuck = 0;            ///< held, though their papers deserve to pass
    std::int64_t unexpected = 0;       ///< judged otherwise than their papers deserve
    std::int64_t sheets = 0;
    std::int64_t sheets_wrong = 0;  ///< that do not add up
    std::int64_t on_sheets = 0;     ///< vehicles of all sheets
    std::int64_t boxes = 0;
    std::int64_t matched = 0;
    std::int64_t unmatched = 0;
    std::int64_t no_order_needed = 0;
    std::int64_t targeting_hits = 0;  ///< passages that a targeting order met
    std::int64_t near_hits = 0;       ///< by one confusable character
    std::int64_t violations = 0;      ///< of the invariants of design.md 10
};

/// Whether a sheet's own numbers agree with each other: vehicles = passages = outcomes, boxes = matched + unmatched +
/// no order needed.
[[nodiscard]] bool adds_up(const Value& sheet);

/// Takes a day's events as they become durable, numbers them with the hourly sheets between them, and sees what came of
/// each truck. `out`: every event as it is published, one a line.
class DayLog {
public:
    DayLog(const DayTrucks& day, Break broken, std::ostream* out);

    void take(const Event& event, std::int64_t sequence);
    /// The last sheet, and what it all came to.
    [[nodiscard]] DayResult finish();

private:
    void tell_sheet(const Now& now);
    void number(const Event& event);
    void judge_end(const Value& ended);
    void look_at_reasons(const Value& verdict);

    const DayTrucks& day_;
    Break broken_;
    std::ostream* out_;
    codec::EventCatalogue catalogue_;
    codec::EventWriter writer_;
    supervision::CoverageSheet sheet_;
    std::map<std::int64_t, std::int64_t> numbers_;  ///< of the run's events, here
    std::int64_t last_ = 0;
    Hash256 hash_{};
    Now newest_;
    std::int64_t ends_ = 0;
    std::map<std::string, int> passages_;  ///< ends of each that began
    std::set<std::string> met_;            ///< by targeting orders
    std::set<std::string> near_;
    DayResult result_;
};

}  // namespace portcullis::simulation
