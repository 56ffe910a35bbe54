// Portals at the gate: what is recorded of transits, and that lanes hear of them.
#include "gate/portal_desk.hpp"

#include <algorithm>
#include <utility>

#include "tests/support/catch.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;

struct Yard {
    static std::vector<PortalSettings> one_arch() {
        PortalSettings arch;
        arch.name = PortalName{"arch"};
        arch.way = Way::in;
        arch.radiation = DeviceName{"arch-rpm"};
        arch.readers = {{Role::container_left, DeviceName{"arch-left"}}};
        return {arch};
    }
    [[nodiscard]] Now time() const { return {now, WallTime{}, ClockState::synchronised}; }
    template <class What>
    void says(const char* device, What what) {
        desk.observed({DeviceName{device}, {}, now, std::move(what)}, time());
    }
    void after(std::chrono::milliseconds wait) {
        now += wait;
        desk.tick(time());
    }
    void passes(OccupancyState state) {
        says("arch-rpm", RadiationSeen{OccupancyBegan{}});
        if (is_alarm(state)) {
            says("arch-rpm", RadiationSeen{RadiationAlarm{true, false}});
        }
        Reading reading;
        reading.raw = "CSQU3054383";
        says("arch-left", reading);
        after(4s);
        OccupancyEnded ended;
        ended.state = state;
        ended.speed_mm_s = 1356;
        says("arch-rpm", RadiationSeen{ended});
        after(3s);
    }
    [[nodiscard]] Value member(std::string_view type, std::string_view name) const {
        const auto found =
            std::find_if(events.begin(), events.end(), [&](const Event& event) { return event.type == type; });
        if (found == events.end()) {
            return "no event";
        }
        const auto* const value = found->data.find(name);
        return value == nullptr ? Value{"no member"} : *value;
    }

    Instant now{1h};
    std::vector<Event> events;
    std::vector<PortalName> changed;
    std::uint8_t last_id = 0;
    PortalDesk desk{one_arch(),
                    RadiationLimits{},
                    [this] { return std::array<std::uint8_t, 16>{++last_id}; },
                    {.record = [this](Event event) { events.push_back(std::move(event)); },
                     .changed = [this](const PortalName& portal) { changed.push_back(portal); }}};
};

}  // namespace

TEST_CASE("a vehicle through a portal is recorded, and its lanes hear of it", "[portal]") {
    Yard yard;
    yard.passes(OccupancyState::gamma);
    CHECK(yard.member("radiation.alarm", "portal") == Value{"arch"});
    CHECK(yard.member("radiation.alarm", "passage") == Value{"none"});
    CHECK(yard.member("radiation.occupancy", "level") == Value{"suspect"});
    CHECK(yard.member("portal.transit", "occupancy") == Value{"suspect"});
    CHECK(yard.member("portal.transit", "speed_mm_s") == Value{1356});
    CHECK(yard.member("portal.transit", "way") == Value{"in"});
    CHECK(yard.changed.size() >= 2);  // it came, and it is through
    CHECK(yard.changed.back() == PortalName{"arch"});
}

TEST_CASE("a transit that nobody claims is raised", "[portal]") {
    Yard yard;
    yard.passes(OccupancyState::clean);
    yard.after(3min);
    CHECK(yard.member("portal.unclaimed", "after_s") == Value{"no event"});
    yard.after(2min);
    CHECK(yard.member("portal.unclaimed", "transit") == yard.member("portal.transit", "transit"));
    CHECK(yard.member("portal.unclaimed", "occupancy") == Value{"clean"});
}

TEST_CASE("a device that stands at no portal is no transit", "[portal]") {
    Yard yard;
    Reading reading;
    reading.raw = "CSQU3054383";
    yard.says("lane-reader", reading);
    yard.after(1min);
    CHECK(yard.events.empty());
}

}  // namespace portcullis::gate
