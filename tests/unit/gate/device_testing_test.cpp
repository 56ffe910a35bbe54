#include "gate/device_testing.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "codec/canonical.hpp"
#include "core/value_members.hpp"
#include "gate/device_viewing.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"

namespace portcullis::gate {
namespace {

using portcullis::testing::contains_text;

/// A module that does at once what it is told.
struct ObedientModule final : drivers::Device {
    void start(drivers::ObservationSink given) override { sink = std::move(given); }
    void stop() override {}
    void perform(const drivers::PointCommand& command, drivers::CommandDone done) override {
        commands.push_back(command);
        if (command.act != OutputAct::pulse) {
            signals[command.point] = command.act == OutputAct::on ? Signal::on : Signal::off;
        }
        CommandResult result;
        result.id = command.id;
        result.write = WriteOutcome::done;
        result.readback = signals[command.point];
        done(result);
    }
    [[nodiscard]] drivers::DeviceView view() const override {
        drivers::DeviceView view;
        view.state = DeviceState::online;
        for (const auto& [point, signal] : signals) {
            const auto direction = point.text().starts_with("do") ? Direction::output : Direction::input;
            view.points.push_back({point, direction, signal, Instant{}});
        }
        return view;
    }

    drivers::ObservationSink sink;
    std::vector<drivers::PointCommand> commands;
    std::map<PointName, Signal> signals{{PointName{"di1"}, Signal::off},
                                        {PointName{"do0"}, Signal::off},
                                        {PointName{"do1"}, Signal::off},
                                        {PointName{"do2"}, Signal::off}};
};

struct ObedientPlan final : drivers::DevicePlan {
    explicit ObedientPlan(ObedientModule*& made) : made_(made) { facts_.product = "a module"; }
    [[nodiscard]] const drivers::ProfileFacts& profile() const override { return facts_; }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> options() const override { return {{"unit", "1"}}; }
    [[nodiscard]] std::unique_ptr<drivers::Device> make(const drivers::DeviceContext&, drivers::Buses&, const BusName&,
                                                        const std::vector<PointSetup>&) const override {
        auto device = std::make_unique<ObedientModule>();
        made_ = device.get();
        return device;
    }

private:
    ObedientModule*& made_;
    drivers::ProfileFacts facts_;
};

RolePoint wire_of(Role role, const std::string& point) {
    RolePoint wire;
    wire.role = role;
    wire.at = {DeviceName{"io"}, PointName{point}};
    wire.setup.point = PointName{point};
    wire.setup.direction = kind_of(role) == RoleKind::output ? Direction::output : Direction::input;
    return wire;
}

struct TestBench {
    boost::asio::io_context context;
    portcullis::testing::ManualClock clock;
    runtime::Log log{runtime::Log::Form::plain, runtime::LogLevel::error};
    ObedientModule* module = nullptr;
    DeviceTesting::Lane lane{LaneMode::automatic, false};
    std::vector<lane::Observed> observed;
    std::vector<Submission> waiting;
    std::vector<Event> recorded;
    GatePlan plan = one_lane();
    DeviceDesk desk{{context, clock, log},
                    plan,
                    {[this](std::size_t, lane::Observed seen) { observed.push_back(std::move(seen)); },
                     [](const Event& /*event*/) {},
                     {},
                     [this](const Observation& seen) { viewing.said(seen); }}};
    DeviceViewing viewing{plan, desk, {[this] { return clock.now(); }}};
    DeviceTesting tests{plan,
                        desk,
                        {[this] { return clock.now(); }, [this](std::size_t) { return lane; },
                         [this](Submission submission) { submitted(std::move(submission)); }}};
    ControlDesk questions;

    TestBench() {
        desk.start();
        tests.add_to(questions);
        viewing.add_to(questions);
    }

    GatePlan one_lane() {
        GatePlan built;
        built.buses.emplace_back(BusName{"field"}, drivers::ModbusTcpSettings{{"192.0.2.10", 502}});
        PlannedDevice device;
        device.name = DeviceName{"io"};
        device.bus = BusName{"field"};
        device.plan = std::make_unique<ObedientPlan>(module);
        device.profile = "a-module";
        built.devices.push_back(std::move(device));
        LanePlan planned;
        planned.settings.name = LaneName{"out-1"};
        planned.points = {wire_of(Role::arm_loop, "di1"), wire_of(Role::arm_up, "do0"),
                          wire_of(Role::arm_down_request, "do1"), wire_of(Role::light_go, "do2")};
        built.lanes.push_back(std::move(planned));
        return built;
    }

