#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/command.hpp"
#include "core/time.hpp"
#include "core/value.hpp"
#include "core/vocabulary.hpp"
#include "gate/control_desk.hpp"
#include "gate/device_desk.hpp"
#include "gate/gate_plan.hpp"
#include "gate/journal_desk.hpp"

namespace portcullis::gate {

/// `portcullis device test`: one device at a time in the hands of a technician. Lanes are told that it is away, and
/// what it says goes to none of them. A test begins only while no lane that uses the device has a vehicle, ends as soon
/// as one comes, and ends by itself when nobody asks on for five seconds; then outputs go back to what they were, none
/// of which moves an arm: an arm is moved by a pulse only, which ends by itself, and never by letting go of a contact.
class DeviceTesting {
public:
    struct Lane {
        LaneMode mode = LaneMode::recovering;
        bool has_vehicle = false;
    };
    struct Ports {
        std::function<Now()> now;
        std::function<Lane(std::size_t lane)> lane;
        std::function<void(Submission)> submit;
    };

    /// Plan and desk outlive it.
    DeviceTesting(const GatePlan& plan, DeviceDesk& desk, Ports ports);

    /// `{"ask":"device_test","device":NAME,"say":"begin"|"go_on"|"end","actor":…,"reason_text":…}`
    /// `{"ask":"device_move","device":NAME,"point":P,"act":"on"|"off"|"pulse","pulse_ms":N,"arms":"yes"|"no"}`
    void add_to(ControlDesk& desk);

    /// From time to time: ends a test whose technician has gone, or in whose lanes a vehicle is.
    void tick();
    /// A passage began.
    void vehicle_came() { tick(); }
    [[nodiscard]] bool testing() const { return test_.has_value(); }

    static constexpr std::chrono::seconds patience{5};

private:
    struct Test {
        DeviceName device;
        std::string actor;
        std::string reason;
        Instant ends;
        std::vector<std::size_t> lanes;
        bool was_automatic = false;                 ///< one of the lanes, when the test began
        std::map<PointName, OutputAct> to_restore;  ///< what moved outputs were before
    };
    /// What a point is in lanes.
    struct Wired {
        std::size_t lane = 0;
        RolePoint point;
    };

    void test(const Value& question, const ControlDesk::Reply& reply);
    void move(const Value& question, const ControlDesk::Reply& reply);
    [[nodiscard]] std::optional<std::string> begin(const DeviceName& device, const Value& question);
    void end(const std::string& why);
    [[nodiscard]] std::optional<std::string> arm_refused(const Wired& wire, OutputAct act, bool arms) const;
    void move_arm(const Wired& wire, OutputAct act, std::chrono::milliseconds pulse, bool arms,
                  const ControlDesk::Reply& reply);
    /// Right before the write these inputs must be clear.
    void write(const PointName& point, OutputAct act, std::chrono::milliseconds pulse,
               std::vector<PointRef> must_be_clear, const ControlDesk::Reply& reply);
    void remember(const PointName& point);
    [[nodiscard]] std::vector<std::size_t> lanes_of(const DeviceName& device) const;
    [[nodiscard]] std::optional<Wired> wired(const DeviceName& device, const PointName& point) const;
    [[nodiscard]] std::optional<std::string> lane_with_vehicle(const std::vector<std::size_t>& lanes) const;
    [[nodiscard]] Event event(std::string_view mode, const std::string& why) const;

    const GatePlan& plan_;
    DeviceDesk& desk_;
    Ports ports_;
    std::optional<Test> test_;
    std::string ended_;  ///< why the last one ended, for who asks on
    std::uint64_t commands_ = 0;
};

}  // namespace portcullis::gate
