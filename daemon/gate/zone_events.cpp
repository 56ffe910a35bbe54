#include "gate/zone_events.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/time_text.hpp"

namespace portcullis::gate {
namespace {

Event of_zone(const char* type, std::string_view zone, Now now, Object data) {
    data.push_back({"zone", zone});
    return {type, "zone/" + std::string{zone}, now, std::move(data), std::nullopt};
}

Object of_trip(const ZoneTrip& trip) {
    return {{"container", trip.container.text()}, {"passage", trip.passage.text()}};
}

std::int64_t whole_s(std::chrono::milliseconds time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time).count();
}

List list_of(const std::vector<std::string>& texts) {
    return {texts.begin(), texts.end()};
}

}  // namespace

Event zone_directed_event(const ZoneTrip& trip, Value verdict_sequence, Value methods, Now now) {
    auto data = of_trip(trip);
    data.push_back({"verdict_sequence", std::move(verdict_sequence)});
    data.push_back({"methods", std::move(methods)});
    data.push_back({"limit_s", trip.limit.count()});
    return of_zone("zone.directed", trip.zone, now, std::move(data));
}

Event zone_arrived_event(const ZoneTrip& trip, ZoneSource source, Now now) {
    auto data = of_trip(trip);
    data.push_back({"source", text_of(source)});
    data.push_back({"arrived_at", time_text(trip.arrived.value_or(now.wall))});
    data.push_back({"after_s", whole_s(trip.travelled)});
    data.push_back({"limit_s", trip.limit.count()});
    return of_zone("zone.arrived", trip.zone, now, std::move(data));
}

Event zone_overdue_event(const ZoneTrip& trip, Now now) {
    auto data = of_trip(trip);
    data.push_back({"limit_s", trip.limit.count()});
    data.push_back({"directed_at", time_text(trip.directed)});
    return of_zone("zone.overdue", trip.zone, now, std::move(data));
}

Event zone_left_event(const ZoneTrip& trip, ZoneSource source, Now now) {
    auto data = of_trip(trip);
    data.push_back({"source", text_of(source)});
    data.push_back({"left_at", time_text(now.wall)});
    data.push_back({"result", text_of(trip.result)});
    data.push_back({"result_id", trip.result_id});
    const auto dwell =
        trip.arrived ? std::max(std::chrono::milliseconds{}, now.wall - *trip.arrived) : std::chrono::milliseconds{};
    data.push_back({"dwell_s", trip.arrived ? Value{whole_s(dwell)} : Value{"unknown"}});
    return of_zone("zone.left", trip.zone, now, std::move(data));
}

Event zone_result_event(const codec::ZoneResultDocument& document, const ZoneTrip* trip, Now now) {
    const auto& result = document.result;
    List measurements;
    for (const auto& [name, value] : document.measurements) {
        measurements.emplace_back(Object{{"name", name}, {"value", value}});
    }
    return of_zone("zone.result", result.zone, now,
                   {{"container", result.container.text()},
                    {"passage", trip == nullptr ? std::string{"none"} : trip->passage.text()},
                    {"result_id", result.id},
                    {"result", text_of(result.result)},
                    {"methods", list_of(result.methods)},
                    {"answers", list_of(result.answers)},
                    {"inspectors", list_of(result.inspectors)},
                    {"approver", result.approver},
                    {"started", time_text(result.started)},
                    {"ended", time_text(result.ended)},
                    {"old_seals", list_of(result.old_seals)},
                    {"new_seals", list_of(result.new_seals)},
                    {"measurements", std::move(measurements)},
                    {"source", text_of(ZoneSource::central)}});
}

Event zone_feed_event(std::string_view zone, bool alive, std::optional<std::int64_t> last_s, Now now) {
    return of_zone("zone.feed", zone, now,
                   {{"alive", alive ? "yes" : "no"}, {"last_s", last_s ? Value{*last_s} : Value{"unknown"}}});
}

}  // namespace portcullis::gate
