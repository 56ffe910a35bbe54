#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/facts.hpp"
#include "lane/reading_taken.hpp"

/// Which boxes a vehicle carries, by what all readers said of it. In whatever order the readings came, the answer is
/// the same: time says only which of two boxes is ahead.
namespace portcullis::lane {

/// Each valid cargo number with its readers, the one with the most readers first; of two with as many the one that
/// more readers read a part of. Equal ones stand in the order of their numbers.
[[nodiscard]] std::vector<IdentifiedContainer> ranked_containers(const std::vector<ReadingTaken>& readings);

/// Puts the boxes, the invalid texts and what contradicts into `identity`. `boxes`: how many the vehicle carries.
void fuse_containers(const std::vector<ReadingTaken>& readings, std::optional<int> boxes, PassageIdentity& identity);

/// A text with a defect that a reader of `number` would have got wrong: a part of it, or at most two characters off.
[[nodiscard]] bool may_be_of(std::string_view text, const ContainerNumber& number);

/// A text that is a container number with many faults, of none of these: what it saw is another box.
[[nodiscard]] bool is_of_another(std::string_view text, const std::vector<IdentifiedContainer>& boxes);

}  // namespace portcullis::lane
