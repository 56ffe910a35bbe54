#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "drivers/buses.hpp"
#include "drivers/device.hpp"
#include "drivers/input_image.hpp"
#include "gate/device_counts.hpp"
#include "gate/device_inventory.hpp"
#include "gate/devices_aside.hpp"
#include "gate/gate_plan.hpp"
#include "gate/input_watch.hpp"
#include "lane/lane_io.hpp"
#include "runtime/alarm.hpp"
#include "runtime/clock.hpp"
#include "runtime/log.hpp"

namespace portcullis::gate {

/// All devices of a gate and the wiring between them and the lanes: which point plays which role where. Turns what
/// devices say of themselves into events, and a lane's commands into commands of a point.
class DeviceDesk {
public:
    struct Ports {
        std::function<void(std::size_t lane, lane::Observed)> observe;
        std::function<void(Event)> record;
        /// What a reader that is a zone's own says of itself and of boxes.
        std::function<void(const Observation&)> at_zone = {};
        /// Everything that any device says, also one that is set aside: for who watches it.
        std::function<void(const Observation&)> said = {};
        /// What a radiation monitor says, and how it is: `hand_radiation` what is to be believed of it.
        std::function<void(const Observation&)> radiation = {};
        /// What a device says that may stand at a portal.
        std::function<void(const Observation&)> at_portal = {};
        /// What a camera answered to a capture of the lane.
        std::function<void(std::size_t lane, lane::Observed)> picture = {};
    };
    struct Surroundings {
        boost::asio::io_context& context;
        const runtime::Clock& clock;
        const runtime::Log& log;
    };

    /// The plan must outlive the desk.
    DeviceDesk(Surroundings surroundings, const GatePlan& plan, Ports ports);

    void start();
    /// Ends polls and lets the buses write the safe states.
    void begin_stop();
    /// Waits for that, at most so long; false = a bus still hangs in an answer that does not come.
    [[nodiscard]] bool finish_stop(std::chrono::milliseconds limit) { return buses_.finish_stop(limit); }
    /// Moves the output that plays the command's role in the lane; `done` is called exactly once, later.
    void perform(std::size_t lane, const Command& command, drivers::CommandDone done);
    /// Moves an output of a device that is set aside; `done` is called exactly once, later.
    void perform_by_hand(const DeviceName& device, const drivers::PointCommand& command, drivers::CommandDone done);
    /// What must be clear before an arm of the lane moves down.
    [[nodiscard]] const std::vector<PointRef>& arm_inputs(std::size_t lane) const { return arm_inputs_.at(lane); }
    /// Takes a command back that its device may not have written yet.
    void withdraw(std::size_t lane, const lane::Withdraw& withdrawal);

    /// Asks the cameras, and the readers that can be asked, of the lane. Each camera answers once, later.
    void capture(std::size_t lane, const lane::Capture& capture);

    /// Gives the lane's sign the words of the message; nothing comes back. No sign: nothing.
    void show(std::size_t lane, const SignMessage& message);

    /// Counts what lanes made of their devices, for the summaries.
    void follow(const std::vector<Event>& events) { counts_.follow(events); }
    /// Lanes hear this of a monitor.
    void hand_radiation(const Observation& observation);

    /// How much happens in a lane: the polls of its devices follow it, the busiest of their lanes counts.
    void pace(std::size_t lane, drivers::Pace pace);

    /// Sets a device aside: what it sees reaches no lane, its lanes hear that it is away, its commands fail with
    /// `cause`. Taken back, its lanes hear what it is and sees by now. The device itself goes on.
    void set_aside(const DeviceName& device, const std::string& cause);
    void take_back(const DeviceName& device);
    [[nodiscard]] bool is_aside(const DeviceName& device) const { return aside_.cause(device).has_value(); }
    /// Out of service by hand: set aside, and asked no more; and back, as after a start.
    void disable(const DeviceName& device);
    void enable(const DeviceName& device);
    [[nodiscard]] bool is_disabled(const DeviceName& device) const { return disabled_.contains(device); }
    /// The roles that a device plays, each once.
    [[nodiscard]] List roles_of(const DeviceName& device) const;

    [[nodiscard]] drivers::DeviceView view(const DeviceName& device) const;
    [[nodiscard]] const std::map<DeviceName, std::unique_ptr<drivers::Device>>& devices() const { return devices_; }
    /// What goes over a bus; nullptr for one that has no bytes of ours, or none of that name.
    [[nodiscard]] drivers::WireTap* tap(const BusName& bus) { return buses_.tap(bus); }
    [[nodiscard]] std::vector<const runtime::Worker*> workers() const { return buses_.workers(); }

private:
    struct Place {
        std::size_t lane;
        Role role;
    };
    struct SignPlace {
        DeviceName device;
        std::string language;
    };

    void wire(const GatePlan& plan);
    void wire_lane(std::size_t lane, const LanePlan& plan);
    void make_devices(const GatePlan& plan);
    void observed(const Observation& observation);
    void hand_to_lanes(const Observation& observation, const std::vector<Place>& places);
    void hand_to_zones(const Observation& observation);
    void hand_to_portals(const Observation& observation);
    void hand_health(const Observation& observation);
    void hand_picture(const Observation& observation, const Picture& picture);
    void ask_camera(Place place, const DeviceName& device, const PassageId& passage);
    void answer_for(const DeviceName& device);
    void watch_input(const Observation& observation, InputSeen seen);
    void look_at_watched();
    void record_all(std::vector<Event> events);
    void health_changed(const Observation& observation, const HealthChanged& health);
    void bad_frames(const Observation& observation, const BadFrames& frames);
    void summary(const Observation& observation, const DeviceSummary& summary);
    [[nodiscard]] Event event(const char* type, const Observation& observation, Object data) const;
    [[nodiscard]] std::vector<Place> places_of(const DeviceName& device) const;

    Surroundings surroundings_;
    Ports ports_;
    drivers::InputImage image_;
    drivers::Buses buses_;
    std::map<DeviceName, std::unique_ptr<drivers::Device>> devices_;
    std::map<PointRef, std::vector<Place>> inputs_;
    std::map<DeviceName, std::vector<Place>> readers_;
    std::map<DeviceName, std::set<std::string_view>> doors_;  ///< of zones: what a reader is there
    std::map<DeviceName, std::set<std::string_view>> portal_roles_;
    std::map<std::pair<std::size_t, Role>, RolePoint> outputs_;
    std::map<std::size_t, SignPlace> signs_;
    std::map<std::pair<DeviceName, PassageId>, Place> asked_;  ///< of cameras, for whom
    SignWords sign_words_;
    InputWatch watched_;
    DeviceInventory inventory_;
    DevicesAside aside_;
    DeviceCounts counts_;
    std::set<DeviceName> disabled_;
    std::map<DeviceName, std::set<std::size_t>> lanes_of_;  ///< those that a device works for
    std::vector<drivers::Pace> paces_;                      ///< of the lanes
    runtime::Alarm watched_due_;
    std::vector<std::vector<PointRef>> arm_inputs_;  ///< a lane's: what must be clear before a down request
};

}  // namespace portcullis::gate
