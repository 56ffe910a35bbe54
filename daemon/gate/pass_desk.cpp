#include "gate/pass_desk.hpp"

#include <algorithm>
#include <utility>

#include "supervision/passes.hpp"

namespace portcullis::gate {

ListedPasses::ListedPasses(PassList passes) : list(std::move(passes)) {
    for (std::size_t i = 0; i < list.passes.size(); ++i) {
        by_plate.emplace(list.passes[i].plate.text(), i);
        if (list.passes[i].count) {
            counts.insert(list.passes[i].id);
        }
    }
}

Result<PassList, codec::Refusal> ListedPasses::read(std::string_view payload) {
    return codec::read_passes(payload);
}

DocumentChanges ListedPasses::counted() const {
    const auto visitors = std::count_if(list.passes.begin(), list.passes.end(),
                                        [](const Pass& pass) { return pass.kind == PassKind::visitor; });
    const auto standing = static_cast<std::ptrdiff_t>(list.passes.size()) - visitors;
    return DocumentChanges{
        .list = {"standing passes " + std::to_string(standing), "visitors " + std::to_string(visitors)}};
}

PassDesk::PassDesk(const runtime::Log& log, const lane::UsageLedger& ledger, Ports ports)
    : SignedList(log, std::move(ports)), ledger_(ledger) {}

/// Those of the plates that are its own, while the list counts and the time floor has not passed them.
std::vector<const Pass*> PassDesk::passes_of(const PassageFacts& facts, WallTime now) const {
    std::vector<const Pass*> passes;
    const auto& identity = facts.identity;
    const auto* const listed = counting(now);
    if (listed == nullptr || !identity.tractor) {
        return passes;
    }
    const auto time = trust().time(now);
    std::set<std::string> plates{identity.tractor->text()};
    if (identity.home_plate) {
        plates.insert(identity.home_plate->text());
    }
    for (const auto& plate : plates) {
        const auto [first, last] = listed->by_plate.equal_range(plate);
        for (auto one = first; one != last; ++one) {
            const auto& pass = listed->list.passes[one->second];
            if (pass.valid_to > time) {
                passes.push_back(&pass);
            }
        }
    }
    return passes;
}

std::vector<UsageKey> PassDesk::places(const PassageFacts& facts) const {
    std::vector<UsageKey> places;
    // The time floor alone may leave one out: who is asked for a place too many is asked for nothing.
    for (const auto* pass : passes_of(facts, {})) {
        if (pass->count) {
            places.push_back(supervision::pass_place(*pass, facts.control_point));
        }
    }
    return places;
}

bool PassDesk::may_count(std::string_view pass) const {
    const auto* const listed = held();
    return listed == nullptr || listed->counts.contains(pass);
}

void PassDesk::measure(PassageFacts& facts, const std::vector<Usage>& taken, WallTime now) const {
    const auto passes = passes_of(facts, now);
    if (passes.empty()) {
        return;
    }
    const auto& list = held()->list;
    KnownPasses known{list.version, list.expires, {}};
    for (const auto* pass : passes) {
        KnownPass one{*pass};
        one.pass.holder.clear();  // nothing is decided by it
        if (pass->count) {
            one.places = ledger_.taken(supervision::pass_place(*pass, facts.control_point), taken);
            one.taken = static_cast<int>(std::count_if(one.places.begin(), one.places.end(), [&](const Usage& place) {
                return place.passage != facts.passage;
            }));
        }
        known.passes.push_back(std::move(one));
    }
    facts.measures.passes = std::move(known);
}

}  // namespace portcullis::gate
