#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/portal.hpp"
#include "core/radiation.hpp"
#include "core/time.hpp"

namespace portcullis::lane {

/// By what a passage claims a transit. `uncertain` = it may be one of several, and is none.
enum class ClaimBy : std::uint8_t { none, plate, tag, order, uncertain };

/// What a passage knows of itself when it looks for its transit.
struct Claimant {
    PassageId passage;
    Instant detected;
    std::vector<std::string> plates;  ///< valid, normalised
    std::vector<std::string> tags;
};

/// What a passage has of one portal.
struct Claim {
    ClaimBy by = ClaimBy::none;
    std::optional<TransitId> transit;
    bool open = false;  ///< its vehicle is not through yet: more of it will be known
    /// Of its transit. Of an uncertain one the worst alarm among those that it may be, else unknown.
    RadiationState radiation = RadiationState::not_monitored;
    friend bool operator==(const Claim&, const Claim&) = default;
};

/// The transits of a gate's portals, and which passage claimed which: one for all lanes, so that each transit is
/// claimed by one passage at most. Plate before tag before order in time; what was claimed by order alone is given up
/// to whoever proves by plate or tag that it is his.
class PortalTransits {
public:
    /// A transit began, or more of it is known.
    void put(const Transit& transit);
    /// Claims, keeps, or gives up what `claimant` has of the portal. Asked again when more is known of the vehicle or
    /// of a transit.
    Claim claim(const PortalAhead& portal, const Claimant& claimant);
    /// Null when it is forgotten.
    [[nodiscard]] const Transit* find(const TransitId& id) const;
    /// What is known by now of a claim that is looked for no more: it stands, unless another proved that it is his.
    [[nodiscard]] Claim standing(const Claim& claim, const PassageId& passage) const;
    /// Those of a portal that nobody claimed within `travel_most` of their end, each once; older ones are forgotten.
    [[nodiscard]] std::vector<Transit> unclaimed(const PortalName& portal, std::chrono::milliseconds travel_most,
                                                 Instant now);
    /// Called when something that another passage had or may have has changed.
    void on_change(std::function<void(const PortalName&)> changed) { changed_ = std::move(changed); }

    /// More vehicles than these fit between no portal and its lanes.
    static constexpr std::size_t most_transits = 64;
    /// A plate is read this long after its vehicle was detected, at most.
    static constexpr std::chrono::seconds read_within{60};

private:
    struct Entry {
        Transit transit;
        std::optional<PassageId> by_passage;
        ClaimBy by = ClaimBy::none;
        bool told_unclaimed = false;
    };

    using Entries = std::vector<Entry>;
    Claim take(Entry& entry, ClaimBy by, const Claimant& claimant);
    void give_up(Entries& entries, const PassageId& passage, const Entry* kept);
    void tell(const PortalName& portal) const;

    std::map<PortalName, Entries> entries_;
    std::function<void(const PortalName&)> changed_;
};

}  // namespace portcullis::lane

namespace portcullis {

template <>
inline constexpr auto enum_texts<lane::ClaimBy> = std::to_array<EnumText<lane::ClaimBy>>({
    {lane::ClaimBy::none, "none"},
    {lane::ClaimBy::plate, "plate"},
    {lane::ClaimBy::tag, "tag"},
    {lane::ClaimBy::order, "order"},
    {lane::ClaimBy::uncertain, "uncertain"},
});

}  // namespace portcullis
