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
#include <vector>

#include "drivers/buses.hpp"
#include "drivers/device.hpp"
#include "drivers/input_image.hpp"
#include "gate/gate_plan.hpp"
#include "lane/lane_io.hpp"
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
    /// Takes a command back that its device may not have written yet.
    void withdraw(std::size_t lane, const lane::Withdraw& withdrawal);

    /// Gives the lane's sign the words of the message; nothing comes back. No sign: nothing.
    void show(std::size_t lane, const SignMessage& message);

    [[nodiscard]] const std::map<DeviceName, std::unique_ptr<drivers::Device>>& devices() const { return devices_; }
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
    void make_devices(const GatePlan& plan);
    void observed(const Observation& observation);
    void hand_to_lanes(const Observation& observation, const std::vector<Place>& places);
    void hand_to_zones(const Observation& observation);
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
    std::map<std::pair<std::size_t, Role>, RolePoint> outputs_;
    std::map<std::size_t, SignPlace> signs_;
    SignWords sign_words_;
    std::vector<std::vector<PointRef>> arm_inputs_;  ///< a lane's: what must be clear before a down request
};

}  // namespace portcullis::gate
