#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "codec/refusal.hpp"
#include "core/result.hpp"
#include "core/vehicles.hpp"

namespace portcullis::codec {

inline constexpr std::string_view vehicles_kind = "vehicles";
inline constexpr std::size_t most_vehicles = 50'000;
inline constexpr std::size_t most_vehicles_bytes = std::size_t{8} * 1024 * 1024;

/// Reads the payload of a vehicle list (docs/central/vehicles.schema.json), strictly: the first thing that is wrong
/// anywhere refuses all of it. No refusal quotes a plate.
[[nodiscard]] Result<VehicleList, Refusal> read_vehicles(std::string_view payload);

/// Everything that is wrong with it, for people; at most so many.
[[nodiscard]] std::vector<Refusal> vehicles_refusals(std::string_view payload, std::size_t most);

/// As canonical JSON.
[[nodiscard]] std::string write_vehicles(const VehicleList& list);

}  // namespace portcullis::codec
