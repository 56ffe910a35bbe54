#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/role.hpp"
#include "simulators/devices/http_camera.hpp"
#include "simulators/devices/io_module.hpp"
#include "simulators/devices/line_reader.hpp"
#include "simulators/devices/radiation_monitor.hpp"
#include "simulators/devices/register_reader.hpp"
#include "simulators/devices/scale_indicator.hpp"
#include "simulators/devices/sign_board.hpp"
#include "simulators/devices/tag_station.hpp"
#include "simulators/story/story.hpp"
#include "simulators/world/lane_world.hpp"

namespace portcullis::rig {

/// An input point of the lane's I/O module and the role that it plays.
struct InputWire {
    Role role;
    std::size_t index;
    /// A broken wire reads 0. `true`: 0 means occupied (contact opens on detection); `false`: 0 means clear.
    bool open_means_occupied;
};

/// The wiring of every simulated lane; the settings that the daemon gets are written from the same table.
[[nodiscard]] const std::vector<InputWire>& input_wires();

/// Output points of the lane's I/O module.
struct OutputWires {
    static constexpr std::size_t arm_up = 0;
    static constexpr std::size_t arm_down_request = 1;
    static constexpr std::size_t light_go = 2;
    static constexpr std::size_t light_lane = 3;
    static constexpr std::size_t arm_stop = 4;
};

/// One lane of a simulated terminal: vehicles, barrier and devices on their real protocols, moved on in real time by
/// a timer on the caller's context.
class LaneRig {
public:
    LaneRig(boost::asio::io_context& context, std::string name, story::LaneKind kind, double pace);

    /// Sends a vehicle into the lane; returns its id in the world.
    int drive_up(const story::Truck& truck);
    /// Another vehicle, this many metres behind the last one, that stops for nobody.
    void follow(double gap_m);
    /// How readers misbehave from now on.
    void set_reader_faults(std::vector<story::ReaderFault> faults);
    /// What is wrong with the weighbridge from now on.
    void set_scale_fault(story::ScaleFault fault);
    /// What is wrong with the radiation monitor from now on, how long it holds an occupancy, and how long after the
    /// beam is broken it sees what radiates.
    void set_monitor(story::MonitorFault fault, std::chrono::milliseconds holds,
                     std::chrono::milliseconds alarms_after);
    /// What `io` or a reader does wrong from now on; nothing = no more.
    void set_device_fault(const std::string& device, std::optional<story::DeviceFault> fault);
    /// How much faster this lane's physics are than those of its gate, until `tidy_up`.
    void set_pace(double pace) { story_pace_ = pace; }
    /// `io`, or a reader's role: its cable is pulled, or put back.
    void set_offline(const std::string& device, bool offline);
    /// After a story: no vehicle, no fault, cables in, and the stop button of the board pressed once.
    void tidy_up();
    /// No world from now on: inputs and readings are what `set_input`, `show_plate` and `show_container` say.
    void drive_by_hand() { by_hand_ = true; }
    void set_input(Role role, bool active);
    /// What stands in the beam of the radiation monitor; nothing = nobody.
    void put_in_beam(std::optional<simulators::Radiates> radiates) { in_beam_ = radiates; }
    void show_plate(const std::string& plate);
    void show_container(const std::string& number);
    /// In a lane with a reader of seals: a number, and what the seal says of itself where it does: `CN777777 T`.
    void show_seal(const std::string& seal);
    /// Called after each step of the world.
    void on_step(std::function<void()> stepped) { stepped_ = std::move(stepped); }
    void stop();

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const story::LaneKind& kind() const { return kind_; }
    [[nodiscard]] world::LaneWorld& world() { return world_; }
    [[nodiscard]] simulators::IoModule& io() { return io_; }
    /// Times that the light at the arm was switched to green, as its wire carried it.
    [[nodiscard]] std::int64_t greens() const { return greens_; }
    [[nodiscard]] std::uint16_t io_port() const { return io_.port(); }
    [[nodiscard]] const std::map<std::string, std::unique_ptr<simulators::RegisterReader>>& container_readers() const {
        return container_readers_;
    }
    [[nodiscard]] simulators::LineReader& plate_reader() { return plate_reader_; }
    [[nodiscard]] const simulators::LineReader& plate_reader() const { return plate_reader_; }
    /// Nothing in a lane without one.
    [[nodiscard]] const simulators::LineReader* rear_plate_reader() const {
        return rear_plate_reader_ ? &*rear_plate_reader_ : nullptr;
    }
    /// Nothing in a lane without one.
    [[nodiscard]] simulators::LineReader* seal_reader() { return seal_reader_ ? &*seal_reader_ : nullptr; }
    [[nodiscard]] const simulators::LineReader* seal_reader() const { return seal_reader_ ? &*seal_reader_ : nullptr; }
    /// Nothing in a lane without one.
    [[nodiscard]] simulators::SignBoard* sign() { return sign_ ? &*sign_ : nullptr; }
    [[nodiscard]] const simulators::SignBoard* sign() const { return sign_ ? &*sign_ : nullptr; }
    /// Nothing in a lane without one.
    [[nodiscard]] simulators::TagStation* tag_station() { return tag_station_ ? &*tag_station_ : nullptr; }
    [[nodiscard]] const simulators::TagStation* tag_station() const { return tag_station_ ? &*tag_station_ : nullptr; }

