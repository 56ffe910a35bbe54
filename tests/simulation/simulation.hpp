#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <vector>

#include "tests/simulation/gate_model.hpp"
#include "tests/simulation/traffic.hpp"
#include "tests/simulation/uplink_model.hpp"

namespace portcullis::simulation {

/// What one seed came to.
struct Outcome {
    std::uint64_t seed = 0;
    std::uint64_t trace_hash = 0;
    std::int64_t passages = 0;
    std::int64_t passed = 0;  ///< vehicles that the world saw pass the arm
    std::int64_t lives = 0;
    std::int64_t steps = 0;
    std::chrono::milliseconds virtual_time{};
    AuditCount audit;
    std::vector<Violation> violations;
};

struct Options {
    std::ostream* trace = nullptr;
    Sabotage sabotage;
    /// Makes of a seed's plan one that no seed draws.
    std::function<void(Plan& plan)> change_plan;
    /// Each change of a lane is held against its records.
    bool audit = false;
    /// A run that has not come to rest by then never will.
    std::chrono::seconds longest_run{7200};
};

/// One seed from the first vehicle to the empty lane: field, gate, store, uplink and their troubles in virtual time.
class Simulation final : public FieldListener {
public:
    explicit Simulation(std::uint64_t seed, Options options = {});
    [[nodiscard]] Outcome run();

    void input(std::size_t lane, Role role, InputSeen seen) override;
    void sighting(std::size_t lane, const world::Sighting& sighting) override;
    void visit(std::size_t lane, int vehicle) override;
    void passed(std::size_t lane, int vehicle) override;
    void away(std::size_t lane, int vehicle, bool back) override;

private:
    void step();
    void move_worlds();
    void watch_safe_states();
    void look_after_epochs();
    void exchange();
    void make_trouble();
    void begin(Trouble trouble, std::size_t lane, std::chrono::milliseconds lasts);
    void begin_on_wires(Trouble trouble, std::size_t lane, std::chrono::milliseconds lasts);
    void begin_on_arm(Trouble trouble, std::size_t lane, std::chrono::milliseconds lasts);
    void health(std::size_t lane, bool readers, DeviceState state);
    [[nodiscard]] bool world_is_empty() const;
    [[nodiscard]] bool over();
    [[nodiscard]] std::optional<Instant> next_tick();
    [[nodiscard]] const std::string& name(std::size_t lane) const { return checks_.lanes[lane].name.text(); }

    Plan plan_;
    Random random_;
    Agenda agenda_;
    Trace trace_;
    Checks checks_;
    std::vector<std::unique_ptr<Field>> fields_;
    GateModel gate_;
    Traffic traffic_;
    UplinkModel uplink_;
    std::chrono::seconds longest_run_;
    std::uint64_t uplink_life_ = 0;
    std::optional<Instant> ticked_;
    std::optional<Instant> empty_since_;
    bool journal_full_ = false;
    int troubles_ = 0;
    std::int64_t passed_ = 0;
};

}  // namespace portcullis::simulation
