// Of the gate: what its pictures are wired to.
#include <algorithm>
#include <utility>

#include "gate/gate.hpp"

namespace portcullis::gate {

EvidenceDesk::Ports Gate::evidence_ports() {
    EvidenceDesk::Ports ports;
    ports.submit = [this](Submission submission) { journal_desk_.submit(std::move(submission)); };
    ports.give = [this](std::size_t lane, lane::Observed seen) { lanes_[lane].runner->give(std::move(seen)); };
    ports.lane_fields = [this](const LaneName& name) { return lane_fields(name); };
    return ports;
}

/// A lane that settings do not name any more is closed.
Object Gate::lane_fields(const LaneName& name) const {
    const auto seat = std::find_if(lanes_.begin(), lanes_.end(),
                                   [&](const LaneSeat& one) { return one.runner && one.runner->name() == name; });
    if (seat == lanes_.end()) {
        return {{"lane", name.text()}, {"way", "unknown"}, {"lane_mode", text_of(LaneMode::closed)}};
    }
    const auto& settings = plan_.lanes[static_cast<std::size_t>(seat - lanes_.begin())].settings;
    return {{"lane", name.text()}, {"way", text_of(settings.way)}, {"lane_mode", text_of(seat->runner->view().mode)}};
}

}  // namespace portcullis::gate
