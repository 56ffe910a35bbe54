#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "core/value.hpp"
#include "uplink/uplink.hpp"

/// What `portcullis uplink` is told: how far each destination is, and the way of one event.
namespace portcullis::gate {

/// One destination as it stands.
struct DestinationState {
    const uplink::UplinkSettings& settings;
    uplink::UplinkView view;
    std::optional<std::int64_t> oldest_s;  ///< age of the first event of its backlog; nothing = not known
};

/// `hours_left` until the disk is full at the present rate; nothing = not known.
[[nodiscard]] Value uplink_overview(const std::vector<DestinationState>& destinations,
                                    std::optional<std::int64_t> hours_left, Now now);

/// What the journal says about an event that somebody asks about.
struct EventSeen {
    std::int64_t sequence = 0;
    bool gone = false;    ///< removed by retention; nothing else is known of it then
    bool erased = false;  ///< of its personal values
    std::string type;
    std::string subject;
    WallTime time;
};

/// One destination, and the event's way to it.
struct EventWay {
    const uplink::UplinkSettings& settings;
    uplink::DeliveryWay way;
};

[[nodiscard]] Value event_explained(const EventSeen& event, const std::vector<EventWay>& ways);

}  // namespace portcullis::gate
