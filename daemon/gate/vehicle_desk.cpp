#include "gate/vehicle_desk.hpp"

#include <utility>

namespace portcullis::gate {

ListedVehicles::ListedVehicles(VehicleList vehicles) : list(std::move(vehicles)) {
    for (std::size_t i = 0; i < list.vehicles.size(); ++i) {
        by_plate.emplace(list.vehicles[i].plate.text(), i);
    }
}

Result<VehicleList, codec::Refusal> ListedVehicles::read(std::string_view payload) {
    return codec::read_vehicles(payload);
}

DocumentChanges ListedVehicles::counted() const {
    return DocumentChanges{.list = {"vehicles " + std::to_string(list.vehicles.size())}};
}

const TareEntry* ListedVehicles::entry_of(const PlateNumber& plate) const {
    const auto found = by_plate.find(plate.text());
    return found == by_plate.end() ? nullptr : &list.vehicles[found->second];
}

void VehicleDesk::measure(PassageFacts& facts, WallTime now) const {
    const auto& identity = facts.identity;
    const auto* const listed = counting(now);
    if (listed == nullptr || !identity.tractor) {
        return;
    }
    const auto* const drawing = listed->entry_of(*identity.tractor);
    if (drawing == nullptr || drawing->covers == TareCovers::trailer) {
        return;
    }
    if (drawing->covers == TareCovers::vehicle) {
        facts.measures.vehicle_tare_kg = drawing->tare_kg;
        return;
    }
    // What draws alone is listed alone: without its trailer's own weight nothing is known of both.
    const auto* const drawn = identity.trailer ? listed->entry_of(*identity.trailer) : nullptr;
    if (drawn != nullptr && drawn->covers == TareCovers::trailer) {
        facts.measures.vehicle_tare_kg = drawing->tare_kg + drawn->tare_kg;
    }
}

}  // namespace portcullis::gate
