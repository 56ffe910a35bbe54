#include "simulators/rig/lane_rig.hpp"

#include <algorithm>
#include <utility>

namespace portcullis::rig {

namespace {

using namespace std::chrono_literals;

constexpr auto tick = 10ms;
constexpr double tick_s = 0.01;
/// A second look of a reader that missed the first time.
constexpr double look_again_s = 0.6;
/// A camera tells again, this often, of a vehicle that stands before it.
constexpr double tell_again_s = 5;
/// Between two numbers that one camera sees on one vehicle.
constexpr double next_number_s = 0.3;

simulators::ScaleSpeech speech_of(story::ScaleKind kind) {
    switch (kind) {
        case story::ScaleKind::sics:
            return simulators::ScaleSpeech::sics;
        case story::ScaleKind::yaohua:
            return simulators::ScaleSpeech::yaohua;
        case story::ScaleKind::registers:
            return simulators::ScaleSpeech::registers;
        case story::ScaleKind::toledo:
        case story::ScaleKind::none:
            break;
    }
    return simulators::ScaleSpeech::toledo;
}

/// As a plate camera writes it.
std::string plate_line(const std::string& plate) {
    return simulators::to_gbk(plate) + ",96\r\n";
}

world::Vehicle vehicle_of(const story::Truck& truck) {
    world::Vehicle vehicle;
    vehicle.length = truck.length_m;
    vehicle.plate = truck.plate;
    vehicle.gap_to_next = truck.gap_m;
    vehicle.mass_kg = static_cast<double>(truck.gross_kg);
    vehicle.cruise = 4.0;
    if (truck.twenty_foot && truck.containers.size() == 2) {
        vehicle.boxes = {world::box_20_fore(truck.containers[0], truck.empty),
                         world::box_20_aft(truck.containers[1], truck.empty)};
    } else {
        for (const auto& number : truck.containers) {
            vehicle.boxes.push_back(truck.twenty_foot ? world::box_20_mid(number, truck.empty)
                                                      : world::box_40(number, truck.empty));
        }
    }
    switch (truck.drives) {
        case story::Drives::obeys:
            break;
        case story::Drives::behind_without_stopping:
        case story::Drives::under_the_falling_arm:
            vehicle.intent = world::Intent::run_through;
            break;
        case story::Drives::wrong_way:
            vehicle.intent = world::Intent::wrong_way;
            break;
    }
    return vehicle;
}

}  // namespace

const std::vector<InputWire>& input_wires() {
    static const std::vector<InputWire> wires{
        {Role::arrival_loop, 0, true},   {Role::arm_loop, 1, true},         {Role::exit_loop, 2, true},
        {Role::arm_open_limit, 3, true}, {Role::arm_closed_limit, 4, true}, {Role::load_beam_fore, 5, true},
        {Role::load_beam_mid, 6, true},  {Role::load_beam_aft, 7, true},    {Role::empty_seen, 8, false},
        {Role::arm_beam, 9, true},
    };
    return wires;
}

LaneRig::LaneRig(boost::asio::io_context& context, std::string name, story::LaneKind kind, double pace)
    : name_(std::move(name)),
      kind_(std::move(kind)),
      pace_(pace),
      world_({}, {}),
      io_(context, 0, {2s, {}}),
      plate_reader_(context),
      timer_(context) {
    for (const auto& role : kind_.container_readers) {
        container_readers_.emplace(
            role, std::make_unique<simulators::RegisterReader>(context, std::uint16_t{0}, std::uint8_t{1}));
    }
    if (kind_.rear_plate) {
        rear_plate_reader_.emplace(context);
    }
    if (kind_.seals) {
        seal_reader_.emplace(context);
    }
    if (kind_.sign) {
        sign_.emplace(context);
    }
    if (kind_.tags) {
        tag_station_.emplace(context);
    }
    if (kind_.camera) {
        camera_.emplace(context, std::uint16_t{0}, simulators::CameraAccess::digest_sha256);
    }
    if (kind_.scale != story::ScaleKind::none) {
        scale_.emplace(context, speech_of(kind_.scale));
    }
    if (kind_.radiation != story::MonitorKind::none) {
        monitor_.emplace(context, kind_.radiation == story::MonitorKind::lines ? simulators::MonitorSpeech::lines
                                                                               : simulators::MonitorSpeech::registers);
    }
    io_.on_output([this](std::size_t index, bool high) { output_changed(index, high); });
    wire_inputs();
    schedule();
}

void LaneRig::stop() {
    stopped_ = true;
    timer_.cancel();
}

int LaneRig::drive_up(const story::Truck& truck) {
    const int id = world_.spawn(vehicle_of(truck));
    drivers_.push_back({id, truck});
    return id;
}

void LaneRig::follow(double gap_m) {
    story::Truck truck;
    truck.drives = story::Drives::behind_without_stopping;
    truck.gap_m = gap_m;
    drive_up(truck);
}

void LaneRig::set_reader_faults(std::vector<story::ReaderFault> faults) {
    reader_faults_ = std::move(faults);
}

void LaneRig::look_again() {
    for (const auto& vehicle : world_.vehicles()) {
        const bool in_view =
            vehicle.front > world_.geometry().container_camera && vehicle.front < world_.geometry().arm;
        if (in_view && vehicle.speed == 0 && vehicle.intent != world::Intent::wrong_way) {
            sighted({world::Sighting::What::plate, vehicle.id, vehicle.plate});
            for (const auto& box : vehicle.boxes) {
                sighted({world::Sighting::What::container, vehicle.id, box.number});
            }
        }
    }
}

void LaneRig::tidy_up() {
    world_.clear();
    drivers_.clear();
    later_.clear();
    reader_faults_.clear();
    clear_device_faults();
    set_scale_fault(story::ScaleFault::none);
    set_monitor(story::MonitorFault::none, 400ms, 1600ms);
    story_pace_ = 1;
    for (auto* server : servers()) {
        server->go_online();
    }
    auto& barrier = world_.barrier();
    barrier.faults = {};
    barrier.stop_contact(true);
    world_.step(0, {});
    barrier.stop_contact(io_.output(OutputWires::arm_stop));
}

std::vector<simulators::ModbusServer*> LaneRig::servers() {
    std::vector<simulators::ModbusServer*> all{&io_.server()};
    for (const auto& [role, reader] : container_readers_) {
        all.push_back(&reader->server());
    }
    return all;
}

void LaneRig::schedule() {
    timer_.expires_after(tick);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error && !stopped_) {
            step();
            schedule();
        }
    });
}