    void submitted(Submission submission) {
        for (const auto& event : submission.events) {
            recorded.push_back(event);
        }
        waiting.push_back(std::move(submission));
    }
    void commit() {
        for (const auto& submission : std::exchange(waiting, {})) {
            if (submission.committed) {
                submission.committed();
            }
        }
    }
    /// The answer, or `nothing` while it waits.
    std::string ask(const std::string& question) {
        auto answer = std::make_shared<std::string>("nothing");
        answers.push_back(answer);
        questions.answer(question, [answer](std::string text) { *answer = std::move(text); });
        return *answer;
    }
    std::string begin() {
        return ask(R"({"actor":"chen","ask":"device_test","device":"io","reason_text":"new","say":"begin"})");
    }
    std::string go_on() { return ask(R"({"ask":"device_test","device":"io","say":"go_on"})"); }
    std::string move(const std::string& point, const std::string& act, bool arms = false) {
        return ask(R"({"act":")" + act + R"(","arms":")" + (arms ? "yes" : "no") +
                   R"(","ask":"device_move","device":"io","point":")" + point + R"("})");
    }
    [[nodiscard]] std::vector<std::string> causes() const {
        std::vector<std::string> told;
        for (const auto& event : recorded) {
            CHECK(event.type == "device.mode");
            told.push_back(text_member(Value{event.data}, "mode") + ": " + text_member(Value{event.data}, "cause"));
        }
        return told;
    }

    std::vector<std::shared_ptr<std::string>> answers;
};

}  // namespace

TEST_CASE_METHOD(TestBench, "A test takes the device from its lanes, and gives it back by itself when nobody asks on") {
    CHECK_THAT(begin(), contains_text(R"("arms":"locked")") && contains_text(R"("test":"yes")"));
    CHECK(desk.is_aside(DeviceName{"io"}));
    CHECK_THAT(ask("devices"), contains_text(R"("in_test":"yes")"));
    CHECK_FALSE(observed.empty());
    observed.clear();
    module->sink({DeviceName{"io"}, PointName{"di1"}, clock.now().instant, InputSeen{Signal::on, 1}});
    CHECK(observed.empty());
    clock.advance(std::chrono::seconds{4});
    tests.tick();
    CHECK_THAT(go_on(), contains_text(R"("test":"yes")"));
    clock.advance(std::chrono::seconds{4});
    tests.tick();
    CHECK(tests.testing());
    clock.advance(std::chrono::seconds{2});
    tests.tick();
    CHECK_FALSE(tests.testing());
    CHECK_FALSE(desk.is_aside(DeviceName{"io"}));
    CHECK_THAT(go_on(), contains_text("nobody asked on"));
    CHECK(causes() == std::vector<std::string>{"test: by_hand", "normal: nobody asked on"});
}

TEST_CASE_METHOD(TestBench, "A test does not begin beside a vehicle, and ends when one comes") {
    lane.has_vehicle = true;
    CHECK_THAT(begin(), contains_text("lane out-1 has a vehicle"));
    CHECK(recorded.empty());
    lane.has_vehicle = false;
    (void)begin();
    lane.has_vehicle = true;
    tests.vehicle_came();
    CHECK_FALSE(tests.testing());
    CHECK(causes().back() == "normal: a vehicle came into lane out-1");
}

TEST_CASE_METHOD(TestBench, "Outputs that a test moved are put back at its end") {
    (void)begin();
    CHECK_THAT(move("do2", "on"), contains_text(R"("readback":"on")") && contains_text(R"("write":"done")"));
    CHECK(module->signals.at(PointName{"do2"}) == Signal::on);
    (void)ask(R"({"ask":"device_test","device":"io","say":"end"})");
    CHECK(module->signals.at(PointName{"do2"}) == Signal::off);
    CHECK_THAT(move("do2", "on"), contains_text("is not in test"));
}

TEST_CASE_METHOD(TestBench, "An arm is not moved by hand without being asked for, nor in a lane that was automatic") {
    (void)begin();
    CHECK_THAT(move("do0", "pulse"), contains_text("arms are locked"));
    CHECK_THAT(move("do0", "pulse", true), contains_text("the lane was automatic when the test began"));
    CHECK_THAT(move("do7", "on"), contains_text("has no output"));
    CHECK_THAT(move("di1", "on"), contains_text("has no output"));
    CHECK_THAT(move("do2", "up"), contains_text("is moved"));
    commit();
    CHECK(module->commands.empty());
}

