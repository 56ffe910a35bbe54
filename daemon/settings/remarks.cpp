#include "settings/remarks.hpp"

namespace portcullis::settings {

std::vector<std::string> remarks_of(const GateSettings& settings) {
    std::vector<std::string> remarks;
    for (const auto& uplink : settings.uplinks) {
        if (uplink.tls && uplink.tls->certificate.empty()) {
            remarks.push_back("destination " + uplink.name + ": mqtts:// without a certificate of the gate: " +
                              (uplink.credentials.empty() ? "whoever reaches the broker can speak as this gate"
                                                          : "whoever learns its password can speak as this gate") +
                              "; add `certificate: FILE, key: FILE` to `tls`");
        }
    }
    for (const auto& wired : settings.lanes) {
        const auto& lane = wired.lane;
        if (!lane.has(Role::weighbridge)) {
            continue;
        }
        const auto said = "lane " + lane.name.text() + ": weights are recorded, and no rule may rest on them: ";
        if (lane.weigh.verified_until.empty()) {
            remarks.push_back(said + "its weighbridge has no `verified_until`");
        }
        const bool beams = lane.has(Role::bridge_beam_front) && lane.has(Role::bridge_beam_rear);
        if (!beams && !lane.weigh.holds_whole_vehicle) {
            remarks.push_back(said +
                              "nobody says whether the whole vehicle stands on the bridge; wire "
                              "bridge_beam_front and bridge_beam_rear, or write `holds_whole_vehicle: true` "
                              "where the place leaves no doubt");
        }
    }
    return remarks;
}

}  // namespace portcullis::settings
