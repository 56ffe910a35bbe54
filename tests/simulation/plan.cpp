#include "tests/simulation/plan.hpp"

namespace portcullis::simulation {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::array all_troubles{
    Trouble::input_unknown,  Trouble::input_stuck_on, Trouble::input_stuck_off, Trouble::input_flickers,
    Trouble::module_offline, Trouble::reader_offline, Trouble::open_limit_dead, Trouble::closed_limit_stuck,
    Trouble::arm_stuck,      Trouble::arm_forced,     Trouble::arm_broken_off,  Trouble::power_lost,
    Trouble::journal_full,   Trouble::journal_slow,   Trouble::broker_down,
};
static_assert(all_troubles.size() == trouble_count);

/// Half of the runs do not have a thing at all, the others up to `most`.
int rate(Random& random, int most) {
    return random.chance(500) ? 0 : static_cast<int>(random.between(1, most));
}

Chances chances_of(Random& random) {
    Chances chances;
    chances.plate_missing = rate(random, 150);
    chances.container_missing = rate(random, 150);
    chances.wrong_digit = rate(random, 150);
    chances.other_number = rate(random, 100);
    chances.late_reading = rate(random, 200);
    chances.repeated_reading = rate(random, 300);
    chances.reading_of_next = rate(random, 200);
    chances.write_failed = rate(random, 100);
    chances.write_slow = rate(random, 60);
    chances.write_unknown = rate(random, 80);
    chances.answer_late = rate(random, 150);
    chances.answer_lost = rate(random, 60);
    chances.look_up_failed = rate(random, 60);
    chances.tailgates = rate(random, 250);
    chances.wrong_way = rate(random, 120);
    chances.backs_out = rate(random, 150);
    chances.returns = rate(random, 700);
    chances.stops_under = rate(random, 200);
    chances.tight_gap = rate(random, 300);
    chances.loop_gap = rate(random, 600);
    chances.appointed = rate(random, 500);
    chances.targeted = rate(random, 150);
    chances.cloned = rate(random, 250);
    return chances;
}

ArmSettings arm_of(Random& random, milliseconds travel) {
    ArmSettings arm;
    arm.control = random.of(std::array{ArmControl::pulse, ArmControl::pulse, ArmControl::maintained});
    arm.close = random.of(std::array{ArmClose::daemon_request, ArmClose::board_on_clear, ArmClose::board_timer});
    arm.on_power_loss = random.of(std::array{ArmOnPower::stays, ArmOnPower::up, ArmOnPower::down});
    arm.on_power_return = ArmOnPower::stays;
    arm.up_within = arm.down_within = travel * 2 + milliseconds{400};
    return arm;
}

LaneSettings settings_of(Random& random, int number, milliseconds travel) {
    LaneSettings settings;
    settings.name = LaneName{"lane-" + std::to_string(number)};
    settings.way = random.of(std::array{LaneWay::out, LaneWay::out, LaneWay::in});
    settings.control_point = ControlPoint{random.chance(500) ? "g07" : "g07-" + std::to_string(number)};
    settings.arm = arm_of(random, travel);
    settings.on_inspect =
        random.of(std::array{OnInspect::open, OnInspect::divert, OnInspect::wait_escort, OnInspect::turn_back});
    settings.on_hold = random.of(std::array{OnHold::wait_person, OnHold::divert, OnHold::turn_back});
    settings.load = random.chance(600) ? LoadPolicy::trust_readers : LoadPolicy::beams;
    settings.required.push_back(Identity::container);
    if (random.chance(600)) {
        settings.required.push_back(Identity::plate);
    }
    settings.roles = {Role::arrival_loop,     Role::arm_loop,  Role::exit_loop, Role::arm_open_limit,
                      Role::arm_closed_limit, Role::arm_up,    Role::light_go,  Role::plate_front,
                      Role::container_rear,   Role::light_lane};
    const auto also = [&](bool wanted, Role role) {
        if (wanted) {
            settings.roles.insert(role);
        }
    };
    also(random.chance(600), Role::arm_beam);
    also(random.chance(500), Role::arm_stop);
    also(random.chance(300), Role::container_left);
    also(settings.arm.control == ArmControl::pulse && settings.arm.close == ArmClose::daemon_request,
         Role::arm_down_request);
    for (const auto beam : {Role::load_beam_fore, Role::load_beam_mid, Role::load_beam_aft}) {
        also(settings.load == LoadPolicy::beams, beam);
    }
    also(random.chance(500), Role::empty_seen);
    settings.identify_within = milliseconds{3000};
    settings.abandon_after = abandon_after;
    settings.permission_life = milliseconds{20000};
    settings.gone_after = milliseconds{3000};
    return settings;
}

LanePlan lane_of(Random& random, int number) {
    const auto travel = random.millis(8, 18) * 100;
    LanePlan lane;
    lane.settings = settings_of(random, number, travel);
    lane.board = {lane.settings.arm.control,
                  lane.settings.arm.close,
                  lane.settings.arm.on_power_loss,
                  static_cast<double>(travel.count()) / 1000.0,
                  1.0,
                  8.0};
    const bool held = lane.settings.arm.control == ArmControl::maintained;
    lane.safe.arm_up = held ? SafeOutput::keep : SafeOutput::off;
    lane.vehicles = static_cast<int>(random.between(8, 24));
    lane.spawn_from_ms = random.between(1000, 6000);
    lane.spawn_to_ms = lane.spawn_from_ms + random.between(2000, 12000);
    return lane;
}

Policy policy_of(Random& random) {
    Policy policy;
    PolicyRow import;
    import.movement = Movement::import_laden;
    import.consents.push_back(Authority{"ciq"});
    if (random.chance(300)) {
        import.consents.push_back(Authority{"customs"});
    }
    PolicyRow out_of_orders;
    out_of_orders.movement = Movement::export_laden;
    out_of_orders.without_order = random.chance(500) ? WithoutOrder::release : WithoutOrder::hold;
    PolicyRow nothing;
    nothing.movement = Movement::no_box;
    nothing.without_order = WithoutOrder::release;
    policy.rows = {import, out_of_orders, nothing};
    for (const auto movement : {Movement::empty_in, Movement::empty_out, Movement::domestic}) {
        PolicyRow appointed;
        appointed.movement = movement;
        appointed.consents.push_back(Authority{"terminal"});
        policy.rows.push_back(appointed);
    }
    return policy;
}

}  // namespace

world::Geometry short_geometry() {
    world::Geometry geometry;
    geometry.spawn = -22.0;
    geometry.gone = 12.5;
    return geometry;
}

Plan plan_for(std::uint64_t seed) {
    Random random{seed * 0x9E3779B97F4A7C15U + 1};
    Plan plan;
    plan.seed = seed;
    const auto lanes = static_cast<int>(random.between(1, 3));
    for (int number = 1; number <= lanes; ++number) {
        plan.lanes.push_back(lane_of(random, number));
    }
    plan.policy = policy_of(random);
    plan.chances = chances_of(random);
    if (random.chance(600)) {
        for (const auto trouble : all_troubles) {
            if (random.chance(300)) {
                plan.troubles.push_back(trouble);
            }
        }
        plan.trouble_every_ms = random.between(6000, 60000);
    }
    plan.actions_a_life = random.chance(450) ? random.between(40, 900) : 0;
    plan.commits_before_back = random.chance(500);
    return plan;
}

}  // namespace portcullis::simulation
