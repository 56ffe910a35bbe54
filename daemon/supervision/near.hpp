#pragma once

#include <vector>

#include "core/facts.hpp"

/// What this vehicle's box or plate may be besides what was read: one confusable character away. For targeting alone
/// (design.md 4): a release needs an exact match.
namespace portcullis::supervision {

/// More than these of one passage are noise, and each is a look-up.
inline constexpr std::size_t most_near = 32;

/// Valid numbers that a reading with a defect stands for at one character, and nobody read; and valid ones that were
/// read and not believed. A valid number has no neighbour: its check digit would not hold.
[[nodiscard]] std::vector<ContainerNumber> near_containers(const PassageIdentity& identity);

/// Plates that nobody read, one confusable character from one that somebody did.
[[nodiscard]] std::vector<PlateNumber> near_plates(const PassageIdentity& identity);

/// Every plate that was read at this vehicle.
[[nodiscard]] std::vector<PlateNumber> plates_read(const PassageIdentity& identity);

}  // namespace portcullis::supervision
