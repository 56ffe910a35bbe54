#pragma once

#include <optional>
#include <string_view>

#include "codec/zone_result_document.hpp"
#include "core/event.hpp"
#include "core/value.hpp"
#include "gate/zone_trips.hpp"

/// The `zone.…` events (docs/events).
namespace portcullis::gate {

/// Who saw it.
enum class ZoneSource : std::uint8_t { lane, reader, central };
}  // namespace portcullis::gate
template <>
inline constexpr auto portcullis::enum_texts<portcullis::gate::ZoneSource> =
    std::to_array<portcullis::EnumText<portcullis::gate::ZoneSource>>({
        {portcullis::gate::ZoneSource::lane, "lane"},
        {portcullis::gate::ZoneSource::reader, "reader"},
        {portcullis::gate::ZoneSource::central, "central"},
    });
namespace portcullis::gate {

/// `verdict_sequence` and `methods` as the passage's own events have them.
[[nodiscard]] Event zone_directed_event(const ZoneTrip& trip, Value verdict_sequence, Value methods, Now now);
[[nodiscard]] Event zone_arrived_event(const ZoneTrip& trip, ZoneSource source, Now now);
[[nodiscard]] Event zone_overdue_event(const ZoneTrip& trip, Now now);
[[nodiscard]] Event zone_left_event(const ZoneTrip& trip, ZoneSource source, Now now);
/// `trip`: the one that it concludes, if the gate knows of any.
[[nodiscard]] Event zone_result_event(const codec::ZoneResultDocument& document, const ZoneTrip* trip, Now now);
/// Whether the zone's own readers are there; `last_s` since the last number that one of them read.
[[nodiscard]] Event zone_feed_event(std::string_view zone, bool alive, std::optional<std::int64_t> last_s, Now now);

}  // namespace portcullis::gate
