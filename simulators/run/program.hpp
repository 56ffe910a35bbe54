#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/clock.hpp"
#include "simulators/record/record_check.hpp"
#include "simulators/run/story_run.hpp"
#include "simulators/run/teller.hpp"

namespace portcullis::run {

/// What is wrong with the published bytes of an event; empty when nothing is.
using Validator = std::function<std::vector<std::string>(std::string_view published)>;

struct ProgramPlan {
    std::filesystem::path folder;   ///< for everything that runs; the caller removes it
    std::filesystem::path daemon;   ///< the program `portcullisd`
    std::filesystem::path sources;  ///< root of the source tree
    double pace = 1.0;
    std::size_t stories_per_lane = 3;
    Validator validator;
};

struct ProgramResult {
    std::vector<StoryResult> stories;
    std::vector<std::string> troubles;  ///< what no single story is to blame for
    std::int64_t events = 0;            ///< stored by all centrals
    std::int64_t arm_ups = 0;
    std::vector<std::string> without_record;
    double seconds = 0;

    [[nodiscard]] std::int64_t different() const;
    [[nodiscard]] bool good() const { return different() == 0 && troubles.empty() && without_record.empty(); }
};

/// A gate of a program: the stories that it hosts, and what waits for which kind of lane.
struct Cast {
    rig::GatePlan gate;
    std::deque<const story::Story*> stories;
};

/// Gives every story a gate: one of its own when it is `alone`, else one that it shares with stories of other
/// containers; and each gate as many lanes of each kind as its stories need.
[[nodiscard]] std::vector<Cast> cast_stories(const std::vector<story::Story>& stories, const ProgramPlan& plan);

/// Runs stories against real daemons: gates side by side, lanes side by side, one story after the other on a lane.
class Program {
public:
    Program(ProgramPlan plan, const runtime::Clock& clock, Teller& teller);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    Program(Program&&) = delete;
    Program& operator=(Program&&) = delete;

    /// Runs until every story is over or `enough` says so. Once.
    [[nodiscard]] ProgramResult run(const std::vector<story::Story>& stories, const std::function<bool()>& enough);

private:
    struct Stage;

    void open(Cast cast);
    void received(Stage& stage, const std::string& bytes);
    void step(Stage& stage, rig::LaneRig& lane);
    void close_all();
    void tell_broken_off(const Stage& stage);
    void see_it_stop(Stage& stage);
    void check_schemas();
    void trouble(const std::string& what);

    boost::asio::io_context context_;  ///< goes last: what it still holds refers to the stages
    ProgramPlan plan_;
    const runtime::Clock& clock_;
    Teller& teller_;
    record::RecordCheck check_;
    std::vector<std::unique_ptr<Stage>> stages_;
    std::vector<std::string> unchecked_;  ///< events; a schema takes too long to check while lanes live
    ProgramResult result_;
};

}  // namespace portcullis::run
