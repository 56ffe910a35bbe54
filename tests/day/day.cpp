#include "tests/day/day.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>

#include "cli/sign/ruleset/compile_ruleset.hpp"
#include "tests/simulation/simulation.hpp"

namespace portcullis::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

LanePlan lane_of(const std::string& name, LaneWay way, int vehicles) {
    LanePlan lane;
    auto& settings = lane.settings;
    settings.name = LaneName{name};
    settings.way = way;
    settings.control_point = ControlPoint{"g07"};
    settings.arm.on_power_loss = settings.arm.on_power_return = ArmOnPower::stays;
    settings.on_inspect = OnInspect::open;
    settings.on_hold = OnHold::turn_back;
    settings.load = LoadPolicy::beams;
    settings.required = {Identity::plate, Identity::container};
    settings.roles = {Role::arrival_loop,     Role::arm_loop,         Role::exit_loop,      Role::arm_open_limit,
                      Role::arm_closed_limit, Role::arm_up,           Role::light_go,       Role::light_lane,
                      Role::plate_front,      Role::container_rear,   Role::load_beam_fore, Role::load_beam_mid,
                      Role::load_beam_aft,    Role::arm_down_request, Role::empty_seen};
    settings.identify_within = milliseconds{3000};
    settings.abandon_after = abandon_after;
    settings.permission_life = milliseconds{20000};
    settings.gone_after = milliseconds{3000};
    lane.board = {settings.arm.control, settings.arm.close, settings.arm.on_power_loss, 1.2, 1.0, 8.0};
    lane.vehicles = vehicles;
    lane.spawn_from_ms = milliseconds{minutes{22}}.count();
    lane.spawn_to_ms = milliseconds{minutes{34}}.count();
    return lane;
}

void plan_day(Plan& plan, std::shared_ptr<const Manifest> manifest) {
    plan.lanes.clear();
    for (std::size_t i = 0; i < manifest->lanes.size(); ++i) {
        const bool in = i < lanes_in;
        plan.lanes.push_back(lane_of((in ? "in-" : "out-") + std::to_string(in ? i + 1 : i + 1 - lanes_in),
                                     in ? LaneWay::in : LaneWay::out, static_cast<int>(manifest->lanes[i].size())));
    }
    plan.manifest = std::move(manifest);
    plan.chances = {};
    plan.troubles.clear();
    plan.actions_a_life = 0;
}

Ruleset without_transhipment(Ruleset ruleset) {
    auto& rows = ruleset.policy.rows;
    rows.erase(std::remove_if(rows.begin(), rows.end(),
                              [](const PolicyRow& row) { return row.movement == Movement::transhipment; }),
               rows.end());
    return ruleset;
}

}  // namespace

DayResult run_day(std::uint64_t seed, const Ruleset& ruleset, Break broken, std::ostream* events) {
    const auto day = day_trucks(Random{seed});
    const supervision::CompiledRuleset compiled{broken == Break::a_policy_row ? without_transhipment(ruleset)
                                                                              : ruleset};
    DayLog log{day, broken, events};
    auto manifest = std::make_shared<Manifest>();
    manifest->lanes = day.lanes;
    manifest->orders = day.orders;
    manifest->ruleset = &compiled;
    manifest->measure = [&day](PassageFacts& facts, WallTime now) { measure(day, facts, now); };
    manifest->told = [&log](const Event& event, std::int64_t sequence) { log.take(event, sequence); };
    Options options;
    options.longest_run = std::chrono::hours{48};
    options.change_plan = [&](Plan& plan) { plan_day(plan, manifest); };
    const auto outcome = Simulation{seed, std::move(options)}.run();
    auto result = log.finish();
    result.violations = std::ssize(outcome.violations);
    return result;
}

Ruleset ruleset_of(const std::string& file) {
    std::ifstream stream{file, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    ConfigProblems problems;
    auto compiled = sign::compile_ruleset(text, file, problems);
    if (!compiled) {
        std::string why = file + " is no ruleset";
        for (const auto& problem : problems.all()) {
            why += "\n" + problem.message();
        }
        throw std::runtime_error{why};
    }
    return std::move(compiled->document.ruleset);
}

}  // namespace portcullis::simulation
