#include "gate/device_desk.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/lane_settings.hpp"
#include "lane/lane.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"

namespace portcullis::gate {
namespace {

/// A device that says what a test wants it to say, and keeps what it was told to do.
struct FakeDevice final : drivers::Device {
    void start(drivers::ObservationSink given) override { sink = std::move(given); }
    void stop() override {}
    void perform(const drivers::PointCommand& command, drivers::CommandDone) override { commands.push_back(command); }
    [[nodiscard]] drivers::DeviceView view() const override { return {}; }
    void pace(drivers::Pace now) override { paces.push_back(now); }
    void disable() override { asked = false; }
    void enable() override { asked = true; }

    drivers::ObservationSink sink;
    std::vector<drivers::Pace> paces;
    bool asked = true;
    std::vector<drivers::PointCommand> commands;
};

struct FakePlan final : drivers::DevicePlan {
    explicit FakePlan(std::map<DeviceName, FakeDevice*>& made) : made_(made) {}
    [[nodiscard]] const drivers::ProfileFacts& profile() const override { return facts_; }
    [[nodiscard]] std::unique_ptr<drivers::Device> make(const drivers::DeviceContext& context, drivers::Buses&,
                                                        const BusName&, const std::vector<PointSetup>&) const override {
        auto device = std::make_unique<FakeDevice>();
        made_[context.name] = device.get();
        return device;
    }

private:
    std::map<DeviceName, FakeDevice*>& made_;
    drivers::ProfileFacts facts_;
};

RolePoint wired(Role role, const std::string& device, const std::string& point) {
    const auto direction = kind_of(role) == RoleKind::output ? Direction::output : Direction::input;
    return {
        role, {DeviceName{device}, PointName{point}}, {.point = PointName{point}, .direction = direction, .pulse = {}}};
}

/// One lane whose inputs and arm hang on `io`, and whose lights hang on a module of their own.
struct DeskRig {
    boost::asio::io_context context;
    portcullis::testing::ManualClock clock;
    runtime::Log log{runtime::Log::Form::plain, runtime::LogLevel::error};
    std::map<DeviceName, FakeDevice*> made;
    std::vector<lane::Observed> observed;
    std::vector<Event> recorded;
    std::vector<Observation> at_zone;
    GatePlan plan = one_lane();
    DeviceDesk desk{{context, clock, log},
                    plan,
                    {[this](std::size_t, lane::Observed seen) { observed.push_back(std::move(seen)); },
                     [this](Event event) { recorded.push_back(std::move(event)); },
                     [this](const Observation& seen) { at_zone.push_back(seen); }}};

    DeskRig() {
        desk.start();
        inventory = std::exchange(recorded, {});
    }
    std::vector<Event> inventory;

