#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "codec/vehicles_document.hpp"
#include "core/facts.hpp"
#include "core/plate_number.hpp"
#include "core/result.hpp"
#include "core/vehicles.hpp"
#include "gate/document_taker.hpp"
#include "gate/signed_list.hpp"

namespace portcullis::gate {

/// A vehicle list, and where each plate is in it.
struct ListedVehicles {
    using Document = VehicleList;
    static constexpr auto kind = DocumentKind::vehicles;
    static constexpr std::string_view noun = "vehicle list";
    static constexpr std::string_view without = "no tare is known";
    /// The bound of the only row that the journal's database keeps: about 11 MiB.
    static constexpr std::size_t most_bytes = envelope_bytes(codec::most_vehicles_bytes);
    /// A terminal that weighs nobody has no such list.
    static constexpr bool always_told = false;

    explicit ListedVehicles(VehicleList vehicles);
    [[nodiscard]] static Result<VehicleList, codec::Refusal> read(std::string_view payload);
    [[nodiscard]] std::size_t size() const { return list.vehicles.size(); }
    /// How many there are, and nobody's plate.
    [[nodiscard]] DocumentChanges counted() const;
    /// Null when it is not listed.
    [[nodiscard]] const TareEntry* entry_of(const PlateNumber& plate) const;

    VehicleList list;
    std::map<std::string, std::size_t> by_plate;
};

/// What the vehicle list (docs/weight.md) says of a vehicle: plate to tare. Without one, and with one that cannot be
/// read back, no tare is known. Plates never leave it.
class VehicleDesk : public SignedList<ListedVehicles> {
public:
    using SignedList::SignedList;

    /// Adds the tare of the vehicle that was identified.
    void measure(PassageFacts& facts, WallTime now) const;
};

}  // namespace portcullis::gate
