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
    ports.bound = [this](const KeptPicture& picture) { picture_bound(picture); };
    ports.gone = [this](const Hash256& sha256) {
        for (const auto& [destination, sender] : evidence_senders_) {
            sender->remove(sha256);
        }
    };
    return ports;
}

void Gate::make_evidence_senders() {
    for (auto& destination : destinations_) {
        const auto& name = destination.uplink->settings().name;
        if (!plan_.evidence_to.contains(name)) {
            continue;
        }
        EvidenceSender::Ports ports;
        ports.read = [this](const Hash256& sha256, std::int64_t from, std::size_t length, const auto& done) {
            evidence_desk_.read(sha256, from, length, done);
        };
        ports.publish = [uplink = destination.uplink.get()](const std::string& piece, std::string payload,
                                                            EvidenceSender::Properties properties,
                                                            std::function<void(bool)> done) {
            return uplink->publish_piece(piece, std::move(payload), std::move(properties), std::move(done));
        };
        ports.sent = [this, name](const Hash256& sha256) { evidence_desk_.sent(sha256, name); };
        evidence_senders_[name] = std::make_unique<EvidenceSender>(plan_.evidence.upload, std::move(ports));
    }
}

/// A destination gets the pictures whose events its filter lets through.
void Gate::picture_bound(const KeptPicture& picture) {
    for (const auto& destination : destinations_) {
        const auto& settings = destination.uplink->settings();
        const auto sender = evidence_senders_.find(settings.name);
        const bool wanted = settings.filter.passes("evidence.bound", "lane/" + picture.lane.text());
        if (sender != evidence_senders_.end() && wanted && !picture.sent.contains(settings.name)) {
            sender->second->add(picture);
        }
    }
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