    /// Nothing in a lane without one.
    [[nodiscard]] simulators::HttpCameraServer* camera() { return camera_ ? &*camera_ : nullptr; }
    [[nodiscard]] const simulators::HttpCameraServer* camera() const { return camera_ ? &*camera_ : nullptr; }

    /// Nothing in a lane without one.
    [[nodiscard]] const simulators::RadiationMonitor* monitor() const { return monitor_ ? &*monitor_ : nullptr; }

    /// Nothing in a lane without one.
    [[nodiscard]] simulators::ScaleIndicator* scale() { return scale_ ? &*scale_ : nullptr; }
    [[nodiscard]] const simulators::ScaleIndicator* scale() const { return scale_ ? &*scale_ : nullptr; }

private:
    /// A driver's mind between two steps: patience and changes of plan that the world does not know.
    struct Driver {
        int vehicle;
        story::Truck truck;
        double waited_s = 0;
    };
    struct Later {
        double due_s;
        std::function<void()> what;
    };

    [[nodiscard]] std::vector<simulators::ModbusServer*> servers();
    void clear_device_faults();
    void schedule();
    void step();
    void drive(double seconds);
    void follow_plan(Driver& driver, world::Vehicle& vehicle, double seconds);
    void wire_inputs();
    [[nodiscard]] bool seen_by(Role role) const;
    void output_changed(std::size_t index, bool high);
    void look_again();
    void say(const std::string& role, simulators::LineReader& reader, const std::string& line);
    void weigh();
    void measure();
    void look();
    void sighted(const world::Sighting& sighting);
    void trailer_sighted(int vehicle);
    void seals_sighted(int vehicle);
    void tags_sighted(int vehicle);
    void container_sighted(const std::string& role, simulators::RegisterReader& reader, const std::string& painted);
    [[nodiscard]] const story::ReaderFault* fault_of(const std::string& role) const;
    void later(double seconds, std::function<void()> what);

    std::string name_;
    story::LaneKind kind_;
    double pace_;
    double story_pace_ = 1;
    world::LaneWorld world_;
    simulators::IoModule io_;
    std::map<std::string, std::unique_ptr<simulators::RegisterReader>> container_readers_;
    simulators::LineReader plate_reader_;
    std::optional<simulators::LineReader> rear_plate_reader_;
    std::optional<simulators::LineReader> seal_reader_;
    std::optional<simulators::SignBoard> sign_;
    std::optional<simulators::TagStation> tag_station_;
    std::optional<simulators::HttpCameraServer> camera_;
    std::optional<simulators::ScaleIndicator> scale_;
    std::optional<simulators::RadiationMonitor> monitor_;
    std::vector<story::ReaderFault> reader_faults_;
    std::map<std::string, story::DeviceFault> line_faults_;  ///< of readers on a line
    std::map<std::string, std::string> last_lines_;          ///< what they said last
    bool arrival_flickers_ = false;
    std::optional<simulators::Radiates> in_beam_;  ///< by hand
    std::vector<Driver> drivers_;
    std::vector<Later> later_;
    boost::asio::steady_timer timer_;
    std::function<void()> stepped_;
    double lived_s_ = 0;
    double next_look_s_ = 0;
    double next_weight_s_ = 0;
    std::int64_t greens_ = 0;
    bool stopped_ = false;
    bool by_hand_ = false;
};

}  // namespace portcullis::rig
