#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/condition_watch.hpp"
#include "core/event.hpp"
#include "core/time.hpp"

namespace portcullis::gate {

/// A condition of `subject` began or ended.
[[nodiscard]] Event condition_event(const ConditionChange& change, std::string subject, Now now);

/// What the gate itself must not stay in for long: no link to any required destination, no synchronised clock.
class GateConditions {
public:
    /// Events that begin or end a condition at `now`. `links_down` = required destinations without a session, when all
    /// of them are; nothing when one is there.
    [[nodiscard]] std::vector<Event> watch(Now now, std::optional<std::int64_t> links_down);

private:
    ConditionWatch link_down_{"link_down", std::chrono::seconds{10}};  ///< as long as link.state waits
    ConditionWatch clock_unsynchronised_{"clock_unsynchronised", std::chrono::seconds{60}};  ///< a start takes a while
    std::optional<Instant> link_down_since_;
    std::optional<Instant> clock_lost_since_;
};

}  // namespace portcullis::gate
