#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/documents.hpp"
#include "core/enum_text.hpp"
#include "core/plate_number.hpp"
#include "core/time.hpp"

namespace portcullis {

/// What a tare in the vehicle list is of: all that carries the plate and what it always draws, or one half of a
/// combination that may be coupled with another.
enum class TareCovers : std::uint8_t { vehicle, tractor, trailer };
template <>
inline constexpr auto enum_texts<TareCovers> = std::to_array<EnumText<TareCovers>>({
    {TareCovers::vehicle, "vehicle"},
    {TareCovers::tractor, "tractor"},
    {TareCovers::trailer, "trailer"},
});

/// What one vehicle weighs without its load.
struct TareEntry {
    PlateNumber plate;
    TareCovers covers = TareCovers::vehicle;
    std::int64_t tare_kg = 0;
    friend bool operator==(const TareEntry&, const TareEntry&) = default;
};

/// One signed, versioned document: plate to tare. A newer one replaces it whole.
struct VehicleList : DocumentHead {
    std::vector<TareEntry> vehicles;
    friend bool operator==(const VehicleList&, const VehicleList&) = default;
};

}  // namespace portcullis
