#include <algorithm>

#include "points_rig.hpp"
#include "tests/support/rtu_line.hpp"

using namespace portcullis;
using namespace portcullis::testing;

namespace {

using RtuPieces = std::vector<RtuLine::Piece>;

/// Units of one line; those named are dead.
struct RtuBusRig : DeviceRig {
    RtuLine line;

    explicit RtuBusRig(const std::vector<std::uint8_t>& dead) {
        line.script([dead](const RtuLine::Bytes& question, const RtuLine::Bytes& honest) {
            const bool silent = std::find(dead.begin(), dead.end(), question[0]) != dead.end();
            return silent ? RtuPieces{} : RtuPieces{{honest}};
        });
    }
    drivers::Device& add_unit(int unit, const std::string& options) {
        return add("io-" + std::to_string(unit), "{ modbus_rtu: " + line.path() + ", line: 115200 8N1 }",
                   "{ unit: " + std::to_string(unit) + ", " + options + " }", adam, {input("di0")});
    }
    [[nodiscard]] std::vector<std::uint8_t> units_asked() const {
        std::vector<std::uint8_t> units;
        for (const auto& question : line.questions()) {
            units.push_back(question[0]);
        }
        return units;
    }
};

}  // namespace

TEST_CASE("several units of a line are read, each as itself") {
    RtuBusRig rig{{}};
    rig.line.change([](auto& bank) { bank.coils[0] = true; });
    const auto& one = rig.add_unit(1, patient);
    const auto& two = rig.add_unit(2, patient);
    rig.start();
    const auto seen = [](const drivers::Device& device) {
        return device.view().state == DeviceState::online && device.view().points.front().signal != Signal::unknown;
    };
    rig.until([&] { return seen(one) && seen(two); });
    CHECK(one.view().points.front().signal == two.view().points.front().signal);
}

TEST_CASE("a dead unit costs the others of its line at most one time-out each back-off") {
    RtuBusRig rig{{9}};
    constexpr auto* quick = "poll: 10 ms, timeout: 60 ms, stale_after: 2 s";
    const auto& alive = rig.add_unit(1, quick);
    rig.add_unit(9, quick);
    rig.start();
    const auto until = rig.clock.now().instant + 2s;
    rig.until([&] { return rig.clock.now().instant >= until; });
    const auto units = rig.units_asked();
    // 60 ms for nothing, and then a pause of 75 to 100, 150 to 200, 300 to 400 ms, …: six times in two seconds.
    CHECK(std::count(units.begin(), units.end(), 9) <= 8);
    CHECK(std::adjacent_find(units.begin(), units.end(),
                             [](auto left, auto right) { return left == 9 && right == 9; }) == units.end());
    CHECK(alive.view().state == DeviceState::online);
    CHECK(alive.view().errors == 0);
}

TEST_CASE("a line that is pulled out is offline, and online again under its name") {
    RtuBusRig rig{{}};
    const auto& alive = rig.add_unit(1, "poll: 10 ms, timeout: 50 ms, stale_after: 500 ms");
    rig.start();
    rig.until([&alive] { return alive.view().state == DeviceState::online; });
    rig.line.unplug();
    rig.until([&alive] { return alive.view().state == DeviceState::offline; });
    CHECK(!alive.view().cause.empty());
}
