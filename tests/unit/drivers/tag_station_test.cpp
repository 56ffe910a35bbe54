#include "simulators/devices/tag_station.hpp"

#include "device_rig.hpp"

using namespace portcullis;
using namespace std::chrono_literals;
using portcullis::testing::DeviceRig;

namespace {

const std::string truck_tag = "E200301666130121155074EF";

/// A tag reader of ours, asked over a pty by the driver.
struct TagRig : DeviceRig {
    simulators::TagStation station{main};
    drivers::Device& device =
        add("tags", "{ serial: " + station.line().path() + ", line: 115200 8N1 }", "{}", "uhf-a0");

    TagRig() { start(); }
    ~TagRig() { stop(); }
    TagRig(const TagRig&) = delete;
    TagRig& operator=(const TagRig&) = delete;

    [[nodiscard]] std::vector<std::string> tags() const {
        std::vector<std::string> raw;
        for (const auto& reading : all<Reading>("tags")) {
            raw.push_back(reading.raw);
        }
        return raw;
    }
};

}  // namespace

TEST_CASE("a tag reader is asked over its line, and each tag in view is told once") {
    TagRig rig;
    rig.until([&] { return rig.is("tags", DeviceState::online); });
    CHECK(rig.tags().empty());
    rig.station.show(truck_tag);
    rig.station.show("AABBCCDD", 2);
    rig.until([&] { return rig.tags().size() == 2; });
    const auto rounds = rig.station.rounds();
    rig.until([&] { return rig.station.rounds() >= rounds + 3; });
    CHECK(rig.tags() == std::vector<std::string>{"AABBCCDD", truck_tag});
    CHECK(rig.device.view().bad_frames == 0);
}

TEST_CASE("a tag reader that is mute is offline, and its tags are read when it is back") {
    TagRig rig;
    rig.station.faults.mute = true;
    rig.station.show(truck_tag);
    rig.until([&] { return rig.is("tags", DeviceState::offline); });
    CHECK(rig.tags().empty());
    rig.station.faults.mute = false;
    rig.until([&] { return !rig.tags().empty(); });
    CHECK(rig.is("tags", DeviceState::online));
}

TEST_CASE("frames of a tag reader that are spoilt on the line are counted and tell no tag") {
    TagRig rig;
    rig.until([&] { return rig.is("tags", DeviceState::online); });
    SECTION("by their check") {
        rig.station.faults.wrong_check = true;
    }
    SECTION("by bytes that are lost") {
        rig.station.faults.cut_after = 9;
    }
    rig.station.show(truck_tag);
    rig.until([&] { return rig.device.view().bad_frames > 0; });
    CHECK(rig.tags().empty());
    rig.station.faults = {};
    rig.until([&] { return rig.tags() == std::vector{truck_tag}; });
}

TEST_CASE("noise before frames of a tag reader costs none of them") {
    TagRig rig;
    rig.station.faults.noise = true;
    rig.station.show(truck_tag);
    rig.until([&] { return rig.tags() == std::vector{truck_tag}; });
    CHECK(rig.device.view().bad_frames > 0);
}

TEST_CASE("a tag reader out of service is not asked, and asked again when it is back") {
    TagRig rig;
    rig.until([&] { return rig.station.rounds() > 0; });
    rig.device.disable();
    const auto rounds = rig.station.rounds();
    const auto give_up = rig.clock.now().instant + 700ms;
    rig.until([&] { return rig.clock.now().instant >= give_up; });
    CHECK(rig.station.rounds() <= rounds + 1);  // one may have been on its way
    rig.device.enable();
    rig.until([&] { return rig.station.rounds() >= rounds + 3; });
}
