#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "core/time.hpp"
#include "gate/journal_desk.hpp"
#include "lane/lane.hpp"
#include "lane/lane_io.hpp"

namespace portcullis::gate {

/// Feeds one lane and does what it asks: the only place where a lane's actions meet the world. Inputs are taken one
/// after the other; what a performed action brings back waits its turn.
class LaneRunner {
public:
    struct Ports {
        std::function<void(Submission)> submit;
        std::function<void(const Command&)> perform;
        std::function<void(const lane::Withdraw&)> withdraw;
        std::function<void(const lane::Decide&)> decide;
        std::function<void(const lane::Capture&)> capture;
        std::function<void(const SignMessage&)> show;
        std::function<std::int64_t()> order_cursor;
        std::function<Now()> now;
        std::function<void(std::optional<Instant>)> set_alarm;
        /// Something that a dashboard shows may have changed.
        std::function<void()> changed;
        /// A passage began.
        std::function<void()> detected;
    };

    LaneRunner(lane::Lane lane, LaneName name, Ports ports);

    void start();
    void give(lane::Input input);
    /// The lane's deadline has come.
    void wake() { give(lane::DeadlineReached{}); }

    [[nodiscard]] lane::LaneView view() const { return lane_.view(); }
    [[nodiscard]] const LaneName& name() const { return name_; }

private:
    void perform_all(std::vector<lane::Action> actions);
    void record(lane::Record record);

    lane::Lane lane_;
    std::int64_t told_unrecorded_ = 0;  ///< detections that the lane could not record and that are counted already
    LaneName name_;
    Ports ports_;
    std::deque<lane::Input> inbox_;
    bool working_ = false;
};

}  // namespace portcullis::gate
