#include "supervision/weight.hpp"

#include <cstdlib>
#include <map>

#include "supervision/declared.hpp"
#include "supervision/kleene.hpp"

namespace portcullis::supervision {
namespace {

/// The mass that is declared for all boxes of a vehicle.
struct DeclaredMass {
    MassBasis basis = MassBasis::goods;
    std::int64_t kg = 0;
    std::int64_t box_tares_kg = 0;
};

const ReleaseOrder* first_with_mass(const std::vector<const ReleaseOrder*>& orders) {
    for (const auto* order : orders) {
        if (order->gross_kg) {
            return order;
        }
    }
    return nullptr;
}

/// The tare of a box counts only where goods alone are declared.
std::optional<std::int64_t> tare_of(const std::vector<const ReleaseOrder*>& orders, MassBasis basis) {
    if (basis != MassBasis::goods) {
        return 0;
    }
    for (const auto* order : orders) {
        if (order->box_tare_kg) {
            return order->box_tare_kg;
        }
    }
    return {};
}

/// Each declaration once, whichever boxes it is spread over; nothing when a box's is unknown or of another thing.
std::optional<DeclaredMass> declared_mass(const PassageFacts& facts, const std::vector<FoundOrder>& orders,
                                          const DecisionBasis& basis) {
    std::optional<MassBasis> of;
    std::map<std::vector<std::string>, std::int64_t> by_declaration;
    std::int64_t tares = 0;
    for (const auto& box : facts.identity.containers) {
        const auto counting = orders_that_count(orders, box.number, facts, basis);
        const auto* order = first_with_mass(counting);
        if (order == nullptr || !order->mass_basis || (of && *of != *order->mass_basis)) {
            return {};
        }
        of = order->mass_basis;
        const auto tare = tare_of(counting, *of);
        if (!tare) {
            return {};
        }
        tares += *tare;
        const bool declares = order->declarations && !order->declarations->empty();
        by_declaration.try_emplace(declares ? *order->declarations : std::vector{box.number.text()}, *order->gross_kg);
    }
    if (!of) {
        return {};
    }
    DeclaredMass mass{*of, 0, tares};
    for (const auto& [declaration, kg] : by_declaration) {
        mass.kg += kg;
    }
    return mass;
}

/// What was weighed of the thing that is declared.
std::optional<std::int64_t> weighed_kg(const PassageMeasures& measures, const DeclaredMass& declared) {
    if (!measures.gross_vehicle_kg) {
        return {};
    }
    if (declared.basis == MassBasis::vehicle) {
        return measures.gross_vehicle_kg;
    }
    if (!measures.vehicle_tare_kg) {
        return {};
    }
    return *measures.gross_vehicle_kg - *measures.vehicle_tare_kg - declared.box_tares_kg;
}

bool is_beyond(const WeightTolerance& tolerance, std::int64_t declared_kg, std::int64_t delta_kg) {
    const auto off = std::abs(delta_kg);
    const bool beyond_share = off * 1000 > declared_kg * tolerance.permille;
    const bool beyond_mass = off > tolerance.kg;
    return tolerance.choice == ToleranceChoice::larger ? beyond_share && beyond_mass : beyond_share || beyond_mass;
}

}  // namespace

WeightJudgement judge_weight(const WeightTolerance& tolerance, const PassageFacts& facts,
                             const std::vector<FoundOrder>& orders, const DecisionBasis& basis) {
    const auto declared = declared_mass(facts, orders, basis);
    const auto weighed = declared ? weighed_kg(facts.measures, *declared) : std::nullopt;
    if (!weighed) {
        return {};
    }
    const auto delta = *weighed - declared->kg;
    return {delta, truth(is_beyond(tolerance, declared->kg, delta))};
}

}  // namespace portcullis::supervision
