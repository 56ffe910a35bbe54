#include "lane/conditions.hpp"

#include <algorithm>
#include <cstddef>

namespace portcullis::lane {

void Conditions::watch(Condition condition, std::optional<Instant> since, std::int64_t value, Instant now,
                       std::vector<ConditionChange>& changes) {
    if (auto change = watched_[static_cast<std::size_t>(condition)].watch(since, value, now)) {
        changes.push_back(*change);
    }
}

std::optional<Instant> Conditions::deadline() const {
    std::optional<Instant> first;
    for (const auto& watched : watched_) {
        if (const auto at = watched.deadline(); at && (!first || *at < *first)) {
            first = at;
        }
    }
    return first;
}

}  // namespace portcullis::lane
