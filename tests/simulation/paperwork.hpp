#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "simulators/world/vehicle.hpp"
#include "tests/simulation/gate_model.hpp"

namespace portcullis::simulation {

/// An order that is in force longer than any run.
[[nodiscard]] Order order_of(const char* authority, std::string id, decltype(Order::body) body);

/// What authorities say of the vehicles that come: releases of boxes, appointments of plates, targeting.
class Paperwork {
public:
    Paperwork(Run run, GateModel& gate, Random random) : run_(run), gate_(gate), random_(random) {}

    /// Numbers the boxes of a vehicle and writes what is said of it; may give it the plate of one that came before.
    void write_for(std::size_t lane, world::Vehicle& vehicle);
    /// A number that some vehicle carried, or nothing before the first.
    [[nodiscard]] std::optional<std::string> any_number();

private:
    [[nodiscard]] std::string released_number(std::size_t lane, const std::string& plate);
    void write_releases(std::size_t lane, const ContainerNumber& number, const std::string& plate);
    void appoint(std::size_t lane, world::Vehicle& vehicle);
    void target(const world::Vehicle& vehicle);
    void send(std::size_t lane, const Order& order);
    void revoke_later(const Order& order);
    void take_place_before(std::size_t lane, const Order& order);

    Run run_;
    GateModel& gate_;
    Random random_;
    std::vector<ContainerNumber> carried_;
    std::vector<std::string> appointed_;  ///< plates
    int last_number_ = 0;                 ///< of appointments and targeting orders
};

}  // namespace portcullis::simulation
