// Of the device desk: which point and which device plays what, in which lane, zone or portal.
#include <cstddef>

#include "gate/device_desk.hpp"

namespace portcullis::gate {

namespace {

bool senses_arm(Role role) {
    return role == Role::arm_loop || role == Role::arm_beam;
}

}  // namespace

void DeviceDesk::wire_lane(std::size_t lane, const LanePlan& plan) {
    for (const auto& point : plan.points) {
        lanes_of_[point.at.device].insert(lane);
        if (is_only_watched(point.role)) {
            watched_.add(point.at, point.role);
            continue;
        }
        if (kind_of(point.role) == RoleKind::output) {
            outputs_[{lane, point.role}] = point;
            continue;
        }
        inputs_[point.at].push_back({lane, point.role});
        if (senses_arm(point.role)) {
            arm_inputs_[lane].push_back(point.at);
        }
    }
    for (const auto& reader : plan.readers) {
        readers_[reader.device].push_back({lane, reader.role});
        lanes_of_[reader.device].insert(lane);
    }
    if (const auto& sign = plan.sign; !sign.empty()) {
        signs_[lane] = {sign, plan.settings.sign_language};
    }
}

void DeviceDesk::wire(const GatePlan& plan) {
    sign_words_ = plan.sign_words;
    arm_inputs_.resize(plan.lanes.size());
    for (std::size_t lane = 0; lane < plan.lanes.size(); ++lane) {
        wire_lane(lane, plan.lanes[lane]);
    }
    for (const auto& zone : plan.zones) {
        if (zone.zone_in && !zone.zone_in->reader.empty()) {
            doors_[zone.zone_in->reader].insert("zone_in");
        }
        if (zone.zone_out && !zone.zone_out->reader.empty()) {
            doors_[zone.zone_out->reader].insert("zone_out");
        }
    }
    for (const auto& portal : plan.portals) {
        if (!portal.radiation.empty()) {
            portal_roles_[portal.radiation].insert(text_of(Role::radiation));
        }
        for (const auto& reader : portal.readers) {
            portal_roles_[reader.device].insert(text_of(reader.role));
        }
    }
}

}  // namespace portcullis::gate
