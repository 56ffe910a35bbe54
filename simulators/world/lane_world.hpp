#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/role.hpp"
#include "simulators/world/barrier.hpp"
#include "simulators/world/geometry.hpp"
#include "simulators/world/vehicle.hpp"

namespace portcullis::world {

/// Something that a reader standing at the lane would notice now.
struct Sighting {
    enum class What : std::uint8_t { plate, container };
    What what = What::plate;
    int vehicle = 0;
    std::string text;
};

/// What every input of a lane says at one moment, a bit a role.
class Inputs {
public:
    [[nodiscard]] bool on(Role role) const { return (bits_ >> static_cast<unsigned>(role) & 1U) != 0; }
    /// On when anything of the lane says so.
    void put(Role role, bool on) { bits_ |= std::uint64_t{on ? 1U : 0U} << static_cast<unsigned>(role); }
    friend bool operator==(const Inputs&, const Inputs&) = default;

private:
    static_assert(enum_texts<Role>.size() <= 64);
    std::uint64_t bits_ = 0;
};

/// Ground truth, counted by the world and by nothing that the daemon says.
struct Truth {
    std::int64_t passed = 0;  ///< vehicles whose whole body went beyond the arm forwards
    std::int64_t turned = 0;  ///< vehicles that left by the back
    std::int64_t struck = 0;  ///< vehicles that the arm came down on
};

/// One lane: vehicles in metres against loops, beams, cameras and an arm. Pure: time is stepped by the caller, the
/// same calls give the same world.
class LaneWorld {
public:
    LaneWorld(Geometry geometry, BarrierBoard board) : geometry_(geometry), barrier_(board) {}

    /// A vehicle at the near end (at the far end for `wrong_way`). Returns its id.
    int spawn(Vehicle vehicle);
    /// Nobody is there any more.
    void clear() { vehicles_.clear(); }
    /// Outputs of the daemon, as the wires carry them.
    void light_go(bool green) { light_go_ = green; }
    void light_lane(bool green) { light_lane_ = green; }

    /// Moves everything on; what the cameras notice meanwhile goes to `sight`.
    void step(double seconds, const std::function<void(const Sighting&)>& sight);

    /// What the inputs would say on ideal wiring: on = vehicle present, box present, limit reached.
    [[nodiscard]] Inputs inputs() const;
    [[nodiscard]] bool input(Role role) const { return inputs().on(role); }
    /// What lies on the weighbridge, in kilograms, and whether any of it rolls.
    [[nodiscard]] double mass_on_bridge() const;
    [[nodiscard]] bool rolls_on_bridge() const;
    /// The vehicle in the beam of the radiation monitor; the first of two, null for none.
    [[nodiscard]] const Vehicle* in_radiation_beam() const;
    /// A vehicle is under the arm's own line or on its loop.
    [[nodiscard]] bool under_arm() const;

    [[nodiscard]] Barrier& barrier() { return barrier_; }
    [[nodiscard]] const Barrier& barrier() const { return barrier_; }
    [[nodiscard]] std::vector<Vehicle>& vehicles() { return vehicles_; }
    [[nodiscard]] const std::vector<Vehicle>& vehicles() const { return vehicles_; }
    [[nodiscard]] Vehicle* vehicle(int id);
    [[nodiscard]] const Truth& truth() const { return truth_; }
    [[nodiscard]] const Geometry& geometry() const { return geometry_; }
    [[nodiscard]] bool light_go_is_green() const { return light_go_; }

private:
    void drive(Vehicle& vehicle, const Vehicle* ahead, double seconds);
    void take_manoeuvres(Vehicle& vehicle);
    [[nodiscard]] double wanted_speed(const Vehicle& vehicle, const Vehicle* ahead) const;
    [[nodiscard]] bool may_go(const Vehicle& vehicle) const;
    void see(const Vehicle& vehicle, double front_before, const std::function<void(const Sighting&)>& sight) const;
    [[nodiscard]] bool on_arm_loop() const;
    void judge(Vehicle& vehicle, bool lowering_before, double position_before);
    void remove_gone();

    Geometry geometry_;
    Barrier barrier_;
    std::vector<Vehicle> vehicles_;
    Truth truth_;
    bool light_go_ = false;
    bool light_lane_ = false;
    int next_id_ = 1;
};

}  // namespace portcullis::world
