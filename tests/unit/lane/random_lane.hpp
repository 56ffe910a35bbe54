#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "lane/lane.hpp"
#include "lane_watch.hpp"
#include "tests/simulation/random.hpp"

namespace portcullis::lane {

/// A lane to which one seed gives any input in any order, in a world that need not make sense: there is no vehicle
/// behind these inputs, and answers may be wrong, late, repeated, or for something else. Throws std::runtime_error
/// when the lane says what no lane may say, or does not come to rest.
class RandomLane {
public:
    explicit RandomLane(std::uint64_t seed);

    void run();
    [[nodiscard]] int ups() const { return watch_.ups(); }

private:
    /// How somebody who is asked answers.
    enum class Cursor : std::uint8_t { steady, rising, any };

    [[nodiscard]] LaneSettings any_settings();
    [[nodiscard]] Verdict any_verdict(const PassageFacts& facts);
    [[nodiscard]] Observation observation(Role role, decltype(Observation::what) what);
    [[nodiscard]] std::int64_t next_cursor(Cursor how, std::int64_t& last);
    [[nodiscard]] PassageId some_passage();

    // any input
    void anything();
    void any_input_seen();
    void any_reading();
    void any_health();
    void any_radiation();
    void any_answer();
    void time_passes();
    void start();
    void restart();

    // what makes sense for a while, so that a passage comes far
    void set(Role role, bool on);
    void all_quiet();
    void truck_arrives();
    void arm_goes(bool up);
    void truck_leaves();

    void give(const Input& input);
    void take(const std::vector<Action>& actions);
    void answer(const Action& action);
    void settle();
    void commit();
    void pass(std::chrono::milliseconds time);
    void come_to_rest();

    simulation::Random random_;
    LaneSettings settings_;
    Cursor verdict_cursor_;
    Cursor commit_cursor_;
    std::int64_t last_verdict_cursor_ = 5;
    std::int64_t last_commit_cursor_ = 5;
    int answers_at_once_;  ///< permille
    int writes_;           ///< which outcome commands have; beyond the enum: any

    Instant now_{std::chrono::hours{1}};
    std::unique_ptr<UsageLedger> ledger_;
    std::unique_ptr<Lane> lane_;
    LaneWatch watch_;
    std::deque<Input> answers_;  ///< to be given in this turn
    std::vector<Input> later_;   ///< to be given at some time, or never
    std::vector<CommandId> commands_;
    int commits_due_ = 0;
};

}  // namespace portcullis::lane
