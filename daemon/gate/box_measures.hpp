#pragma once

#include <algorithm>

#include "core/facts.hpp"

namespace portcullis::gate {

/// What is known of a box of this passage; made when there is nothing yet.
[[nodiscard]] inline BoxMeasures& measures_of(PassageFacts& facts, const ContainerNumber& container) {
    auto& boxes = facts.measures.boxes;
    const auto known =
        std::find_if(boxes.begin(), boxes.end(), [&](const BoxMeasures& box) { return box.container == container; });
    if (known != boxes.end()) {
        return *known;
    }
    boxes.push_back(BoxMeasures{container, SealState::unknown, {}, {}, {}, {}, {}, {}});
    return boxes.back();
}

}  // namespace portcullis::gate
