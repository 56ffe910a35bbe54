#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "simulators/rig/gate_rig.hpp"
#include "simulators/run/lane_record.hpp"
#include "simulators/run/teller.hpp"
#include "simulators/story/story.hpp"

namespace portcullis::run {

struct StoryResult {
    std::string name;
    std::vector<std::string> differences;  ///< none = it ended as it should
    std::size_t passages = 0;
    std::int64_t arm_ups = 0;
    double seconds = 0;
};

/// One story on one lane: sends its orders, drives its trucks, lets happen what it says, and compares the end.
class StoryRun {
public:
    /// Begins at once.
    StoryRun(const story::Story& story, rig::LaneRig& lane, rig::GateRig& gate, Teller& teller);

    /// An event of this lane, or of the gate.
    void event(const SeenEvent& event);
    /// After each step of the lane's world.
    void step();
    [[nodiscard]] bool over() const { return phase_ == Phase::over; }
    /// Puts the lane back in order. Once it is over.
    [[nodiscard]] StoryResult finish();

private:
    enum class Phase : std::uint8_t { orders, trucks, over };
    struct Later {
        Instant due;
        std::function<void()> what;
    };

    void send_orders(const std::vector<story::GivenOrder>& orders);
    void import_table(const std::vector<story::GivenOrder>& orders);
    void drive_up_those_whose_turn_it_is();
    void let_happen(const story::Happening& happening);
    void move_first_vehicle(const story::Happening& happening);
    void later(std::chrono::milliseconds after, std::function<void()> what);
    void do_what_is_due();
    [[nodiscard]] bool is_of_own_gate(const SeenEvent& event) const;
    void spoil_device(const story::Happening& happening);
    void publish(const story::Happening& happening);
    [[nodiscard]] bool all_is_told();
    [[nodiscard]] double seconds() const;

    const story::Story& story_;
    rig::LaneRig& lane_;
    rig::GateRig& gate_;
    Teller& teller_;
    std::shared_ptr<Tale> tale_;
    Phase phase_ = Phase::orders;
    Instant now_;
    Instant began_;
    Instant last_event_;
    LaneRecord record_;
    std::set<std::pair<std::string, std::int64_t>> batches_;  ///< ours: authority and number
    std::size_t batches_applied_ = 0;
    std::size_t trucks_sent_ = 0;
    std::size_t followers_ = 0;
    int first_vehicle_ = 0;
    std::vector<bool> happened_;
    std::vector<Later> later_;
    std::int64_t struck_before_ = 0;
    std::int64_t raises_before_ = 0;
    std::int64_t greens_before_ = 0;
    std::int64_t last_sequence_ = 0;
    bool timed_out_ = false;
};

}  // namespace portcullis::run