    GatePlan one_lane() {
        GatePlan built;
        for (const auto* name : {"io", "lights", "yard"}) {
            built.devices.push_back({DeviceName{name}, BusName{"field"}, std::make_unique<FakePlan>(made)});
        }
        LanePlan lane;
        lane.points = {wired(Role::arm_loop, "io", "di1"), wired(Role::arm_up, "io", "do0"),
                       wired(Role::light_lane, "lights", "do0"), wired(Role::light_go, "lights", "do1"),
                       wired(Role::cabinet_door, "io", "di7")};
        built.lanes.push_back(std::move(lane));
        LanePlan second;
        second.points = {wired(Role::exit_loop, "io", "di1")};
        built.lanes.push_back(std::move(second));
        built.zones = {
            {"Z2", settings::ZoneDoor{{}, DeviceName{"yard"}}, settings::ZoneDoor{LaneName{"out-1"}, {}}, {}}};
        return built;
    }
    void becomes(const std::string& device, DeviceState state) {
        made.at(DeviceName{device})
            ->sink({DeviceName{device}, PointName{}, clock.now().instant, HealthChanged{state, "said by a test"}});
    }
    /// Roles that the lane has heard a state of health for, in the order of the list of roles.
    [[nodiscard]] std::vector<Role> heard(DeviceState state) const {
        std::vector<Role> roles;
        for (const auto& seen : observed) {
            const auto* health = std::get_if<HealthChanged>(&seen.observation.what);
            if (health != nullptr && health->state == state) {
                roles.push_back(seen.role);
            }
        }
        std::ranges::sort(roles);
        return roles;
    }
};

}  // namespace

TEST_CASE("a lane hears of the health of every module that plays a role in it, also of one that only drives lights") {
    DeskRig rig;
    rig.becomes("lights", DeviceState::offline);
    CHECK(rig.heard(DeviceState::offline) == std::vector{Role::light_lane, Role::light_go});
    rig.becomes("lights", DeviceState::online);
    CHECK(rig.heard(DeviceState::online) == std::vector{Role::light_lane, Role::light_go});
    rig.becomes("io", DeviceState::fault);
    CHECK(rig.heard(DeviceState::fault) == std::vector{Role::arm_loop, Role::exit_loop, Role::arm_up});

    REQUIRE(rig.recorded.size() == 3);
    CHECK(rig.recorded[0].type == "device.state");
    CHECK(rig.recorded[0].subject == "device/lights");
}

TEST_CASE("a zone's own reader tells the zone what it reads and how it is, and no lane") {
    DeskRig rig;
    const DeviceName yard{"yard"};
    rig.becomes("yard", DeviceState::online);
    rig.made.at(yard)->sink({yard, PointName{}, rig.clock.now().instant,
                             Reading{ReadingKind::container, Face::rear, "CSQU3054383", {}, "", {}}});
    rig.becomes("io", DeviceState::offline);
    REQUIRE(rig.at_zone.size() == 2);
    CHECK(std::get<Reading>(rig.at_zone[1].what).raw == "CSQU3054383");
    CHECK(std::ranges::none_of(rig.observed, [&](const auto& seen) { return seen.observation.device == yard; }));
    CHECK(*rig.recorded[0].data.find("role") == Value{List{"zone_in"}});
}

TEST_CASE("the journal has each device at the start, and again when it says something else") {
    DeskRig rig;
    REQUIRE(rig.inventory.size() == 3);
    CHECK(rig.inventory[0].type == "device.inventory");
    CHECK(rig.inventory[0].subject == "device/io");
    CHECK(*rig.inventory[0].data.find("firmware") == Value{"unknown"});
    const DeviceName io{"io"};
    const Observation told{io, {}, rig.clock.now().instant, DeviceIdentity{"6060 0000", "A123", "25"}};
    rig.made.at(io)->sink(told);
    rig.made.at(io)->sink(told);
    REQUIRE(rig.recorded.size() == 1);
    CHECK(*rig.recorded[0].data.find("serial") == Value{"A123"});
    CHECK(*rig.recorded[0].data.find("firmware") == Value{"25"});
}

TEST_CASE("an input that no lane decides by is a condition of its device, and no lane sees it") {
    DeskRig rig;
    const DeviceName io{"io"};
    rig.made.at(io)->sink({io, PointName{"di7"}, rig.clock.now().instant, InputSeen{Signal::on, 1}});
    CHECK(rig.observed.empty());
    rig.clock.advance(std::chrono::milliseconds{60});
    while (rig.recorded.empty()) {
        REQUIRE(rig.context.run_one_for(std::chrono::seconds{20}) == 1);
    }
    CHECK(rig.recorded[0].type == "condition.began");
    CHECK(*rig.recorded[0].data.find("condition") == Value{"cabinet_open"});
    CHECK(rig.desk.roles_of(io) == List{"arm_loop", "arm_up", "cabinet_door", "exit_loop"});
}

TEST_CASE("polls follow the busiest lane of a device") {
    using drivers::Pace;
    DeskRig rig;
    auto& io = *rig.made.at(DeviceName{"io"});
    rig.desk.pace(0, Pace::idle);
    CHECK(io.paces == std::vector{Pace::busy});  // the second lane still is
    CHECK(rig.made.at(DeviceName{"lights"})->paces == std::vector{Pace::idle});
    rig.desk.pace(1, Pace::idle);
    CHECK(io.paces.back() == Pace::idle);
    rig.desk.pace(1, Pace::idle);
    CHECK(io.paces.size() == 2);
    rig.desk.pace(0, Pace::busy);
    CHECK(io.paces.back() == Pace::busy);
    CHECK(rig.made.at(DeviceName{"yard"})->paces.empty());
}

TEST_CASE("a device that is out of service by hand is away for its lanes, is asked nothing, and moves nothing") {
    DeskRig rig;
    const DeviceName io{"io"};
    auto& device = *rig.made.at(io);
    rig.becomes("io", DeviceState::online);
    rig.desk.disable(io);
    CHECK_FALSE(device.asked);
    CHECK(rig.desk.view(io).disabled);
    CHECK(rig.heard(DeviceState::offline) == std::vector{Role::arm_loop, Role::exit_loop, Role::arm_up});
    const auto heard = rig.observed.size();
    device.sink({io, PointName{"di1"}, rig.clock.now().instant, InputSeen{Signal::off, 2}});
    CHECK(rig.observed.size() == heard);

    std::optional<CommandResult> result;
    Command up;
    up.output = Role::arm_up;
    up.act = OutputAct::pulse;
    up.not_after = rig.clock.now().instant + std::chrono::seconds{5};
    rig.desk.perform(0, up, [&result](const CommandResult& done) { result = done; });
    CHECK_FALSE(result);
    rig.context.run_for(std::chrono::milliseconds{50});
    REQUIRE(result);
    CHECK(result->write == WriteOutcome::failed);
    CHECK(result->cause == "out of service by hand");
    CHECK(device.commands.empty());

    rig.desk.enable(io);
    CHECK(device.asked);
    CHECK_FALSE(rig.desk.view(io).disabled);
    device.sink({io, PointName{"di1"}, rig.clock.now().instant, InputSeen{Signal::off, 2}});
    CHECK(rig.observed.size() > heard);
}

}  // namespace portcullis::gate
