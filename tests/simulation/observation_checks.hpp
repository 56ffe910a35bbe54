#pragma once

#include <array>
#include <cstddef>
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
/// unassigned. Asked while the journal works, with the record that the lane made of the observation, or nullptr, and
/// before that record is in the book.
class ObservationCheck {
public:
    ObservationCheck(const std::vector<LaneSettings>& lanes, const Book& book, Findings& findings)
        : lanes_(lanes), book_(book), findings_(findings), texts_(lanes.size()), levels_(lanes.size()) {
        killed();
    }

    /// A reader of the lane said `raw`. What it said before needs no second record while it stands in the passage that
    /// has it, or a parked truck shows it.
    void reading(std::size_t lane, Role reader, const std::string& raw, const lane::Record* record, Instant now);
    /// An input was read. A presence input that rises is given to an open passage of an automatic lane, begins one, or
    /// is unassigned; so is any other that rises in an automatic lane without passages.
    void input(std::size_t lane, Role role, InputSeen seen, const lane::Record* record);
    /// The same while the journal does not work: nothing is asked of the lane.
    void unrecorded_input(std::size_t lane, Role role, InputSeen seen) { (void)rises(lane, role, seen); }
    /// A new process knows nothing yet, neither of texts nor of inputs.
    void killed();

private:
    /// What is in the journal of a text of a reader.
    struct Known {
        std::optional<PassageId> passage;
        std::optional<Instant> unassigned_at;
    };
    void add(std::size_t lane, const std::string& what);
    [[nodiscard]] bool is_open(std::size_t lane, const PassageId& passage) const;
    [[nodiscard]] bool rises(std::size_t lane, Role role, InputSeen seen);

    const std::vector<LaneSettings>& lanes_;
    const Book& book_;
    Findings& findings_;
    std::vector<std::map<std::pair<Role, std::string>, Known>> texts_;
    /// As a lane must take them: on at the first read, free at the second equal one (design.md 3).
    std::vector<std::array<Signal, enum_texts<Role>.size()>> levels_;
};

}  // namespace portcullis::simulation
