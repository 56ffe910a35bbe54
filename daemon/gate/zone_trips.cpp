#include "gate/zone_trips.hpp"

#include <algorithm>
#include <utility>

#include "core/enum_text.hpp"
#include "core/time_text.hpp"
#include "core/value_members.hpp"

namespace portcullis::gate {

std::chrono::milliseconds ZoneTrip::on_its_way(Instant now) const {
    return travelled + std::chrono::duration_cast<std::chrono::milliseconds>(now - counted_from);
}

std::vector<ZoneTrip>::iterator ZoneTrips::find(const ContainerNumber& container, std::string_view zone) {
    return std::find_if(trips_.begin(), trips_.end(),
                        [&](const ZoneTrip& trip) { return trip.container == container && trip.zone == zone; });
}

ZoneNews ZoneTrips::directed(ZoneTrip trip, Now now) {
    std::erase_if(trips_, [&](const ZoneTrip& known) { return known.container == trip.container; });
    trip.directed = now.wall;
    trip.travelled = {};
    trip.counted_from = now.instant;
    trip.overdue_told = false;
    trip.arrived.reset();
    trip.result = ZoneResultState::none;
    trip.result_id = "none";
    if (trips_.size() >= most_trips) {
        trips_.erase(trips_.begin());
    }
    trips_.push_back(trip);
    return {ZoneNews::What::directed, std::move(trip)};
}

const ZoneTrip* ZoneTrips::of(const ContainerNumber& container) const {
    const auto trip =
        std::find_if(trips_.begin(), trips_.end(), [&](const ZoneTrip& known) { return known.container == container; });
    return trip == trips_.end() ? nullptr : &*trip;
}

const ZoneTrip* ZoneTrips::next_forgotten(const ContainerNumber& container) const {
    return trips_.size() < most_trips || of(container) != nullptr ? nullptr : &trips_.front();
}

std::optional<ZoneNews> ZoneTrips::arrived(const ContainerNumber& container, std::string_view zone, Now now) {
    const auto trip = find(container, zone);
    if (trip == trips_.end() || trip->arrived) {
        return std::nullopt;
    }
    trip->arrived = now.wall;
    trip->travelled = trip->on_its_way(now.instant);
    trip->counted_from = now.instant;
    return ZoneNews{ZoneNews::What::arrived, *trip};
}

void ZoneTrips::concluded(const ContainerNumber& container, std::string_view zone, ZoneResultState result,
                          std::string id) {
    if (const auto trip = find(container, zone); trip != trips_.end()) {
        trip->result = result;
        trip->result_id = std::move(id);
    }
}

std::optional<ZoneNews> ZoneTrips::left(const ContainerNumber& container, std::string_view zone, Now /*now*/) {
    const auto trip = find(container, zone);
    if (trip == trips_.end()) {
        return std::nullopt;
    }
    ZoneNews news{ZoneNews::What::left, std::move(*trip)};
    trips_.erase(trip);
    return news;
}

std::vector<ZoneNews> ZoneTrips::overdue(Now now) {
    std::vector<ZoneNews> late;
    for (auto& trip : trips_) {
        if (trip.watched && !trip.arrived && !trip.overdue_told && trip.on_its_way(now.instant) >= trip.limit) {
            trip.overdue_told = true;
            late.push_back({ZoneNews::What::overdue, trip});
        }
    }
    return late;
}

std::optional<Instant> ZoneTrips::deadline() const {
    std::optional<Instant> first;
    for (const auto& trip : trips_) {
        if (trip.watched && !trip.arrived && !trip.overdue_told) {
            const Instant at = trip.counted_from + (trip.limit - trip.travelled);
            first = first ? std::min(*first, at) : at;
        }
    }
    return first;
}

Object ZoneTrips::note_of(const ZoneTrip& trip, Now now) {
    const auto travelled = trip.arrived ? trip.travelled : trip.on_its_way(now.instant);
    return {{"container", trip.container.text()},
            {"zone", trip.zone},
            {"passage", trip.passage.text()},
            {"directed", time_text(trip.directed)},
            {"travelled_ms", travelled.count()},
            {"noted", time_text(now.wall)},
            {"limit_s", trip.limit.count()},
            {"watched", trip.watched ? "yes" : "no"},
            {"overdue_told", trip.overdue_told ? "yes" : "no"},
            {"arrived", trip.arrived ? time_text(*trip.arrived) : "none"},
            {"result", text_of(trip.result)},
            {"result_id", trip.result_id}};
}

bool ZoneTrips::recall(const Value& note, Now now) {
    const auto container = ContainerNumber::parse(text_member(note, "container"));
    const auto passage = PassageId::parse(text_member(note, "passage"));
    const auto directed = time_from_text(text_member(note, "directed"));
    const auto noted = time_from_text(text_member(note, "noted"));
    const auto travelled = number_member(note, "travelled_ms");
    const auto limit = number_member(note, "limit_s");
    const auto result = enum_from<ZoneResultState>(text_member(note, "result"));
    const auto zone = text_member(note, "zone");
    if (!container || !passage || !directed || !noted || !travelled || !limit || !result || zone.empty() ||
        trips_.size() >= most_trips) {
        return false;
    }
    ZoneTrip trip{*container, zone, *passage, *directed};
    trip.arrived = time_from_text(text_member(note, "arrived"));
    trip.travelled = std::chrono::milliseconds{*travelled};
    if (!trip.arrived) {
        trip.travelled += std::max(std::chrono::milliseconds{}, now.wall - *noted);
    }
    trip.counted_from = now.instant;
    trip.limit = std::chrono::seconds{*limit};
    trip.watched = text_member(note, "watched") != "no";
    trip.overdue_told = text_member(note, "overdue_told") == "yes";
    trip.result = *result;
    trip.result_id = text_member(note, "result_id");
    trips_.push_back(std::move(trip));
    return true;
}

}  // namespace portcullis::gate
