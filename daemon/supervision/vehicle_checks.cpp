#include "supervision/vehicle_checks.hpp"

#include <algorithm>
#include <array>

#include "supervision/movement.hpp"

namespace portcullis::supervision {
namespace {

constexpr Finding hold(ReasonCode code, ReasonKind kind, std::string_view missing = {}) {
    return {code, kind, VerdictOutcome::hold, missing.empty() ? Tristate::yes : Tristate::unknown, missing};
}

bool requires_identity(const PassageFacts& facts, Identity identity) {
    return std::find(facts.required.begin(), facts.required.end(), identity) != facts.required.end();
}

void look_up_failed(const PassageFacts&, const OrdersFound& found, Findings& findings) {
    if (found.failed) {
        findings.push_back(hold(ReasonCode::lookup_failed, ReasonKind::storage, "orders"));
    }
}

/// A box may have an order that has not come yet; what is proved to carry none needs no order and so no cache.
void orders_empty(const PassageFacts& facts, const OrdersFound& found, Findings& findings) {
    const bool needs_none = facts.identity.containers.empty() && no_box_is_proved(facts);
    if (!found.failed && found.empty_cache && !needs_none) {
        findings.push_back(hold(ReasonCode::orders_empty, ReasonKind::storage, "orders"));
    }
}

void orders_behind(const PassageFacts&, const OrdersFound& found, Findings& findings) {
    if (found.behind) {
        findings.push_back(hold(ReasonCode::orders_behind, ReasonKind::storage, "orders"));
    }
}

void load_unknown(const PassageFacts& facts, const OrdersFound&, Findings& findings) {
    if (facts.load == Load::unknown || (facts.load == Load::none && !no_box_is_proved(facts))) {
        findings.push_back(hold(ReasonCode::load_unknown, ReasonKind::identity, "load"));
    }
}

void way_unknown(const PassageFacts& facts, const OrdersFound&, Findings& findings) {
    if (facts.way == Way::unknown) {
        findings.push_back(hold(ReasonCode::movement_unknown, ReasonKind::identity, "way"));
    }
}

/// Fewer numbers than boxes. Where the load is unknown, a lane that requires a number has one too few without any.
bool numbers_are_missing(const PassageFacts& facts) {
    const auto boxes = boxes_of(facts.load);
    const auto read = static_cast<int>(facts.identity.containers.size());
    return boxes ? read < *boxes : read == 0 && requires_identity(facts, Identity::container);
}

void container_unread(const PassageFacts& facts, const OrdersFound&, Findings& findings) {
    if (numbers_are_missing(facts) && facts.identity.containers.empty() && facts.identity.invalid_containers.empty()) {
        findings.push_back(hold(ReasonCode::container_unread, ReasonKind::identity, "container"));
    }
}

/// A reading with a defect matters only while a box has no number: another reader or frame may have it right.
void container_invalid(const PassageFacts& facts, const OrdersFound&, Findings& findings) {
    const bool incomplete = numbers_are_missing(facts) || facts.load == Load::unknown;
    if (incomplete && !facts.identity.invalid_containers.empty()) {
        findings.push_back(hold(ReasonCode::container_invalid, ReasonKind::identity, "container"));
    }
}

void boxes_differ(const PassageFacts& facts, const OrdersFound&, Findings& findings) {
    const auto boxes = boxes_of(facts.load);
    const auto read = static_cast<int>(facts.identity.containers.size());
    if (boxes && ((read != 0 && read != *boxes) || (facts.boxes && *facts.boxes != *boxes))) {
        findings.push_back(hold(ReasonCode::boxes_differ, ReasonKind::identity));
    }
}

void readers_disagree(const PassageFacts& facts, const OrdersFound&, Findings& findings) {
    const auto identifies = [](const Disagreement& disagreement) {
        return disagreement.kind == ReadingKind::container || disagreement.kind == ReadingKind::plate;
    };
    const auto& all = facts.identity.disagreements;
    if (std::any_of(all.begin(), all.end(), identifies)) {
        findings.push_back(hold(ReasonCode::readers_disagree, ReasonKind::identity));
    }
}

void plate_unread(const PassageFacts& facts, const OrdersFound&, Findings& findings) {
    if (!facts.identity.tractor && requires_identity(facts, Identity::plate)) {
        findings.push_back(hold(ReasonCode::plate_unread, ReasonKind::identity, "plate"));
    }
}

/// A paper plate of a vehicle on its way to registration: its forms differ by year and anyone prints one.
void plate_temporary(const PassageFacts& facts, const OrdersFound&, Findings& findings) {
    if (facts.identity.tractor && facts.identity.tractor->kind() == PlateKind::temporary) {
        findings.push_back(hold(ReasonCode::plate_temporary, ReasonKind::identity));
    }
}

/// It stays where it stands, whatever its papers say.
void radiation_high(const PassageFacts& facts, const OrdersFound&, Findings& findings) {
    if (facts.measures.radiation == RadiationState::high) {
        findings.push_back(hold(ReasonCode::radiation_high, ReasonKind::radiation));
    }
}

/// What its monitor called an alarm is looked at, whoever released it. A rule says where, and with what.
void radiation_suspect(const PassageFacts& facts, const OrdersFound&, Findings& findings) {
    if (facts.measures.radiation == RadiationState::suspect) {
        findings.push_back(
            {ReasonCode::radiation_suspect, ReasonKind::radiation, VerdictOutcome::inspect, Tristate::yes, {}});
    }
}

/// Of a lane that requires it: nobody measured it, or the measurement is not whole.
void radiation_unknown(const PassageFacts& facts, const OrdersFound&, Findings& findings) {
    const auto state = facts.measures.radiation;
    const bool known = state != RadiationState::not_monitored && state != RadiationState::unknown;
    if (!known && requires_identity(facts, Identity::radiation)) {
        findings.push_back(hold(ReasonCode::radiation_unknown, ReasonKind::radiation, "radiation"));
    }
}

using VehicleCheck = void (*)(const PassageFacts&, const OrdersFound&, Findings&);

/// A new rule about the vehicle is one function and one row.
constexpr std::array<VehicleCheck, 14> vehicle_checks{
    look_up_failed,   orders_empty,      orders_behind,     load_unknown,      way_unknown,
    container_unread, container_invalid, boxes_differ,      readers_disagree,  plate_unread,
    plate_temporary,  radiation_high,    radiation_suspect, radiation_unknown,
};

}  // namespace

Findings check_vehicle(const PassageFacts& facts, const OrdersFound& found) {
    Findings findings;
    for (const auto check : vehicle_checks) {
        check(facts, found, findings);
    }
    return findings;
}

}  // namespace portcullis::supervision
