// Radiation monitors as the simulator plays them, on sockets, with its faults: what the drivers make of them.
#include "device_rig.hpp"
#include "drivers/observation_text.hpp"
#include "simulators/devices/radiation_monitor.hpp"

using namespace std::chrono_literals;

namespace portcullis::drivers {

namespace {

using simulators::MonitorSpeech;
using simulators::Radiates;
using simulators::RadiationMonitor;

struct SimulatedPortal {
    explicit SimulatedPortal(MonitorSpeech speech) : monitor(rig.main, speech), speech_(speech) {
        const auto at = "127.0.0.1:" + std::to_string(monitor.port());
        if (speech == MonitorSpeech::lines) {
            rig.add("rpm", "{ tcp: '" + at + "' }", "{}", "tsa-portal-lines");
        } else {
            rig.add("rpm", "{ modbus_tcp: '" + at + "' }", "{ poll: 20 ms, timeout: 1 s, stale_after: 3 s }",
                    "aspect-portal");
        }
        rig.start();
    }
    /// Something stands in the beam, or nothing does, for so long by the monitor's time.
    void stands(double seconds, bool in_beam, Radiates radiates = Radiates::no) {
        for (const auto end = now_s_ + seconds; now_s_ < end; now_s_ += 0.1) {
            monitor.step(now_s_, in_beam, radiates);
            rig.main.restart();
            rig.main.run_for(speech_ == MonitorSpeech::lines ? 2ms : 25ms);
        }
    }
    void passes(Radiates radiates) {
        stands(4, true, radiates);
        stands(2, false);
    }
    /// The last that was told of an occupancy, without its numbers.
    [[nodiscard]] std::string occupancy() const {
        std::string last;
        for (const auto& seen : rig.observations) {
            const auto* radiation = std::get_if<RadiationSeen>(&seen.what);
            const auto* ended = radiation == nullptr ? nullptr : std::get_if<OccupancyEnded>(&radiation->what);
            last = ended == nullptr ? last : std::string{text_of(ended->state)};
        }
        return last;
    }
    [[nodiscard]] bool told(const std::string& line) const {
        return std::any_of(rig.observations.begin(), rig.observations.end(),
                           [&](const Observation& seen) { return words_of(seen) == line; });
    }
    void until(const std::string& line) {
        CAPTURE(line);
        rig.until([&] {
            monitor.step(now_s_ += 0.05, false, Radiates::no);
            return told(line);
        });
    }

    testing::DeviceRig rig;
    RadiationMonitor monitor;

private:
    MonitorSpeech speech_;
    double now_s_ = 0;
};

}  // namespace

TEST_CASE("simulated monitors tell a clean vehicle and each kind of alarm on both protocols") {
    for (const auto speech : {MonitorSpeech::lines, MonitorSpeech::registers}) {
        CAPTURE(static_cast<int>(speech));
        SimulatedPortal portal{speech};
        portal.until("monitored");
        portal.passes(Radiates::no);
        CHECK(portal.occupancy() == "clean");
        portal.passes(Radiates::suspect);
        CHECK(portal.occupancy() == "gamma");
        portal.passes(Radiates::neutron);
        CHECK(portal.occupancy() == "neutron");
    }
}

TEST_CASE("a simulated monitor's faults are never clean") {
    for (const auto speech : {MonitorSpeech::lines, MonitorSpeech::registers}) {
        CAPTURE(static_cast<int>(speech));
        SimulatedPortal portal{speech};
        portal.until("monitored");
        portal.monitor.faults = {.tamper = true};
        portal.until(speech == MonitorSpeech::lines ? "not_monitored tamper" : "not_monitored cabinet_open");
        portal.passes(Radiates::no);
        CHECK(portal.occupancy() == "not_monitored");
        portal.monitor.faults = {.high_background = true};
        portal.until(speech == MonitorSpeech::lines ? "not_monitored high_background"
                                                    : "not_monitored gamma_high_background");
    }
}

TEST_CASE("a simulated monitor that loses the end, or its connection, leaves the occupancy incomplete") {
    SimulatedPortal portal{MonitorSpeech::lines};
    portal.until("monitored");
    portal.monitor.faults = {.loses_end = true};
    portal.passes(Radiates::no);
    CHECK(portal.occupancy() == "incomplete");
    portal.passes(Radiates::suspect);
    CHECK(portal.occupancy() == "gamma");
    portal.monitor.faults = {.drops = true};
    portal.stands(4, true);
    portal.until("not_monitored offline");
    CHECK(portal.occupancy() == "incomplete");
}

}  // namespace portcullis::drivers