TEST_CASE_METHOD(TestBench,
                 "An arm that is moved by hand moves when that is durable, and only while nobody is under it") {
    lane.mode = LaneMode::out_of_service;
    CHECK_THAT(begin(), contains_text(R"("arms":"by_hand")"));
    commit();
    CHECK(move("do1", "pulse", true) == "nothing");
    CHECK(module->commands.empty());
    commit();
    REQUIRE(module->commands.size() == 1);
    CHECK(module->commands.front().must_be_clear ==
          std::vector<PointRef>{PointRef{DeviceName{"io"}, PointName{"di1"}}});
    CHECK_THAT(*answers.back(), contains_text(R"("write":"done")"));
    CHECK(causes().back() == "test: arm_down_request by hand: pulse");
    // A vehicle that comes while it is being recorded: nothing moves.
    (void)move("do0", "pulse", true);
    lane.has_vehicle = true;
    commit();
    CHECK(module->commands.size() == 1);
    CHECK_THAT(*answers.back(), contains_text("nothing was moved"));
}

TEST_CASE_METHOD(TestBench, "A contact of an arm is never held by hand, nor let go when a test ends") {
    lane.mode = LaneMode::out_of_service;
    (void)begin();
    commit();
    for (const auto* act : {"on", "off"}) {
        CHECK_THAT(move("do0", act, true), contains_text("by pulses only"));
        CHECK_THAT(move("do1", act, true), contains_text("by pulses only"));
    }
    (void)move("do0", "pulse", true);
    commit();
    (void)move("do2", "on");
    REQUIRE(module->commands.size() == 2);
    lane.has_vehicle = true;
    tests.tick();
    // Only the lamp goes back.
    REQUIRE(module->commands.size() == 3);
    CHECK(module->commands.back().point == PointName{"do2"});
}

TEST_CASE_METHOD(TestBench,
                 "An arm whose open contact is held is not moved by hand: the end of a pulse would let it go") {
    plan.lanes.front().settings.arm.control = ArmControl::maintained;
    lane.mode = LaneMode::out_of_service;
    (void)begin();
    CHECK_THAT(move("do0", "pulse", true), contains_text("letting go of it asks it down"));
    commit();
    CHECK(module->commands.empty());
}

TEST_CASE_METHOD(TestBench, "Who tests a device, and why, is said or there is no test") {
    CHECK_THAT(ask(R"({"ask":"device_test","device":"io","say":"begin"})"), contains_text("both are recorded"));
    CHECK_THAT(ask(R"({"ask":"device_test","device":"oi","say":"begin"})"), contains_text("there is no device"));
    (void)begin();
    CHECK_THAT(begin(), contains_text("one at a time"));
}

TEST_CASE_METHOD(TestBench, "Devices are listed with their buses, and what a watched one says is told once") {
    CHECK_THAT(ask("devices"), contains_text(R"("profile":"a-module")") && contains_text(R"("bus":"field")") &&
                                   contains_text(R"("address":"192.0.2.10:502")") && contains_text(R"("unit":"1")"));
    const auto first = ask(R"({"ask":"device_wire","device":"io","from":0,"said_from":0})");
    CHECK_THAT(first, contains_text(R"("said_next":1)"));
    module->sink({DeviceName{"io"}, PointName{"di1"}, clock.now().instant, InputSeen{Signal::on, 1}});
    CHECK_THAT(ask(R"({"ask":"device_wire","device":"io","from":1,"said_from":1})"), contains_text("di1 on"));
    CHECK(ask(R"({"ask":"device_wire","device":"io","from":1,"said_from":2})").find("di1 on") == std::string::npos);
    CHECK_THAT(ask(R"({"ask":"device_wire","bus":"field","from":0})"), contains_text(R"("transport":"modbus_tcp")"));
    CHECK_THAT(ask(R"({"ask":"device_wire","bus":"yard"})"), contains_text("there is no bus"));
    CHECK_THAT(ask(R"({"ask":"device_wire","device":"yard"})"), contains_text("there is no device"));
}

}  // namespace portcullis::gate