void LaneRig::step() {
    if (!by_hand_) {
        drive(tick_s * pace_ * story_pace_);
    }
    lived_s_ += tick_s;
    if (!by_hand_ && lived_s_ >= next_look_s_) {
        next_look_s_ = lived_s_ + tell_again_s;
        look_again();
    }
    look();
    weigh();
    measure();
    std::vector<Later> due;
    std::erase_if(later_, [&](Later& one) {
        const bool now = one.due_s <= lived_s_;
        if (now) {
            due.push_back(std::move(one));
        }
        return now;
    });
    for (const auto& one : due) {
        one.what();
    }
    if (!by_hand_) {
        wire_inputs();
    }
    if (stepped_) {
        stepped_();
    }
}

void LaneRig::drive(double seconds) {
    for (auto& driver : drivers_) {
        if (auto* vehicle = world_.vehicle(driver.vehicle)) {
            follow_plan(driver, *vehicle, seconds);
        }
    }
    world_.step(seconds, [this](const world::Sighting& sighting) { sighted(sighting); });
}

void LaneRig::follow_plan(Driver& driver, world::Vehicle& vehicle, double seconds) {
    const auto& truck = driver.truck;
    const bool at_line = vehicle.front > -0.5 && vehicle.front < 0.5 && vehicle.speed == 0;
    driver.waited_s += vehicle.speed == 0 ? seconds : 0;
    if (truck.patience && !vehicle.reversing && !vehicle.past_line &&
        driver.waited_s * 1000 > static_cast<double>(truck.patience->count())) {
        vehicle.reversing = true;
    }
    if (truck.backs_out_on_green && at_line && world_.light_go_is_green()) {
        vehicle.reversing = true;
    }
    if (truck.drives == story::Drives::under_the_falling_arm && !vehicle.past_line) {
        // Waits before the loop until the arm is half down, then pushes in.
        const bool falling = world_.barrier().is_lowering() && world_.barrier().position() < 0.95;
        const bool near_line = vehicle.front > -0.6 && vehicle.front < 1.0;
        vehicle.stand_seconds = near_line && !falling ? tick_s * 2 : 0;
        vehicle.cruise = falling ? 6.0 : vehicle.cruise;
    }
}

void LaneRig::wire_inputs() {
    for (const auto& wire : input_wires()) {
        const bool active = seen_by(wire.role);
        io_.set_input(wire.index, wire.open_means_occupied ? !active : active);
    }
}

