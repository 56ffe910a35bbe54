#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/event.hpp"
#include "core/ids.hpp"

namespace portcullis::gate {

/// What lanes made of each device since its last summary, counted from the events that they record. Pure.
class DeviceCounts {
public:
    struct Counts {
        std::int64_t accepted = 0;         ///< readings that counted for an identity
        std::int64_t unread = 0;           ///< times that it should have read and did not
        std::int64_t alarms = 0;           ///< radiation
        std::set<std::string> passages{};  ///< that it took part in
    };

    void follow(const std::vector<Event>& events);
    /// Since the last time; begins anew.
    [[nodiscard]] Counts take(const DeviceName& device);

private:
    std::map<DeviceName, Counts> counts_;
};

}  // namespace portcullis::gate
