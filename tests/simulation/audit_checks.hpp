#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "lane/lane_io.hpp"
#include "tests/simulation/findings.hpp"

namespace portcullis::simulation {

/// What a run found when each change of a lane's state was held against its records.
struct AuditCount {
    std::int64_t changes = 0;  ///< that had their event
    std::int64_t missing = 0;  ///< changed without an event
    std::int64_t extra = 0;    ///< an event of a change that was none
};

/// The audit is complete (hazards E2): of every change of a lane's mode, arm and open passages that its view shows
/// there is exactly one event, and no event of a change that was none. Part of invariant 5.
///
/// An arm on its way, or in a place that was not known before, is no change: `arm.moved` tells where it settles. Lights
/// are told when they are written, not when the view has them: they are not compared.
///
/// A mirror is led by events alone and compared with the view after each input.
class AuditCheck {
public:
    AuditCheck(std::size_t lanes, Findings& findings) : findings_(findings), mirrors_(lanes) {}

    /// A lane's process begins, or nothing can be recorded just now, for which `journal.outage` stands: what the lane
    /// shows is where changes count from.
    void began(std::size_t lane, const lane::LaneView& view);
    /// The lane has answered an input.
    void answered(std::size_t lane, const std::string& name, const std::vector<lane::Action>& actions,
                  const lane::LaneView& view);
    [[nodiscard]] const AuditCount& count() const { return count_; }

private:
    struct Mirror {
        std::string mode;
        std::string arm;  ///< where it settled last
        std::set<PassageId> open;
    };
    [[nodiscard]] static Mirror mirror_of(const lane::LaneView& view);
    void apply(Mirror& mirror, const std::string& name, const Event& event);
    void set(std::string& place, std::string_view to, const std::string& name, const Event& event);
    void expect(const std::string& shown, const std::string& told, const std::string& name, const char* what);

    Findings& findings_;
    std::vector<Mirror> mirrors_;
    AuditCount count_;
};

}  // namespace portcullis::simulation
