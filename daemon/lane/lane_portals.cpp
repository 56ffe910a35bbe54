// Portals before the lane: which transit is a passage's (design.md 3).
#include <algorithm>

#include "lane/lane.hpp"

namespace portcullis::lane {

namespace {

std::vector<std::string> valid_texts(const IdentityFusion& readings, ReadingKind kind) {
    std::vector<std::string> texts;
    for (const auto& reading : readings.readings()) {
        if (reading.kind == kind && reading.valid()) {
            texts.push_back(reading.plate ? reading.plate->text() : reading.normalised);
        }
    }
    return texts;
}

/// The worst alarm of all; else clean only if one is.
RadiationState together(RadiationState one, RadiationState other) {
    for (const auto state :
         {RadiationState::high, RadiationState::suspect, RadiationState::clean, RadiationState::unknown}) {
        if (one == state || other == state) {
            return state;
        }
    }
    return RadiationState::not_monitored;
}

}  // namespace

void Lane::take(const TransitsChanged& changed, Turn& /*turn*/) {
    for (const auto& portal : settings_.portals) {
        if (portal.name == changed.portal) {
            for (const auto& passage : passages_) {
                passage->claims_due = true;
            }
        }
    }
}

/// Of a vehicle that came by the front way. What it is known by may have changed since the last time; later than its
/// plate can be read nothing is looked for any more, and what it has stands.
void Lane::claim_transits(Passage& passage, Instant now) {
    passage.claims_due = false;
    const auto detected = passage.times.detected.at();
    const bool came = passage.origin == Origin::arrival || passage.origin == Origin::detected_late;
    if (portals_ == nullptr || !came || !detected) {
        return;
    }
    const bool looks = passage.state() != PassageState::passing && now - *detected <= PortalTransits::read_within;
    const Claimant claimant{passage.id, *detected, valid_texts(passage.readings, ReadingKind::plate),
                            valid_texts(passage.readings, ReadingKind::tag)};
    auto ahead = RadiationState::not_monitored;
    bool open = false;
    for (const auto& portal : settings_.portals) {
        auto& before = passage.claims[portal.name];
        const auto claim = looks ? portals_->claim(portal, claimant) : portals_->standing(before, passage.id);
        const bool proved = claim.by == ClaimBy::plate || claim.by == ClaimBy::tag;
        if (proved && claim != before && !passage.identity) {
            if (const auto* transit = portals_->find(*claim.transit)) {
                take_readings(passage, *transit);
            }
        }
        before = claim;
        if (!portal.radiation.empty()) {
            ahead = together(ahead, claim.radiation);
            open = open || claim.open;
        }
    }
    passage.changed = passage.changed || ahead != passage.radiation.ahead;
    passage.radiation.ahead = ahead;
    passage.radiation.ahead_open = open;
}

/// Only of a transit that is proved to be its own: a neighbour's number is worse than none.
void Lane::take_readings(Passage& passage, const Transit& transit) {
    for (const auto& one : transit.readings) {
        if (one.reading.kind == ReadingKind::container && !one.reading.raw.empty()) {
            (void)passage.readings.take(judge(one.role, one.device, one.reading, one.at));
        }
    }
}

}  // namespace portcullis::lane
