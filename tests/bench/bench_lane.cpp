#include "tests/bench/bench_lane.hpp"

#include <utility>

namespace portcullis::bench {

namespace {

using namespace std::chrono_literals;

// Points of the I/O module; inputs are wired so that an open contact means occupied.
constexpr std::size_t arrival = 0;
constexpr std::size_t under_arm = 1;
constexpr std::size_t leaving = 2;
constexpr std::size_t open_limit = 3;
constexpr std::size_t closed_limit = 4;
/// Time for the readings before the last one to be taken.
constexpr auto settle = 60ms;
constexpr auto box = "CSQU3054383";
constexpr std::size_t arm_up = 0;
constexpr std::size_t arm_down_request = 1;

}  // namespace

BenchLane::BenchLane(boost::asio::io_context& context, const runtime::Clock& clock, std::string name, Last last)
    : clock_(clock),
      name_(std::move(name)),
      last_(last),
      io_(context, 0, {}),
      container_(context, 0, 1),
      plate_(context),
      timer_(context) {
    for (const auto input : {arrival, under_arm, leaving, open_limit}) {
        set(input, false);
    }
    set(closed_limit, true);
    io_.before_write([this](std::size_t output, bool high) { written(output, high); });
}

void BenchLane::set(std::size_t input, bool active) {
    io_.set_input(input, !active);
}

void BenchLane::after(std::chrono::milliseconds pause, std::function<void()> what) {
    timer_.expires_after(pause);
    timer_.async_wait([what = std::move(what)](const boost::system::error_code& error) {
        if (!error) {
            what();
        }
    });
}

void BenchLane::begin(Measured measured) {
    idle_ = false;
    measured_ = std::move(measured);
    set(arrival, true);
    after(settle, [this] {
        if (last_ == Last::plate) {
            container_.read(box, 97);
        }
        after(settle, [this] { last_thing(); });
    });
}

void BenchLane::last_thing() {
    began_ = clock_.now().instant;
    if (last_ == Last::container) {
        container_.read(box, 97);
    } else {
        plate_.send(simulators::to_gbk("闽D" + std::to_string(10000 + plates_++ % 80000)) + ",96\r\n");
    }
}

void BenchLane::written(std::size_t output, bool high) {
    if (output == arm_up && high && began_) {
        const auto took = clock_.now().instant - *std::exchange(began_, std::nullopt);
        measured_(std::chrono::duration<double, std::milli>(took).count());
        up_ = true;
        drive_through();
    } else if (output == arm_down_request && high && up_) {
        up_ = false;
        arm_falls();
    }
}

void BenchLane::drive_through() {
    set(closed_limit, false);
    after(60ms, [this] {
        set(open_limit, true);
        after(60ms, [this] {
            set(under_arm, true);
            after(60ms, [this] {
                set(arrival, false);
                set(leaving, true);
                after(60ms, [this] {
                    set(under_arm, false);
                    after(60ms, [this] { set(leaving, false); });
                });
            });
        });
    });
}

void BenchLane::arm_falls() {
    set(open_limit, false);
    after(60ms, [this] {
        set(closed_limit, true);
        after(200ms, [this] { idle_ = true; });
    });
}

std::string BenchLane::buses_text() const {
    const auto tcp = [](std::uint16_t port) { return "{ modbus_tcp: 127.0.0.1:" + std::to_string(port) + " }\n"; };
    return "  " + name_ + "-io: " + tcp(io_.port()) + "  " + name_ + "-ocr: " + tcp(container_.port()) + "  " + name_ +
           "-plate: { serial: " + plate_.path() + ", line: 9600 8N1 }\n";
}

std::string BenchLane::devices_text() const {
    return "  " + name_ + "-io: { profile: advantech-adam-6050, bus: " + name_ + "-io, unit: 1, poll: 20 ms }\n  " +
           name_ + "-ocr: { profile: container-registers, bus: " + name_ + "-ocr, unit: 1, poll: 20 ms }\n  " + name_ +
           "-plate: { profile: plate-line-gbk, bus: " + name_ + "-plate }\n";
}

std::string BenchLane::lane_text() const {
    const auto point = [this](const char* name) { return name_ + "-io." + name; };
    const bool plate = last_ == Last::plate;
    return "  " + name_ +
           ":\n    way: in\n    arm: { control: pulse, close: daemon_request, on_power_loss: stays,"
           " on_power_return: stays }\n    on_inspect: open\n    on_hold: wait_person\n    load: trust_readers\n"
           "    requires: [" +
           (plate ? "plate, container" : "container") +
           "]\n    identify_within: 8 s\n    roles:\n      arrival_loop: " + point("di0") +
           "\n      arm_loop: " + point("di1") + "\n      exit_loop: " + point("di2") +
           "\n      arm_open_limit: " + point("di3") + "\n      arm_closed_limit: " + point("di4") +
           "\n      arm_up: { point: " + point("do0") +
           ", pulse: 100 ms }\n      arm_down_request: { point: " + point("do1") +
           ", pulse: 100 ms }\n      light_go: " + point("do2") + "\n      container_rear: " + name_ + "-ocr\n" +
           (plate ? "      plate_front: " + name_ + "-plate\n" : "");
}

}  // namespace portcullis::bench
