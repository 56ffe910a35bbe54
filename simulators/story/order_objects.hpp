#pragma once

#include <string>
#include <vector>

#include "core/time.hpp"
#include "simulators/story/story.hpp"

namespace portcullis::story {

/// Orders of one authority, each as a JSON object of contracts.md 4.
struct AuthorityOrders {
    std::string authority;
    std::vector<std::string> objects;
};

/// What the short forms of a story stand for: releases, targeting and revocations are the customs' (`ciq`), movements
/// the terminal's own. Ids follow from the container: `R-`, `M-`, `T-`. Times are around `now`.
[[nodiscard]] std::vector<AuthorityOrders> order_objects(const std::vector<GivenOrder>& given, WallTime now);

}  // namespace portcullis::story
