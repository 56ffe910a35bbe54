#include "lane/conditions.hpp"

#include <cstddef>

namespace portcullis::lane {

namespace {

using namespace std::chrono_literals;

constexpr std::array<std::string_view, 3> names{"arm_up_clear", "presence_stuck", "presence_unknown"};
/// An arm stays up that long after the last vehicle before somebody should look; a truck stands on a loop that long
/// before the loop is the likelier cause (devices.md: stuck after 10 min).
constexpr std::array<std::chrono::seconds, 3> after{30s, 600s, 0s};

}  // namespace

void Conditions::watch(Condition condition, std::optional<Instant> since, std::int64_t value, Instant now,
                       std::vector<ConditionChange>& changes) {
    const auto index = static_cast<std::size_t>(condition);
    auto& watched = watched_[index];
    watched.since = since;
    if (!since) {
        if (watched.begun) {
            changes.push_back({names[index], *watched.begun, value, true});
            watched.begun.reset();
        }
    } else if (!watched.begun && now >= *since + after[index]) {
        watched.begun = since;
        changes.push_back({names[index], *since, value, false});
    }
}

std::optional<Instant> Conditions::deadline() const {
    std::optional<Instant> first;
    for (std::size_t i = 0; i < watched_.size(); ++i) {
        const auto& watched = watched_[i];
        if (watched.since && !watched.begun && (!first || *watched.since + after[i] < *first)) {
            first = *watched.since + after[i];
        }
    }
    return first;
}

}  // namespace portcullis::lane
