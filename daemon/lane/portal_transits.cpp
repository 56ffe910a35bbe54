#include "lane/portal_transits.hpp"

#include <algorithm>

#include "core/plate_number.hpp"

namespace portcullis::lane {

namespace {

RadiationState worst_alarm(RadiationState one, RadiationState other) {
    return is_alarm(other) ? joined(one, other) : one;
}

/// The valid texts of one kind that were read in the transit, as a lane normalises them.
std::vector<std::string> texts_of(const Transit& transit, ReadingKind kind) {
    std::vector<std::string> texts;
    for (const auto& one : transit.readings) {
        if (one.reading.kind != kind || one.reading.raw.empty()) {
            continue;
        }
        if (kind == ReadingKind::plate) {
            if (const auto plate = PlateNumber::parse(one.reading.raw)) {
                texts.push_back(plate->text());
            }
        } else {
            texts.push_back(one.reading.raw);
        }
    }
    return texts;
}

bool share_one(const std::vector<std::string>& some, const std::vector<std::string>& others) {
    return std::any_of(some.begin(), some.end(), [&](const std::string& one) {
        return std::find(others.begin(), others.end(), one) != others.end();
    });
}

/// Both were read, and none is the same: it is another vehicle.
bool contradicts(const Transit& transit, const Claimant& claimant) {
    const auto plates = texts_of(transit, ReadingKind::plate);
    return !plates.empty() && !claimant.plates.empty() && !share_one(plates, claimant.plates);
}

bool came_then(const Transit& transit, const PortalAhead& portal, const Claimant& claimant) {
    // Its end may still be under the portal's loop or beam when a lane close behind sees its front.
    const bool in_time = !transit.over || claimant.detected - transit.ended <= portal.travel_most;
    return in_time && claimant.detected - transit.began >= portal.travel_least;
}

/// What was not measured to its end is unknown, unless it is an alarm already.
RadiationState radiation_so_far(const Transit& transit) {
    const bool unknown = !transit.over && transit.has_radiation && !is_alarm(transit.radiation);
    return unknown ? RadiationState::unknown : transit.radiation;
}

bool is_proof(ClaimBy by) {
    return by == ClaimBy::plate || by == ClaimBy::tag;
}

}  // namespace

void PortalTransits::put(const Transit& transit) {
    auto& entries = entries_[transit.portal];
    const auto known = std::find_if(entries.begin(), entries.end(),
                                    [&](const Entry& entry) { return entry.transit.id == transit.id; });
    if (known != entries.end()) {
        known->transit = transit;
    } else {
        entries.push_back({transit, std::nullopt, ClaimBy::none, false});
        if (entries.size() > most_transits) {
            entries.erase(entries.begin());
        }
    }
    tell(transit.portal);
}

const Transit* PortalTransits::find(const TransitId& id) const {
    for (const auto& [portal, entries] : entries_) {
        for (const auto& entry : entries) {
            if (entry.transit.id == id) {
                return &entry.transit;
            }
        }
    }
    return nullptr;
}

Claim PortalTransits::standing(const Claim& claim, const PassageId& passage) const {
    for (const auto& [portal, entries] : entries_) {
        for (const auto& entry : entries) {
            if (claim.transit == entry.transit.id) {
                const auto& transit = entry.transit;
                return entry.by_passage == passage
                           ? Claim{claim.by, transit.id, !transit.over, radiation_so_far(transit)}
                           : Claim{};
            }
        }
    }
    return claim;
}

void PortalTransits::tell(const PortalName& portal) const {
    if (changed_) {
        changed_(portal);
    }
}

Claim PortalTransits::take(Entry& entry, ClaimBy by, const Claimant& claimant) {
    const bool was_anothers = entry.by_passage && *entry.by_passage != claimant.passage;
    entry.by_passage = claimant.passage;
    entry.by = by;
    if (was_anothers) {
        tell(entry.transit.portal);
    }
    return {by, entry.transit.id, !entry.transit.over, radiation_so_far(entry.transit)};
}

/// Whoever holds one transit holds no other of the same portal.
void PortalTransits::give_up(Entries& entries, const PassageId& passage, const Entry* kept) {
    for (auto& entry : entries) {
        if (&entry != kept && entry.by_passage == passage) {
            entry.by_passage.reset();
            entry.by = ClaimBy::none;
            tell(entry.transit.portal);
        }
    }
}

Claim PortalTransits::claim(const PortalAhead& portal, const Claimant& claimant) {
    auto& entries = entries_[portal.name];
    const auto free_for = [&](const Entry& entry) {
        return !entry.by_passage || *entry.by_passage == claimant.passage || !is_proof(entry.by);
    };
    for (const auto by : {ClaimBy::plate, ClaimBy::tag}) {
        const auto kind = by == ClaimBy::plate ? ReadingKind::plate : ReadingKind::tag;
        const auto& mine = by == ClaimBy::plate ? claimant.plates : claimant.tags;
        // The newest: the same vehicle may have come by before.
        const auto found = std::find_if(entries.rbegin(), entries.rend(), [&](const Entry& entry) {
            return free_for(entry) && came_then(entry.transit, portal, claimant) &&
                   share_one(texts_of(entry.transit, kind), mine);
        });
        if (found != entries.rend()) {
            give_up(entries, claimant.passage, &*found);
            return take(*found, by, claimant);
        }
    }
    std::vector<Entry*> candidates;
    for (auto& entry : entries) {
        const bool free = !entry.by_passage || *entry.by_passage == claimant.passage;
        if (free && came_then(entry.transit, portal, claimant) && !contradicts(entry.transit, claimant)) {
            candidates.push_back(&entry);
        }
    }
    // Behind a portal of one lane nobody overtakes: the first is the first.
    if (candidates.size() == 1 || (!portal.is_shared && !candidates.empty())) {
        give_up(entries, claimant.passage, candidates.front());
        return take(*candidates.front(), ClaimBy::order, claimant);
    }
    give_up(entries, claimant.passage, nullptr);
    if (candidates.empty()) {
        return {};
    }
    Claim uncertain{ClaimBy::uncertain, std::nullopt, false, RadiationState::unknown};
    for (const auto* one : candidates) {
        uncertain.open = uncertain.open || !one->transit.over;
        uncertain.radiation = worst_alarm(uncertain.radiation, one->transit.radiation);
    }
    return uncertain;
}

std::vector<Transit> PortalTransits::unclaimed(const PortalName& portal, std::chrono::milliseconds travel_most,
                                               Instant now) {
    std::vector<Transit> raised;
    const auto found = entries_.find(portal);
    if (found == entries_.end()) {
        return raised;
    }
    const auto over = [&](const Entry& entry) {
        return entry.transit.over && now - entry.transit.ended > travel_most + read_within;
    };
    for (auto& entry : found->second) {
        if (over(entry) && !entry.by_passage && !entry.told_unclaimed) {
            entry.told_unclaimed = true;
            raised.push_back(entry.transit);
        }
    }
    std::erase_if(found->second, over);
    return raised;
}

}  // namespace portcullis::lane
