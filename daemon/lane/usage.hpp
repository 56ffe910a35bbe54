#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <vector>

#include "core/facts.hpp"
#include "core/ids.hpp"
#include "core/order.hpp"
#include "core/verdict.hpp"

namespace portcullis::lane {

/// Which places of orders this gate's lanes have taken, ahead of the journal's database (design.md 3, usage). One for
/// all lanes of a gate, so that what one lane reserves every other sees at once. The database is the truth that
/// outlives the process; this holds what changed since a look-up may have read it.
class UsageLedger {
public:
    /// Takes a place of `claim` for `passage`, or leaves all as it was and answers false when none is free. `found` is
    /// what the look-up said about the order. A place that the passage holds already is not taken twice.
    [[nodiscard]] bool reserve(const UsageClaim& claim, const std::vector<Usage>& found, PassageId passage);
    /// The vehicle is past, or cannot be excluded to be past.
    void use(const UsageKey& key, PassageId passage, int place = 1);
    /// The vehicle went back, on proof.
    void give_back(const UsageKey& key, PassageId passage, int place = 1);
    /// A reservation that was open when the process before this one ended.
    void restore(const UsageKey& key, PassageId passage, int place = 1);

    /// Places of `key` that are not free: what the database said, corrected by what happened since.
    [[nodiscard]] std::vector<Usage> taken(const UsageKey& key, const std::vector<Usage>& found) const;
    /// Corrects the answer of a look-up before it is evaluated.
    void overlay(OrdersFound& found, const ControlPoint& control_point) const;

    [[nodiscard]] std::size_t size() const { return places_.size(); }

private:
    /// Changes that are no reservations are kept this many deep: a look-up that began before the newest of them was
    /// committed has long been answered.
    static constexpr std::size_t settled_kept = 1024;

    struct Place {
        UsageKey key;
        PassageId passage;
        int place = 1;
        friend auto operator<=>(const Place&, const Place&) = default;
    };
    void set(const Place& place, UsageState state);
    /// The first place of `key` in the map, if it has one.
    [[nodiscard]] static Place before_all(const UsageKey& key) { return {key, PassageId{}, 0}; }

    std::map<Place, UsageState> places_;
    std::deque<Place> settled_;
};

}  // namespace portcullis::lane
