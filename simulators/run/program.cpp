#include "simulators/run/program.hpp"

#include <algorithm>
#include <utility>

namespace portcullis::run {

namespace {

using namespace std::chrono_literals;

constexpr auto look = 50ms;
constexpr auto rest_after_difference = 10s;
constexpr auto ready_patience = 30s;
constexpr auto stop_patience = 10s;
constexpr std::size_t most_troubles = 20;

}  // namespace

struct Program::Stage {
    Stage(boost::asio::io_context& context, Cast cast, const runtime::Clock& clock)
        : gate(context, std::move(cast.gate), clock), waiting(std::move(cast.stories)) {}

    rig::GateRig gate;
    std::deque<const story::Story*> waiting;
    std::map<std::string, std::unique_ptr<StoryRun>> runs;  ///< by lane; declared after what they refer to
    std::map<std::string, Instant> rests_until;             ///< by lane
    bool ready = false;
    bool broken = false;

    [[nodiscard]] bool done() const { return broken || (waiting.empty() && runs.empty()); }
    /// An event of a device is of the lane whose name its own ends with.
    [[nodiscard]] std::string lane_of(const std::string& device) const {
        for (const auto& [lane, run] : runs) {
            if (device.ends_with("-" + lane)) {
                return lane;
            }
        }
        return {};
    }
};

std::int64_t ProgramResult::different() const {
    return std::count_if(stories.begin(), stories.end(),
                         [](const StoryResult& story) { return !story.differences.empty(); });
}

Program::Program(ProgramPlan plan, const runtime::Clock& clock, Teller& teller)
    : plan_(std::move(plan)), clock_(clock), teller_(teller), check_(plan_.folder / "copies", clock_) {}

Program::~Program() = default;

void Program::trouble(const std::string& what) {
    if (result_.troubles.size() < most_troubles) {
        result_.troubles.push_back(what);
        teller_.remark(what, Teller::Tone::bad);
    }
}

ProgramResult Program::run(const std::vector<story::Story>& stories, const std::function<bool()>& enough) {
    const auto began = clock_.now().instant;
    for (auto& cast : cast_stories(stories, plan_)) {
        open(std::move(cast));
    }
    const auto done = [this] {
        return std::all_of(stages_.begin(), stages_.end(), [](const auto& stage) { return stage->done(); });
    };
    while (!done() && !enough()) {
        context_.run_for(look);
        for (auto& stage : stages_) {
            if (!stage->ready && !stage->broken && clock_.now().instant - began > ready_patience) {
                stage->broken = true;
                trouble(stage->gate.name() + ": the daemon was not ready within 30 s");
            }
        }
    }
    close_all();
    check_schemas();
    check_.finish();
    result_.arm_ups = check_.arm_ups();
    result_.without_record = check_.without_record();
    result_.seconds = std::chrono::duration<double>(clock_.now().instant - began).count();
    return result_;
}

void Program::open(Cast cast) {
    auto& stage = *stages_.emplace_back(std::make_unique<Stage>(context_, std::move(cast), clock_));
    stage.gate.handle({.ready = [&stage] { stage.ready = true; },
                       .event = [this, &stage](const std::string& bytes) { received(stage, bytes); },
                       .daemon_ended =
                           [this, &stage](const std::string& why) {
                               stage.broken = true;
                               trouble(stage.gate.name() + ": " + why);
                           }});
    for (auto& lane : stage.gate.lanes()) {
        lane->on_step([this, &stage, &lane = *lane] { step(stage, lane); });
        lane->io().before_write([this, &stage, &lane = *lane](std::size_t index, bool high) {
            if (index == rig::OutputWires::arm_up && high) {
                check_.arm_goes_up(stage.gate.state(), stage.gate.name(), lane.name(), clock_.now().wall);
            }
        });
    }
    stage.gate.start_daemon();
}

void Program::received(Stage& stage, const std::string& bytes) {
    ++result_.events;
    if (plan_.validator) {
        unchecked_.push_back(bytes);
    }
    auto event = read_event(bytes);
    if (event.lane.empty() && !event.device.empty()) {
        event.lane = stage.lane_of(event.device);
    }
    for (auto& [lane, run] : stage.runs) {
        run->event(event);
    }
}

void Program::check_schemas() {
    for (const auto& bytes : unchecked_) {
        for (const auto& problem : plan_.validator(bytes)) {
            trouble("an event is against its schema: " + problem + " in " + bytes);
        }
    }
}

void Program::step(Stage& stage, rig::LaneRig& lane) {
    if (!stage.ready || stage.broken) {
        return;
    }
    const auto running = stage.runs.find(lane.name());
    if (running != stage.runs.end()) {
        running->second->step();
        if (!running->second->over()) {
            return;
        }
        result_.stories.push_back(running->second->finish());
        stage.runs.erase(running);
        // What a story left in the lane ends by itself, and is not the next one's.
        const auto rest = result_.stories.back().differences.empty() ? 0s : rest_after_difference;
        stage.rests_until[lane.name()] = clock_.now().instant + rest;
    }
    if (clock_.now().instant < stage.rests_until[lane.name()]) {
        return;
    }
    const auto next = std::find_if(stage.waiting.begin(), stage.waiting.end(),
                                   [&](const story::Story* story) { return story->lane == lane.kind(); });
    if (next != stage.waiting.end()) {
        const auto& story = **next;
        stage.waiting.erase(next);
        stage.runs.emplace(lane.name(), std::make_unique<StoryRun>(story, lane, stage.gate, teller_));
    }
}

void Program::close_all() {
    for (auto& stage : stages_) {
        if (stage->broken) {
            tell_broken_off(*stage);
        }
        stage->runs.clear();
        stage->gate.stop_daemon();
    }
    for (auto& stage : stages_) {
        see_it_stop(*stage);
        const auto report = stage->gate.central().report();
        if (report.gaps != 0 || !report.chain_ok) {
            trouble(stage->gate.name() + ": central misses " + std::to_string(report.gaps) +
                    " events; chain: " + (report.chain_ok ? "holds" : report.first_error));
        }
    }
}

void Program::tell_broken_off(const Stage& stage) {
    for (const auto* story : stage.waiting) {
        result_.stories.push_back({story->name, {"never began"}, 0, 0, 0});
    }
    for (const auto& [lane, run] : stage.runs) {
        result_.stories.push_back({"a story on " + lane, {"broken off"}, 0, 0, 0});
    }
}

void Program::see_it_stop(Stage& stage) {
    const auto deadline = clock_.now().instant + stop_patience;
    auto code = stage.gate.daemon_exit();
    while (!code && stage.gate.daemon_runs() && clock_.now().instant < deadline) {
        context_.run_for(look);
        code = stage.gate.daemon_exit();
    }
    if (!stage.broken && code != 0) {
        trouble(stage.gate.name() + ": the daemon did not stop in order" +
                (code ? ", exit code " + std::to_string(*code) : ", it still runs after 10 s"));
    }
}

}  // namespace portcullis::run
