#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/event.hpp"
#include "core/time.hpp"
#include "store/journal.hpp"
#include "supervision/coverage.hpp"

namespace portcullis::gate {

/// Keeps the sheet of what was seen and ends it on each full hour of UTC. The journal is its memory: a start counts the
/// entries behind the newest sheet again, so nothing is counted twice or lost by a stop, a crash or a clock.
class CoverageDesk {
public:
    /// A clock that is set to and fro over a full hour does not end sheets faster than this.
    static constexpr std::chrono::minutes at_least{1};
    /// A clock that stands, or is always set back, does not keep a sheet open longer than this.
    static constexpr std::chrono::minutes at_most{61};

    /// Reads what is behind the newest sheet of the journal.
    CoverageDesk(store::Journal& journal, Now now);

    void count(const Event& event, std::int64_t sequence) { sheet_.count(event, sequence); }
    /// The sheet as an event that is to be recorded at once as the entry behind `last`, when one is due.
    [[nodiscard]] std::optional<Event> due(Now now, std::int64_t last);
    /// The sheet as it stands.
    [[nodiscard]] Object so_far(Now now, std::int64_t last) const { return sheet_.data(last, now.wall); }
    /// Entries of the journal that could not be read at the start: they are not counted.
    [[nodiscard]] const std::string& problem() const { return problem_; }

private:
    void recount(store::Journal& journal);
    void recount(const store::EventRow& row);

    supervision::CoverageSheet sheet_;
    Instant began_;
    bool ended_one_ = false;  ///< since the start: the sheet that a start finds may end at once
    std::string problem_;
};

}  // namespace portcullis::gate
