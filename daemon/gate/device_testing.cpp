#include "gate/device_testing.hpp"

#include <algorithm>
#include <utility>

#include "codec/canonical.hpp"
#include "codec/digest.hpp"
#include "core/config_node.hpp"
#include "core/value_members.hpp"

namespace portcullis::gate {

namespace {

constexpr std::size_t longest_tester = 128;
constexpr std::size_t longest_test_reason = 512;
constexpr std::chrono::milliseconds longest_pulse{5000};
constexpr std::chrono::milliseconds usual_pulse{500};
constexpr std::chrono::seconds write_within{2};
/// Beside the numbers that lanes give their commands, which begin at the other end.
constexpr std::uint64_t first_command = std::uint64_t{1} << 63U;

bool may_be_recorded(const std::string& text, std::size_t longest) {
    return !text.empty() && text.size() <= longest && !codec::looks_like_digest(text);
}

bool moves_arm(Role role) {
    return role == Role::arm_up || role == Role::arm_stop || role == Role::arm_down_request;
}

void give_result(const ControlDesk::Reply& reply, Object object) {
    const auto text = codec::canonical_text(Value{std::move(object)});
    reply(text ? *text : error_answer(text.error().message()));
}

}  // namespace

DeviceTesting::DeviceTesting(const GatePlan& plan, DeviceDesk& desk, Ports ports)
    : plan_(plan), desk_(desk), ports_(std::move(ports)) {}

void DeviceTesting::add_to(ControlDesk& desk) {
    desk.add("device_test", [this](const Value& question, const ControlDesk::Reply& reply) { test(question, reply); });
    desk.add("device_move", [this](const Value& question, const ControlDesk::Reply& reply) { move(question, reply); });
}

std::vector<std::size_t> DeviceTesting::lanes_of(const DeviceName& device) const {
    std::vector<std::size_t> lanes;
    for (std::size_t i = 0; i < plan_.lanes.size(); ++i) {
        const auto& lane = plan_.lanes[i];
        const bool by_sign = lane.sign == device;
        const bool by_point = std::any_of(lane.points.begin(), lane.points.end(),
                                          [&device](const RolePoint& point) { return point.at.device == device; });
        const bool by_reader = std::any_of(lane.readers.begin(), lane.readers.end(),
                                           [&device](const RoleReader& reader) { return reader.device == device; });
        if (by_point || by_reader || by_sign) {
            lanes.push_back(i);
        }
    }
    return lanes;
}

std::optional<DeviceTesting::Wired> DeviceTesting::wired(const DeviceName& device, const PointName& point) const {
    for (std::size_t i = 0; i < plan_.lanes.size(); ++i) {
        for (const auto& wire : plan_.lanes[i].points) {
            if (wire.at == PointRef{device, point}) {
                return Wired{i, wire};
            }
        }
    }
    return std::nullopt;
}

std::optional<std::string> DeviceTesting::lane_with_vehicle(const std::vector<std::size_t>& lanes) const {
    const auto found =
        std::find_if(lanes.begin(), lanes.end(), [this](std::size_t lane) { return ports_.lane(lane).has_vehicle; });
    return found == lanes.end() ? std::nullopt : std::optional{plan_.lanes[*found].settings.name.text()};
}

Event DeviceTesting::event(std::string_view mode, const std::string& why) const {
    return {"device.mode", "device/" + test_->device.text(), ports_.now(),
            Object{{"mode", mode},
                   {"cause", why},
                   {"roles", desk_.roles_of(test_->device)},
                   {"actor", test_->actor},
                   {"role", "unknown"},
                   {"channel", "lane_console"},
                   {"auth_method", "control_socket"},
                   {"command_id", "none"},
                   {"reason_code", "none"},
                   {"reason_text", test_->reason},
                   {"on_shift", "unknown"}},
            std::nullopt};
}

/// Why it cannot begin, or nothing.
std::optional<std::string> DeviceTesting::begin(const DeviceName& device, const Value& question) {
    const auto actor = text_member(question, "actor");
    const auto reason = text_member(question, "reason_text");
    if (!may_be_recorded(actor, longest_tester) || !may_be_recorded(reason, longest_test_reason)) {
        return "a test names \"actor\" and \"reason_text\"; both are recorded";
    }
    if (test_) {
        return "device " + test_->device.text() + " is in test already: one at a time";
    }
    if (desk_.is_disabled(device)) {
        return "device " + device.text() + " is out of service: portcullis device enable " + device.text();
    }
    const auto lanes = lanes_of(device);
    if (const auto lane = lane_with_vehicle(lanes)) {
        return "lane " + *lane + " has a vehicle: a device is tested when its lanes are empty";
    }
    Test test{.device = device,
              .actor = actor,
              .reason = reason,
              .ends = ports_.now().instant + patience,
              .lanes = lanes,
              .was_automatic = false,
              .to_restore = {}};
    test.was_automatic = std::any_of(
        lanes.begin(), lanes.end(), [this](std::size_t lane) { return ports_.lane(lane).mode == LaneMode::automatic; });
    test_ = std::move(test);
    ended_.clear();
    Submission submission;
    submission.events.push_back(event("test", "by_hand"));
    ports_.submit(std::move(submission));
    desk_.set_aside(device, "in test by hand");
    return std::nullopt;
}

void DeviceTesting::test(const Value& question, const ControlDesk::Reply& reply) {
    const DeviceName device{text_member(question, "device")};
    const auto say = text_member(question, "say");
    if (!desk_.devices().contains(device)) {
        reply(error_answer("there is no device \"" + device.text() + "\""));
        return;
    }
    if (say == "begin") {
        if (const auto why = begin(device, question)) {
            reply(error_answer(*why));
            return;
        }
    }
    if (!test_ || test_->device != device) {
        reply(error_answer("device " + device.text() + " is not in test" + (ended_.empty() ? "" : ": " + ended_)));
        return;
    }
    if (say == "end") {
        end("by_hand");
        give_result(reply, {{"device", device.text()}, {"test", "no"}});
        return;
    }
    test_->ends = ports_.now().instant + patience;
    List lanes;
    for (const auto lane : test_->lanes) {
        lanes.emplace_back(plan_.lanes[lane].settings.name.text());
    }
    give_result(reply, {{"device", device.text()},
                        {"test", "yes"},
                        {"lanes", std::move(lanes)},
                        {"arms", test_->was_automatic ? "locked" : "by_hand"}});
}

void DeviceTesting::move(const Value& question, const ControlDesk::Reply& reply) {
    const DeviceName device{text_member(question, "device")};
    const PointName point{text_member(question, "point")};
    const auto act = enum_from<OutputAct>(text_member(question, "act"));
    if (!test_ || test_->device != device) {
        reply(error_answer("device " + device.text() + " is not in test" + (ended_.empty() ? "" : ": " + ended_)));
        return;
    }
    const auto points = desk_.view(device).points;
    const bool is_output = std::any_of(points.begin(), points.end(), [&point](const drivers::PointView& one) {
        return one.point == point && one.direction == Direction::output;
    });
    if (!is_output || !act) {
        reply(error_answer(is_output ? "an output is moved \"on\", \"off\" or \"pulse\""
                                     : "device " + device.text() + " has no output \"" + point.text() +
                                           "\" that a lane uses"));
        return;
    }
    const std::chrono::milliseconds asked{number_member(question, "pulse_ms").value_or(0)};
    const auto wire = wired(device, point);
    const auto pulse = asked.count() > 0                             ? asked
                       : wire && wire->point.setup.pulse.count() > 0 ? wire->point.setup.pulse
                                                                     : usual_pulse;
    if (pulse > longest_pulse) {
        reply(error_answer("a pulse is at most " + duration_text(longest_pulse)));
        return;
    }
    test_->ends = ports_.now().instant + patience;
    if (wire && moves_arm(wire->point.role)) {
        move_arm(*wire, *act, pulse, text_member(question, "arms") == "yes", reply);
        return;
    }
    if (*act != OutputAct::pulse) {
        remember(point);
    }
    write(point, *act, pulse, {}, reply);
}

/// Why this arm's output is not moved by hand, or nothing. What is held by hand would be let go when the test ends, and
/// letting go of an open contact asks the arm down.
std::optional<std::string> DeviceTesting::arm_refused(const Wired& wire, OutputAct act, bool arms) const {
    const auto& lane = plan_.lanes[wire.lane].settings;
    const auto name = wire.point.at.point.text() + " is " + std::string{text_of(wire.point.role)} + " of lane " +
                      lane.name.text() + ": ";
    if (!arms) {
        return name + "arms are locked; see --arms";
    }
    if (test_->was_automatic) {
        return name + "the lane was automatic when the test began";
    }
    if (act != OutputAct::pulse) {
        return name + "an arm is moved by pulses only";
    }
    if (wire.point.role == Role::arm_up && lane.arm.control == ArmControl::maintained) {
        return name + "its contact is held open, and letting go of it asks it down";
    }
    return std::nullopt;
}

void DeviceTesting::move_arm(const Wired& wire, OutputAct act, std::chrono::milliseconds pulse, bool arms,
                             const ControlDesk::Reply& reply) {
    if (const auto why = arm_refused(wire, act, arms)) {
        reply(error_answer(*why));
        return;
    }
    // Like every arm command it moves nothing that is not durable first.
    Submission submission;
    submission.events.push_back(event("test", std::string{text_of(wire.point.role)} + " by hand: pulse"));
    submission.urgent = true;
    submission.committed = [this, device = test_->device, wire, act, pulse, reply] {
        if (!test_ || test_->device != device || ports_.lane(wire.lane).has_vehicle) {
            reply(error_answer("the test has ended: nothing was moved"));
            return;
        }
        const bool is_down = wire.point.role == Role::arm_down_request;
        write(wire.point.at.point, act, pulse, is_down ? desk_.arm_inputs(wire.lane) : std::vector<PointRef>{}, reply);
    };
    ports_.submit(std::move(submission));
}

void DeviceTesting::remember(const PointName& point) {
    for (const auto& seen : desk_.view(test_->device).points) {
        if (seen.point == point && seen.signal != Signal::unknown) {
            test_->to_restore.try_emplace(point, seen.signal == Signal::on ? OutputAct::on : OutputAct::off);
        }
    }
}

void DeviceTesting::write(const PointName& point, OutputAct act, std::chrono::milliseconds pulse,
                          std::vector<PointRef> must_be_clear, const ControlDesk::Reply& reply) {
    const drivers::PointCommand command{CommandId{first_command + ++commands_},
                                        point,
                                        act,
                                        pulse,
                                        ports_.now().instant + write_within,
                                        std::move(must_be_clear)};
    desk_.perform_by_hand(test_->device, command, [reply, point](const CommandResult& result) {
        give_result(reply, {{"point", point.text()},
                            {"write", text_of(result.write)},
                            {"readback", text_of(result.readback)},
                            {"took_ms", result.took.count()},
                            {"cause", result.cause.empty() ? "none" : result.cause}});
    });
}

void DeviceTesting::end(const std::string& why) {
    for (const auto& [point, act] : test_->to_restore) {
        const drivers::PointCommand command{CommandId{first_command + ++commands_}, point, act, {},
                                            ports_.now().instant + write_within,    {}};
        desk_.perform_by_hand(test_->device, command, [](const CommandResult& /*result*/) {});
    }
    Submission submission;
    submission.events.push_back(event("normal", why));
    ports_.submit(std::move(submission));
    desk_.take_back(test_->device);
    ended_ = why == "by_hand" ? "" : "it ended, " + why;
    test_.reset();
}

void DeviceTesting::tick() {
    if (!test_) {
        return;
    }
    if (const auto lane = lane_with_vehicle(test_->lanes)) {
        end("a vehicle came into lane " + *lane);
    } else if (ports_.now().instant >= test_->ends) {
        end("nobody asked on");
    }
}

}  // namespace portcullis::gate
