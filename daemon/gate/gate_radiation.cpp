// Of the gate: radiation monitors and portals, between devices and lanes.
#include <algorithm>
#include <utility>

#include "gate/gate.hpp"

namespace portcullis::gate {

namespace {

DeviceName monitor_of_lane(const LanePlan& lane) {
    const auto found = std::find_if(lane.readers.begin(), lane.readers.end(),
                                    [](const RoleReader& reader) { return reader.role == Role::radiation; });
    return found == lane.readers.end() ? DeviceName{} : found->device;
}

}  // namespace

std::vector<DeviceName> Gate::monitors_of(const GatePlan& plan) {
    std::vector<DeviceName> monitors;
    for (const auto& portal : plan.portals) {
        if (!portal.radiation.empty()) {
            monitors.push_back(portal.radiation);
        }
    }
    for (const auto& lane : plan.lanes) {
        if (auto monitor = monitor_of_lane(lane); !monitor.empty()) {
            monitors.push_back(std::move(monitor));
        }
    }
    return monitors;
}

DeviceName Gate::monitor_of(const std::string& name) const {
    for (const auto& portal : plan_.portals) {
        if (portal.name.text() == name || portal.radiation.text() == name) {
            return portal.radiation;
        }
    }
    for (const auto& lane : plan_.lanes) {
        auto monitor = monitor_of_lane(lane);
        if (lane.settings.name.text() == name || monitor.text() == name) {
            return monitor;
        }
    }
    return {};
}

bool Gate::acknowledge_radiation(const std::string& lane, Object actor) {
    const auto found = std::find_if(lanes_.begin(), lanes_.end(),
                                    [&](const LaneSeat& seat) { return seat.runner->name().text() == lane; });
    if (found == lanes_.end() || found->runner->view().radiation_alarm == RadiationLevel::none) {
        return false;
    }
    found->runner->give(lane::RadiationAcknowledged{std::move(actor)});
    return found->runner->view().radiation_alarm == RadiationLevel::none;
}

RadiationDesk::Ports Gate::radiation_ports() {
    return {.submit = [this](Submission submission) { journal_desk_.submit(std::move(submission)); },
            .now = [this] { return surroundings_.clock.now(); },
            .tell =
                [this](const Observation& seen) {
                    device_desk_.hand_radiation(seen);
                    portal_desk_.observed(seen, surroundings_.clock.now());
                },
            .monitor_of = [this](const std::string& name) { return monitor_of(name); },
            .acknowledge = [this](const std::string& lane,
                                  Object actor) { return acknowledge_radiation(lane, std::move(actor)); }};
}

PortalDesk::Ports Gate::portal_ports() {
    return {.record = [this](Event event) { record(std::move(event)); },
            .changed =
                [this](const PortalName& portal) {
                    for (auto& seat : lanes_) {
                        seat.runner->give(lane::TransitsChanged{portal});
                    }
                }};
}

DeviceDesk::Ports Gate::device_ports() {
    return {.observe = [this](std::size_t lane, lane::Observed seen) { lanes_[lane].runner->give(std::move(seen)); },
            .record = [this](Event event) { record(std::move(event)); },
            .at_zone = [this](const Observation& seen) { zone_desk_.observed(seen, surroundings_.clock.now()); },
            .said = [this](const Observation& seen) { device_viewing_.said(seen); },
            .radiation = [this](const Observation& seen) { radiation_desk_.observed(seen); },
            .at_portal = [this](const Observation& seen) { portal_desk_.observed(seen, surroundings_.clock.now()); },
            .picture = [this](std::size_t lane, lane::Observed seen) { evidence_desk_.take(lane, std::move(seen)); }};
}

}  // namespace portcullis::gate
