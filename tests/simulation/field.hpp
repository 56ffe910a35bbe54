#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/command.hpp"
#include "core/observation.hpp"
#include "simulators/world/lane_world.hpp"
#include "tests/simulation/plan.hpp"

namespace portcullis::simulation {

/// One step of every world.
inline constexpr std::chrono::milliseconds tick{100};

/// How an input deceives.
enum class WireFault : std::uint8_t { none, unknown, stuck_on, stuck_off, flickers };

/// A driver's mind, beyond what the world's vehicle knows.
struct Driver {
    std::chrono::milliseconds patience{15000};  ///< stands that long at the line or the arm, then goes back
    std::optional<double> backs_out_at;         ///< goes back when its front has come that far
    bool returns = false;                       ///< and comes again
};

/// Who hears of what happens in a field.
class FieldListener {
public:
    FieldListener() = default;
    FieldListener(const FieldListener&) = delete;
    FieldListener& operator=(const FieldListener&) = delete;
    virtual ~FieldListener() = default;

    virtual void input(std::size_t lane, Role role, InputSeen seen) = 0;
    virtual void sighting(std::size_t lane, const world::Sighting& sighting) = 0;
    virtual void visit(std::size_t lane, int vehicle) = 0;
    virtual void passed(std::size_t lane, int vehicle) = 0;
    /// Off every sensor; `back` = it has not passed the arm.
    virtual void away(std::size_t lane, int vehicle, bool back) = 0;
};

/// One lane's world with its wires, drivers and outputs. It outlives every process of the daemon. Ground truth is
/// counted here, from bodies against the arm, and by nothing that a lane says.
class Field {
public:
    Field(std::size_t lane, const LanePlan& plan, FieldListener& listener, Random random);

    int enter(world::Vehicle vehicle, Driver driver);
    /// Moves everything on by one tick; polls the inputs when a process listens.
    void step();
    /// Nothing can change before somebody acts from outside.
    [[nodiscard]] bool asleep() const;
    void wake() { quiet_ticks_ = 0; }

    /// A process begins or ceases to listen: every input is read anew.
    void listen(bool on);
    /// Moves an output's wire.
    void write(const Command& command);
    /// What the device looks at right before a close: the arm's inputs as last polled, twice clear.
    [[nodiscard]] bool freshly_clear() const;
    /// The output module lost its host: every output takes its configured safe value.
    void host_lost();
    /// Since the host was lost the module itself asks the arm down: it let go of a held open contact, or a close
    /// contact stays closed.
    [[nodiscard]] bool module_asks_down() const { return let_go_ || close_stays_; }

    void set_fault(Role role, WireFault fault);
    void set_fault(WireFault fault);
    [[nodiscard]] bool any_fault() const {
        const auto& faults = world_.barrier().faults;
        return wire_fault_ || faults.stuck || faults.open_limit_dead || faults.closed_limit_stuck ||
               faults.power_lost || faults.broken_off;
    }
    [[nodiscard]] bool arm_inputs_lie() const;
    void lift_by_key() { key_pulse_ = 3; }

    [[nodiscard]] world::LaneWorld& world() { return world_; }
    [[nodiscard]] const world::LaneWorld& world() const { return world_; }
    [[nodiscard]] bool empty() const { return world_.vehicles().empty(); }
    [[nodiscard]] bool on_sensors() const;
    /// The vehicle for which the arm would be opened now: the first that comes and has not passed.
    [[nodiscard]] std::optional<int> vehicle_at_line() const;
    [[nodiscard]] const std::vector<Role>& input_roles() const { return roles_; }

private:
    struct Wire {
        Signal last = Signal::unknown;
        std::uint8_t reads = 0;
        WireFault fault = WireFault::none;
    };
    struct Seen {
        int vehicle = 0;
        Driver driver;
        std::chrono::milliseconds stood{0};
        std::chrono::milliseconds off_sensors{3600000};
        bool on_sensors = false;
        bool passed = false;
    };

    void set_contacts();
    void drive();
    void think(world::Vehicle& vehicle, Seen& seen);
    void follow_truth();
    void follow(const world::Vehicle& vehicle, Seen& seen);
    void turn_key();
    void poll();
    [[nodiscard]] Signal sample(Role role, const Wire& wire);
    [[nodiscard]] Wire& wire(Role role) { return wires_[static_cast<std::size_t>(role)]; }
    [[nodiscard]] const Wire& wire(Role role) const { return wires_[static_cast<std::size_t>(role)]; }
    [[nodiscard]] bool overlaps_sensors(const world::Vehicle& vehicle) const;

    std::size_t lane_;
    bool has_beam_;
    bool maintained_;
    SafeOutputs safe_;
    FieldListener& listener_;
    Random random_;
    world::LaneWorld world_;
    std::vector<Role> roles_;
    std::array<Wire, enum_texts<Role>.size()> wires_{};
    std::vector<Seen> seen_;  ///< one a vehicle of the world, in its order
    world::Inputs polled_;    ///< of the world, at the last poll
    bool unsettled_ = true;   ///< a poll would tell something although the world stands still
    bool wire_fault_ = false;
    bool listening_ = false;
    bool held_open_ = false;
    bool let_go_ = false;
    bool close_stays_ = false;
    int open_pulse_ = 0;
    int close_pulse_ = 0;
    int stop_pulse_ = 0;
    int key_pulse_ = 0;
    int key_close_pulse_ = 0;
    int quiet_ticks_ = 0;
    std::chrono::milliseconds up_and_clear_{0};
};

}  // namespace portcullis::simulation
