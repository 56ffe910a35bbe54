#pragma once

#include <string>
#include <vector>

#include "simulators/run/lane_record.hpp"
#include "simulators/story/story.hpp"

namespace portcullis::run {

/// Every difference between what a story says must be on record and what is, each in words; none = as it should be.
/// Passages belong to trucks in order.
[[nodiscard]] std::vector<std::string> differences(const story::Story& story, const LaneRecord& record);

}  // namespace portcullis::run
