#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/lane_settings.hpp"
#include "core/observation.hpp"
#include "lane/lane_io.hpp"
#include "tests/simulation/book.hpp"
#include "tests/simulation/findings.hpp"

namespace portcullis::simulation {

/// The half of invariant 4 of design.md 10 that counts observations: each belongs to one passage or is recorded as
/// unassigned. `record` = what the lane made of the observation, or nullptr; it is not in the book yet.
class ObservationCheck {
public:
    ObservationCheck(const std::vector<LaneSettings>& lanes, const Book& book, Findings& findings)
        : lanes_(lanes),
          book_(book),
          findings_(findings),
          texts_(lanes.size()),
          owed_(lanes.size()),
          inputs_(lanes.size()) {}

    /// A reader of the lane said `raw`. What it said before needs no second record while it stands in the passage that
    /// has it, or a parked truck shows it.
    /// What is read while nobody is there may wait for the loop of its vehicle before it is recorded.
    void reading(std::size_t lane, Role reader, const std::string& raw, const lane::Record* record, Instant now);
    /// Readings that waited for longer than any loop takes were given to nobody.
    void due(Instant now);
    /// An input was read. In an automatic lane a rise is given to an open passage, begins one, or is unassigned.
    /// While the lane is not automatic a presence input that rises and ends is counted in an unassigned event before
    /// the lane goes on. What rises while nothing can be recorded is not asked for.
    void input(std::size_t lane, Role role, InputSeen seen, const lane::Record* record, bool journal_works);
    /// The device that reads the input is gone.
    void lost(std::size_t lane, Role role);
    /// A record, with which the book is up to date.
    void emitted(std::size_t lane, const lane::Record& record);
    /// A new process knows nothing yet, neither of texts nor of inputs.
    void killed();

private:
    /// What is in the journal of a text of a reader.
    struct Known {
        std::optional<PassageId> passage;
        std::optional<Instant> unassigned_at;
    };
    /// An input as a lane must take it: on at the first read, free at the second equal one (design.md 3).
    struct Watched {
        Signal level = Signal::unknown;
        bool up_for_nobody = false;  ///< it rose while the lane was not automatic
        std::int64_t owed = 0;       ///< such rises that ended and are in no record yet
    };
    /// A reading that is in no record yet.
    struct Owed {
        Role reader;
        std::string raw;
        Instant at;
    };
    void add(std::size_t lane, const std::string& what);
    void recorded(std::size_t lane, const Event& taken);
    [[nodiscard]] bool is_open(std::size_t lane, const PassageId& passage) const;
    void goes_on(std::size_t lane);
    static void end(Watched& input);

    const std::vector<LaneSettings>& lanes_;
    const Book& book_;
    Findings& findings_;
    std::vector<std::map<std::pair<Role, std::string>, Known>> texts_;
    std::vector<std::vector<Owed>> owed_;
    std::vector<std::array<Watched, enum_texts<Role>.size()>> inputs_;
};

}  // namespace portcullis::simulation
