#include "gate/portal_desk.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "lane/radiation_events.hpp"

namespace portcullis::gate {

namespace {

std::int64_t whole_seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time).count();
}

/// No other desk or lane of this process gives the same numbers.
std::uint64_t token_base(const IdSource& ids) {
    const auto bytes = ids();
    std::uint64_t base = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        base = base << 8U | bytes[i];
    }
    return base << 32U;
}

/// One value: it holds plates and tags, and is erased with them.
List readings_of(const Transit& transit) {
    List readings;
    for (const auto& one : transit.readings) {
        readings.emplace_back(Object{{"reader", one.device.text()},
                                     {"role", text_of(one.role)},
                                     {"kind", text_of(one.reading.kind)},
                                     {"raw", one.reading.raw},
                                     {"at_wire_ms", mono_ms(one.at)}});
    }
    return readings;
}

Event on_portal(std::string_view type, const Transit& transit, std::int64_t after_s, const Now& now) {
    const auto& occupancy = transit.occupancy;
    const auto speed = occupancy && occupancy->speed_mm_s ? Value{*occupancy->speed_mm_s} : Value{"unknown"};
    return {std::string{type}, "portal/" + transit.portal.text(), now,
            Object{{"transit", transit.id.text()},
                   {"way", text_of(transit.way)},
                   {"readings", readings_of(transit)},
                   {"load", "unknown"},
                   {"occupancy", transit.has_radiation ? text_of(transit.radiation) : "none"},
                   {"speed_mm_s", speed},
                   {"after_s", after_s}},
            std::nullopt};
}

}  // namespace

PortalDesk::PortalDesk(const std::vector<PortalSettings>& portals, RadiationLimits limits, const IdSource& ids,
                       Ports ports)
    : limits_(limits), ports_(std::move(ports)), last_token_(token_base(ids)) {
    for (const auto& portal : portals) {
        const auto index = portals_.size();
        if (portal.loop) {
            devices_[portal.loop->device] = index;
        }
        if (!portal.radiation.empty()) {
            devices_[portal.radiation] = index;
        }
        for (const auto& reader : portal.readers) {
            devices_[reader.device] = index;
        }
        portals_.emplace_back(portal, limits, ids);
    }
    transits_.on_change([this](const PortalName& portal) {
        if (std::find(changed_.begin(), changed_.end(), portal) == changed_.end()) {
            changed_.push_back(portal);
        }
    });
}

void PortalDesk::observed(const Observation& observation, Now now) {
    // A module's loops may belong to several portals.
    const bool of_module =
        std::holds_alternative<InputSeen>(observation.what) || std::holds_alternative<HealthChanged>(observation.what);
    const auto known = devices_.find(observation.device);
    if (known == devices_.end()) {
        return;
    }
    for (std::size_t i = 0; i < portals_.size(); ++i) {
        if (of_module || i == known->second) {
            tell(portals_[i], portals_[i].see(observation), now);
        }
    }
    tell_changes();
}

void PortalDesk::tick(Now now) {
    for (auto& portal : portals_) {
        tell(portal, portal.tick(now.instant), now);
        const auto& settings = portal.settings();
        for (const auto& transit : transits_.unclaimed(settings.name, settings.travel_most, now.instant)) {
            ports_.record(on_portal("portal.unclaimed", transit, whole_seconds(now.instant - transit.ended), now));
        }
    }
    tell_changes();
}

void PortalDesk::tell(const lane::PortalTracker& portal, const lane::PortalNews& news, Now now) {
    const auto& settings = portal.settings();
    const lane::RadiationPlace place{settings.radiation, settings.name.text(), "none", {}};
    if (news.alarm) {
        ports_.record(lane::radiation_alarm(place, *news.alarm, "unknown", now));
    }
    if (news.occupancy) {
        ports_.record(lane::radiation_occupancy(place, *news.occupancy, level_of(*news.occupancy, limits_), {}, now,
                                                EventToken{++last_token_}));
    }
    for (const auto& transit : news.through) {
        ports_.record(on_portal("portal.transit", transit, 0, now));
        transits_.put(transit);
    }
    for (const auto& transit : news.changed) {
        transits_.put(transit);
    }
}

/// Outside of whatever called: a lane may be in the middle of its turn.
void PortalDesk::tell_changes() {
    for (const auto& portal : std::exchange(changed_, {})) {
        ports_.changed(portal);
    }
}

}  // namespace portcullis::gate
