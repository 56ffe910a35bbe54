#include "tests/simulation/paperwork.hpp"

#include <array>
#include <utility>

namespace portcullis::simulation {

Order order_of(const char* authority, std::string id, decltype(Order::body) body) {
    Order order;
    order.authority = Authority{authority};
    order.id = OrderId{std::move(id)};
    order.body = std::move(body);
    order.valid_to = WallTime{std::chrono::hours{24 * 365 * 200}};  // longer than any run
    return order;
}

std::optional<std::string> Paperwork::any_number() {
    return carried_.empty() ? std::nullopt : std::optional{carried_.back().text()};
}

void Paperwork::write_for(std::size_t lane, world::Vehicle& vehicle) {
    const auto& chances = run_.plan.chances;
    if (!vehicle.boxes.empty() && random_.chance(chances.appointed)) {
        appoint(lane, vehicle);
    } else {
        for (auto& box : vehicle.boxes) {
            box.number = released_number(lane, vehicle.plate);
        }
    }
    if (random_.chance(chances.targeted)) {
        target(vehicle);
    }
}

// ---- releases: one box, several authorities

std::string Paperwork::released_number(std::size_t lane, const std::string& plate) {
    if (!carried_.empty() && random_.chance(run_.plan.chances.cloned)) {
        return random_.of(carried_).text();
    }
    const auto number = container_number(random_);
    carried_.push_back(number);
    write_releases(lane, number, plate);
    return number.text();
}

void Paperwork::write_releases(std::size_t lane, const ContainerNumber& number, const std::string& plate) {
    const bool out = run_.checks.lanes[lane].way == LaneWay::out;
    for (const auto* authority : {"ciq", "customs"}) {
        ReleaseOrder release;
        release.status = ReleaseStatus::released;
        release.movement = out ? Movement::import_laden : Movement::export_laden;
        release.container = number;
        const auto fate = random_.below(100);
        if (fate < 4) {
            release.status = ReleaseStatus::held;
        } else if (fate < 7) {
            release.status = ReleaseStatus::inspect;
        }
        auto order = order_of(authority, "R-" + number.text(), std::move(release));
        const auto parsed = PlateNumber::parse(plate);
        if (parsed && random_.chance(200)) {
            order.tractor_plates.push_back(*parsed);
        }
        order.uses = random_.chance(100) ? 2 : 1;
        send(lane, order);
    }
}

// ---- appointments: a plate, any box

void Paperwork::appoint(std::size_t lane, world::Vehicle& vehicle) {
    const auto& settings = run_.checks.lanes[lane];
    // Emptiness must be proved; where no sensor can, laden boxes are moved within the country.
    const bool empties = settings.has(Role::empty_seen);
    for (auto& box : vehicle.boxes) {
        box.number = container_number(random_).text();
        box.empty = empties;
    }
    if (!appointed_.empty() && random_.chance(600)) {
        vehicle.plate = random_.of(appointed_);  // comes again for its next box
        return;
    }
    const auto plate = PlateNumber::parse(vehicle.plate);
    if (!plate) {
        return;
    }
    appointed_.push_back(vehicle.plate);
    MovementOrder movement;
    const auto way = settings.way == LaneWay::out ? Movement::empty_out : Movement::empty_in;
    movement.movement = empties ? way : Movement::domestic;
    auto order = order_of("terminal", "M-" + std::to_string(++last_number_), std::move(movement));
    order.tractor_plates.push_back(*plate);
    order.uses = static_cast<int>(random_.between(1, 3));
    send(lane, order);
}

// ---- targeting

void Paperwork::target(const world::Vehicle& vehicle) {
    TargetingOrder targeting;
    targeting.action = random_.of(std::array{TargetingAction::hold, TargetingAction::inspect, TargetingAction::watch});
    targeting.visibility = Visibility::covert;
    const auto number = vehicle.boxes.empty() ? std::nullopt : std::optional{vehicle.boxes.front().number};
    if (number && random_.chance(600)) {
        if (const auto parsed = ContainerNumber::parse(*number)) {
            targeting.match.container = *parsed;
        }
    }
    if (const auto plate = PlateNumber::parse(vehicle.plate); plate && !targeting.match.container) {
        targeting.match.plate = *plate;
    }
    const auto order = order_of("customs", "T-" + std::to_string(++last_number_), std::move(targeting));
    // Before it comes, or while it stands there.
    run_.agenda.after(random_.millis(1, 20000), [this, order] { gate_.order_applied(order); });
    if (random_.chance(300)) {
        revoke_later(order);
    }
}

// ---- how an order gets here

void Paperwork::send(std::size_t lane, const Order& order) {
    const auto fate = random_.below(100);
    if (fate < 4) {
        return;  // nobody ever says anything
    }
    if (fate < 9) {
        run_.agenda.after(random_.millis(4000, 20000), [this, order] { gate_.order_applied(order); });
        return;
    }
    if (fate < 13) {
        revoke_later(order);
    } else if (fate < 17) {
        take_place_before(lane, order);
    }
    gate_.order_applied(order);
}

void Paperwork::revoke_later(const Order& order) {
    auto revoked = order;
    revoked.revoked = true;
    run_.agenda.after(random_.millis(5000, 25000), [this, revoked] { gate_.order_applied(revoked); });
}

void Paperwork::take_place_before(std::size_t lane, const Order& order) {
    const UsageKey key{order.authority, order.id, container_of(order), run_.checks.lanes[lane].control_point};
    const PassageId passage{random_.bytes()};
    run_.checks.usage.allowed(order.authority, order.id, order.uses);
    run_.checks.usage.committed({key, passage, UsageState::used});
    gate_.store().take_before(key, passage);
}

}  // namespace portcullis::simulation