void LaneRig::set_input(Role role, bool active) {
    for (const auto& wire : input_wires()) {
        if (wire.role == role) {
            io_.set_input(wire.index, wire.open_means_occupied ? !active : active);
        }
    }
}

void LaneRig::show_plate(const std::string& plate) {
    say("plate_front", plate_reader_, plate_line(plate));
}

void LaneRig::show_seal(const std::string& seal) {
    const auto space = seal.find(' ');
    const auto state = space == std::string::npos ? std::string{} : seal.substr(space + 1);
    seal_reader_->send(simulators::seal_frame(seal.substr(0, space), state));
}

void LaneRig::show_container(const std::string& number) {
    for (const auto& [role, reader] : container_readers_) {
        reader->read(number, 97);
    }
}

void LaneRig::output_changed(std::size_t index, bool high) {
    switch (index) {
        case OutputWires::arm_up:
            world_.barrier().open_contact(high);
            break;
        case OutputWires::arm_down_request:
            world_.barrier().close_contact(high);
            break;
        case OutputWires::light_go:
            greens_ += high && !world_.light_go_is_green() ? 1 : 0;
            world_.light_go(high);
            break;
        case OutputWires::light_lane:
            world_.light_lane(high);
            break;
        case OutputWires::arm_stop:
            world_.barrier().stop_contact(high);
            break;
        default:
            break;
    }
}

void LaneRig::sighted(const world::Sighting& sighting) {
    if (sighting.what == world::Sighting::What::plate) {
        const auto* fault = fault_of("plate_front");
        if (fault == nullptr || !fault->silent) {
            const auto& text = fault != nullptr && fault->reads ? *fault->reads : sighting.text;
            show_plate(text);
        }
        return;
    }
    const auto* vehicle = world_.vehicle(sighting.vehicle);
    const bool second = vehicle != nullptr && vehicle->boxes.size() > 1 && vehicle->boxes[1].number == sighting.text;
    for (const auto& [role, reader] : container_readers_) {
        const auto tell = [this, role = role, &reader = *reader, text = sighting.text] {
            container_sighted(role, reader, text);
        };
        later(second ? next_number_s : 0, tell);
    }
    trailer_sighted(sighting.vehicle);
    seals_sighted(sighting.vehicle);
    tags_sighted(sighting.vehicle);
}

/// A tag answers as long as its vehicle stands there: until the next one's are in view.
void LaneRig::tags_sighted(int vehicle) {
    const auto* fault = fault_of("tag_reader");
    if (!tag_station_) {
        return;
    }
    tag_station_->faults.mute = fault != nullptr && fault->silent;
    tag_station_->clear();
    for (const auto& driver : drivers_) {
        if (driver.vehicle == vehicle) {
            for (const auto& tag : driver.truck.tags) {
                tag_station_->show(tag);
            }
        }
    }
}

void LaneRig::trailer_sighted(int vehicle) {
    const auto* fault = fault_of("plate_rear");
    if (!rear_plate_reader_ || (fault != nullptr && fault->silent)) {
        return;
    }
    for (const auto& driver : drivers_) {
        if (driver.vehicle == vehicle && !driver.truck.trailer.empty()) {
            say("plate_rear", *rear_plate_reader_,
                plate_line(fault != nullptr ? fault->reads.value_or(driver.truck.trailer) : driver.truck.trailer));
        }
    }
}

void LaneRig::seals_sighted(int vehicle) {
    const auto* fault = fault_of("seal_rear");
    if (!seal_reader_ || (fault != nullptr && fault->silent)) {
        return;
    }
    for (const auto& driver : drivers_) {
        if (driver.vehicle == vehicle) {
            for (const auto& seal : driver.truck.seals) {
                show_seal(seal);
            }
        }
    }
}

void LaneRig::container_sighted(const std::string& role, simulators::RegisterReader& reader,
                                const std::string& painted) {
    const auto* fault = fault_of(role);
    if (fault == nullptr) {
        reader.read(painted, 97);
        return;
    }
    if (fault->silent) {
        return;
    }
    for (int miss = 0; miss < fault->misses_first; ++miss) {
        later(look_again_s * miss, [&reader] { reader.read("", 0); });
    }
    const auto text = fault->reads.value_or(painted);
    later(look_again_s * fault->misses_first, [&reader, text] { reader.read(text, 97); });
}

void LaneRig::later(double seconds, std::function<void()> what) {
    later_.push_back({lived_s_ + seconds, std::move(what)});
}

}  // namespace portcullis::rig
