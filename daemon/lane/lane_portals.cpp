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

/// Of a vehicle that came by the front way and has not gone. What it is known by may have changed since the last time.
void Lane::claim_transits(Passage& passage) {
    passage.claims_due = false;
    const auto detected = passage.times.detected.at();
    const bool comes = passage.origin == Origin::arrival || passage.origin == Origin::detected_late;
    if (portals_ == nullptr || !comes || !detected || passage.state() == PassageState::passing) {
        return;
    }
    Claimant claimant{passage.id, *detected, valid_texts(passage.readings, ReadingKind::plate),
                      valid_texts(passage.readings, ReadingKind::tag)};
    auto ahead = RadiationState::not_monitored;
    for (const auto& portal : settings_.portals) {
        const auto claim = portals_->claim(portal, claimant);
        auto& before = passage.claims[portal.name];
        const bool proved = claim.by == ClaimBy::plate || claim.by == ClaimBy::tag;
        if (proved && claim != before && !passage.identity) {
            if (const auto* transit = portals_->find(*claim.transit)) {
                take_readings(passage, *transit);
            }
        }
        before = claim;
        if (!portal.radiation.empty()) {
            ahead = together(ahead, claim.radiation);
        }
    }
    passage.radiation.ahead = ahead;
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
