#include "core/condition_watch.hpp"

#include <utility>

namespace portcullis {

std::optional<ConditionChange> ConditionWatch::watch(std::optional<Instant> since, std::int64_t value, Instant now) {
    since_ = since;
    if (begun_ && !since) {
        return ConditionChange{name_, *std::exchange(begun_, std::nullopt), value, true};
    }
    if (!begun_ && since && now >= *since + after_) {
        begun_ = since;
        return ConditionChange{name_, *since, value, false};
    }
    return std::nullopt;
}

std::optional<Instant> ConditionWatch::deadline() const {
    return since_ && !begun_ ? std::optional{*since_ + after_} : std::nullopt;
}

}  // namespace portcullis
