#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "lane/lane.hpp"
#include "tests/simulation/agenda.hpp"
#include "tests/simulation/checks.hpp"
#include "tests/simulation/field.hpp"
#include "tests/simulation/orders_model.hpp"
#include "tests/simulation/plan.hpp"
#include "tests/simulation/store_model.hpp"
#include "tests/simulation/trace.hpp"

namespace portcullis::simulation {

/// Changes what a lane answered before it is done: how tests break a lane on purpose.
using Sabotage = std::function<void(std::size_t lane, std::vector<lane::Action>& actions)>;

/// What everybody in a run shares.
struct Run {
    const Plan& plan;
    Agenda& agenda;
    Trace& trace;
    Checks& checks;
    [[nodiscard]] Now now() const;
};

/// The shell of design.md 2 as far as a lane sees it: feeds the lanes, commits their records, asks the cache, moves
/// the wires. Each process is one life; a kill leaves what the store committed and nothing else.
class GateModel {
public:
    GateModel(Run run, std::vector<std::unique_ptr<Field>>& fields, Random random);

    void start();
    void kill(std::string_view why);
    [[nodiscard]] bool alive() const { return !lanes_.empty(); }
    [[nodiscard]] std::uint64_t life() const { return life_; }
    /// The process may be killed between any two actions, from now on or no more.
    void may_die(bool may) { may_die_ = may; }
    void sabotage(Sabotage how) { sabotage_ = std::move(how); }
    /// Holds each lane's view against its records: a tenth more work.
    void audit() { audited_ = true; }

    void feed(std::size_t lane, const lane::Input& input);
    void feed_input(std::size_t lane, Role role, InputSeen seen);
    void feed_health(std::size_t lane, Role role, const DeviceName& device, DeviceState state);
    void feed_reading(std::size_t lane, Role reader, const Reading& reading);
    /// The first deadline of any lane.
    [[nodiscard]] std::optional<Instant> deadline() const;
    void deadlines_due();

    void journal_full(bool full);
    void journal_slow(bool slow) { slow_ = slow; }
    void order_applied(const Order& order);

    [[nodiscard]] StoreModel& store() { return store_; }
    [[nodiscard]] const StoreModel& store() const { return store_; }
    [[nodiscard]] OrdersModel& orders() { return orders_; }
    [[nodiscard]] std::int64_t detections() const { return detections_; }

private:
    [[nodiscard]] std::vector<lane::Action> ask(std::size_t lane, const lane::Input& input);
    void perform_all(std::size_t lane, std::vector<lane::Action>& actions);
    /// Answers false when the process died of it.
    bool perform(std::size_t lane, lane::Action& action);
    void record(std::size_t lane, lane::Record record);
    void begin_transaction();
    std::vector<StoreModel::Waiting> commit();
    void end_transaction(std::uint64_t transaction);
    void give(std::size_t lane, const Command& command);
    void withdraw(std::size_t lane, const lane::Withdraw& withdrawal);
    void write(std::size_t lane, const Command& command, WriteOutcome outcome);
    void open_for_vehicle(std::size_t lane, const Command& command);
    void answer(std::size_t lane, const CommandResult& result);
    void look_up(std::size_t lane, lane::Decide question);
    void evaluate(std::size_t lane, const lane::Decide& question, OrdersFound found);
    [[nodiscard]] Verdict judge(PassageFacts facts, OrdersFound found, const DecisionBasis& basis) const;
    [[nodiscard]] WriteOutcome outcome_of(const Command& command);
    [[nodiscard]] const std::string& name(std::size_t lane) const { return run_.checks.lanes[lane].name.text(); }

    Run run_;
    std::vector<std::unique_ptr<Field>>& fields_;
    Random random_;
    StoreModel store_;
    OrdersModel orders_;
    Sabotage sabotage_;
    bool audited_ = false;

    std::uint64_t life_ = 0;
    std::unique_ptr<lane::UsageLedger> ledger_;
    std::vector<std::unique_ptr<lane::Lane>> lanes_;
    std::vector<std::optional<Instant>> deadlines_;
    std::set<CommandId> withdrawn_;  ///< before their write
    std::set<CommandId> queued_;     ///< in a device, and not written yet
    bool may_die_ = false;
    std::int64_t actions_left_ = 0;
    std::uint64_t transaction_ = 0;
    bool full_ = false;
    bool slow_ = false;
    std::int64_t detections_ = 0;
};

}  // namespace portcullis::simulation
