#include "settings/load.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/settings/site.hpp"

namespace portcullis::settings {
namespace {

using namespace std::chrono_literals;
using portcullis::testing::contains_text;
using testing::Site;

/// The problems when `from` is replaced by `to` in good settings.
std::string broken(std::string_view from, std::string_view to) {
    Site site;
    return site.change(from, to).problems();
}

}  // namespace

TEST_CASE("good settings become plain values, with defaults") {
    Site site;
    const auto loaded = site.load();
    REQUIRE(loaded.problems.empty());
    const auto& gate = loaded.settings.value();
    CHECK(gate.terminal == "xmht");
    CHECK(gate.name == "g07");
    CHECK(gate.state == "/var/lib/portcullis");
    REQUIRE(gate.orders_key);
    CHECK((*gate.orders_key)[0] == 0x03);
    REQUIRE(gate.uplinks.size() == 1);
    CHECK(gate.uplinks[0].prefix == "portcullis/xmht/g07");
    CHECK(gate.uplinks[0].required);
    REQUIRE(gate.policy.rows.size() == 1);
    CHECK(gate.policy.rows[0].way == Way::out);
    CHECK_FALSE(gate.policy.rows[0].load);
    CHECK(gate.policy.rows[0].consents == std::vector{Authority{"ciq"}});
    REQUIRE(gate.lanes.size() == 1);
    const auto& lane = gate.lanes[0];
    CHECK(lane.lane.name == LaneName{"out-1"});
    CHECK(lane.lane.control_point == ControlPoint{"g07"});
    CHECK(lane.lane.hold == 1s);
    CHECK(lane.lane.has(Role::arm_down_request));
    CHECK_FALSE(lane.lane.has(Role::arm_stop));
    CHECK(lane.points.size() == 8);
    CHECK(lane.points[5].role == Role::arm_up);
    CHECK(lane.points[5].setup.pulse == 500ms);
    CHECK(lane.points[5].setup.safe == SafeOutput::off);
    CHECK(lane.points[0].setup.wire_open_means == WireOpen::occupied);
    CHECK(lane.readers.size() == 2);
    CHECK(loaded.files.size() == 5);  // settings, policy, three profiles
}

TEST_CASE("all problems come at once, in the order of the file") {
    Site site;
    site.change("name: g07", "nam: g07").change("broker: mqtt", "broker: http").change("arm_loop:", "arm_lop:");
    CHECK(site.problems() ==
          "gate.yaml:1:7: gate: `name` is missing; add `name:`\n"
          "gate.yaml:1:25: gate.nam: unknown key `nam`; did you mean `name`?\n"
          "gate.yaml:4:34: uplink[0].broker: `http://central.example:1883` is no address of a broker; write "
          "mqtt://host or mqtts://host, with :port where it is not the usual one\n"
          "gate.yaml:24:7: lanes.out-1.roles: `arm_loop` or `arm_beam` is missing; without it nobody knows whether a "
          "vehicle stands under the arm: wire it\n"
          "gate.yaml:25:16: lanes.out-1.roles.arm_lop: there is no role `arm_lop`; did you mean `arm_loop`?\n");
}

TEST_CASE("what a safe lane needs is mandatory and says why") {
    CHECK_THAT(broken("control: pulse, ", ""), contains_text("`control` is missing; say what the board wants"));
    CHECK_THAT(broken("close: daemon_request, ", ""), contains_text("`close` is missing; say who closes the arm"));
    CHECK_THAT(broken("on_power_loss: stays, ", ""),
               contains_text("`on_power_loss` is missing; say what the arm does"));
    CHECK_THAT(broken(", on_power_return: stays", ""), contains_text("`on_power_return` is missing"));
    CHECK_THAT(broken("    on_inspect: open\n", ""), contains_text("`on_inspect` is missing"));
    CHECK_THAT(broken("    on_hold: wait_person\n", ""), contains_text("`on_hold` is missing"));
    CHECK_THAT(broken("    load: trust_readers\n", ""), contains_text("`load` is missing"));
    CHECK_THAT(broken("    requires: [plate, container]\n", ""), contains_text("`requires` is missing"));
    CHECK_THAT(broken("      exit_loop: io.di2\n", ""), contains_text("`exit_loop` is missing; without it nobody"));
    CHECK_THAT(broken("      arm_up: { point: io.do0, pulse: 500 ms }\n", ""), contains_text("`arm_up` is missing"));
}

TEST_CASE("an arm sensor cannot be wired so that a broken wire frees the arm") {
    for (const auto* role : {"arm_loop: io.di1", "arm_open_limit: io.di3", "arm_closed_limit: io.di4"}) {
        const std::string line{role};
        const auto colon = line.find(": ");
        const auto to = line.substr(0, colon) + ": { point: " + line.substr(colon + 2) + ", wire_open_means: clear }";
        CHECK_THAT(broken(role, to), contains_text("a broken wire would look like a free arm"));
    }
    CHECK(broken("arrival_loop: io.di0", "arrival_loop: { point: io.di0, wire_open_means: clear }").empty());
}

TEST_CASE("a broken wire never proves a box empty") {
    Site site;
    site.change("      light_go: io.do2\n", "      light_go: io.do2\n      empty_seen: io.di5\n");
    const auto loaded = site.load();
    REQUIRE(loaded.settings);
    CHECK(loaded.settings->lanes[0].points.back().setup.wire_open_means == WireOpen::clear);
    CHECK_THAT(broken("light_go: io.do2", "empty_seen: { point: io.di5, wire_open_means: occupied }"),
               contains_text("a broken wire would prove every box empty"));
}

TEST_CASE("who closes the arm decides which outputs there are") {
    CHECK_THAT(broken("      arm_down_request: { point: io.do1, pulse: 500 ms }\n", ""),
               contains_text("`arm_down_request` is missing; with `close: daemon_request`"));
    CHECK_THAT(broken("close: daemon_request", "close: board_timer"),
               contains_text("with `close: board_timer` the daemon never asks for a close"));
    CHECK_THAT(broken("{ point: io.do1, pulse: 500 ms }", "io.do1"),
               contains_text("`arm_down_request` has no `pulse`"));
    CHECK_THAT(broken("{ point: io.do0, pulse: 500 ms }", "io.do0"), contains_text("`arm_up` has no `pulse`"));
    CHECK_THAT(broken("light_go: io.do2", "light_go: { point: io.do2, pulse: 1 s }"), contains_text("on or off"));
}

TEST_CASE("a held arm is let go of by the daemon only, and never by its death") {
    Site site;
    site.on_host_lost_of["do0"] = SafeOutput::keep;
    site.change("control: pulse", "control: maintained")
        .change("{ point: io.do0, pulse: 500 ms }", "{ point: io.do0, safe: keep }")
        .change("      arm_down_request: { point: io.do1, pulse: 500 ms }\n", "");
    CHECK(site.problems().empty());
    CHECK_THAT(broken("control: pulse", "control: maintained"), contains_text("`control: maintained` holds it"));
    site.change("{ point: io.do0, safe: keep }", "io.do0");
    CHECK_THAT(site.problems(), contains_text("`safe: off` lets go of a held arm"));
    site.change("close: daemon_request", "close: board_timer");
    CHECK_THAT(site.problems(), contains_text("keeps the arm open until the daemon lets go"));
}

TEST_CASE("the lane's safe value must be what the module does without its host") {
    Site site;
    site.on_host_lost = SafeOutput::keep;
    CHECK_THAT(site.problems(), contains_text("puts this output to `keep`, and the lane's safe value needs `off`"));
    site.on_host_lost = std::nullopt;
    CHECK_THAT(site.problems(), contains_text("nobody knows what the module does to this output"));
    site.on_host_lost = SafeOutput::off;
    site.on_host_lost_of["do2"] = std::nullopt;
    CHECK_THAT(site.problems(),
               contains_text("light_go: nobody knows what the module does to this output when its host is lost"));
    site.on_host_lost_of["do2"] = SafeOutput::on;
    site.change("light_go: io.do2", "light_go: { point: io.do2, sense: inverted }");
    CHECK(site.problems().empty());
    CHECK_THAT(broken("light_go: io.do2", "light_go: { point: io.do2, sense: inverted }"), contains_text("needs `on`"));
    CHECK_THAT(broken("pulse: 500 ms", "pulse: 500 ms, safe: on"), contains_text("whenever the daemon starts"));
    CHECK_THAT(broken("pulse: 500 ms", "pulse: 500 ms, safe: keep"), contains_text("leave a pulse on"));
}

TEST_CASE("without a daemon a lane is red: no light is green or left as it is then, whatever its sense") {
    for (const auto* const light : {"light_go", "light_lane"}) {
        for (const auto* const wiring : {"safe: on", "safe: keep", "sense: inverted, safe: on"}) {
            CAPTURE(light, wiring);
            Site site;
            site.change("light_go: io.do2", std::string{light} + ": { point: io.do2, " + wiring + " }");
            for (const auto lost : {SafeOutput::on, SafeOutput::keep, SafeOutput::off}) {
                site.on_host_lost_of["do2"] = lost;
                CHECK_THAT(site.problems(), contains_text("a daemon that is not there would leave the light green"));
            }
        }
    }
}

TEST_CASE("a sensor or limit of the arm is old after seconds, not minutes") {
    Site site;
    site.stale_after = 5s;
    CHECK(site.problems().empty());
    site.stale_after = 5001ms;
    for (const auto* const role : {"arm_loop", "arm_open_limit", "arm_closed_limit"}) {
        CHECK_THAT(site.problems(),
                   contains_text(std::string{"roles."} + role + ": a value of `io` counts for 5001 ms"));
    }
    site.change("arm_loop: io.di1", "arm_beam: io.di1");
    CHECK_THAT(site.problems(), contains_text("roles.arm_beam: a value of `io` counts"));
    CHECK(site.problems().find("arrival_loop") == std::string::npos);
}

TEST_CASE("what the lane needs to be read has a reader") {
    CHECK_THAT(broken("      plate_front: plate\n", ""), contains_text("`requires` a plate and no role reads one"));
    CHECK_THAT(broken("      container_rear: box\n", ""), contains_text("`load: trust_readers` and no reader"));
    CHECK_THAT(broken("plate_front: plate", "plate_front: box"),
               contains_text("`box` reads a container, and `plate_front` needs a reader of a plate"));
    CHECK_THAT(broken("plate_front: plate", "plate_front: io"), contains_text("`io` is no reader"));
    CHECK_THAT(broken("load: trust_readers", "load: beams"), contains_text("`load_beam_fore` is missing"));
}

TEST_CASE("a role's point exists, has the right kind, and has one master") {
    CHECK_THAT(
        broken("arm_loop: io.di1", "arm_loop: io.di9"),
        contains_text("gate.yaml:25:17: lanes.out-1.roles.arm_loop: `io` has no input `di9`; it has di0 to di7"));
    CHECK_THAT(broken("arm_loop: io.di1", "arm_loop: io.do3"), contains_text("`do3` is no input of `io`"));
    CHECK_THAT(broken("arm_loop: io.di1", "arm_loop: oi.di1"),
               contains_text("there is no device `oi`; did you mean `io`?"));
    CHECK_THAT(broken("arm_loop: io.di1", "arm_loop: io"), contains_text("names no point"));
    CHECK_THAT(broken("light_go: io.do2", "light_go: io.do0"), contains_text("`io.do0` plays `out-1.arm_up` already"));
    CHECK_THAT(broken("arm_loop: io.di1", "arm_loop: io.di0"),
               contains_text("`io.di0` plays `out-1.arrival_loop` already"));
}

TEST_CASE("buses and devices are declared once and reachable") {
    CHECK_THAT(broken("bus: field", "bus: feild"), contains_text("there is no bus `feild`; did you mean `field`?"));
    CHECK_THAT(broken("profile: plates", "profile: plate"),
               contains_text("there is no profile `plate`; did you mean `plates`?"));
    CHECK_THAT(broken("profile: plates", "profile: ../plates"), contains_text("is no profile's name"));
    CHECK_THAT(broken("bus: boxes", "bus: plates"), contains_text("a line has one talker"));
    CHECK_THAT(broken("  plate: {", "  io2: { profile: io, bus: field, unit: 1 }\n  plate: {"),
               contains_text("`io` is unit 1 of this bus already"));
    CHECK_THAT(broken("192.0.2.11:4001", "192.0.2.11:4001, line: 9600 8N1"),
               contains_text("`line` belongs to a serial port, and this bus is `tcp`"));
    CHECK_THAT(broken("  boxes: {", "  again: { modbus_tcp: 192.0.2.10:502 }\n  boxes: {"),
               contains_text("a bus has one owner"));
}

TEST_CASE("a pseudo terminal is a device of a test bench only") {
    CHECK_THAT(broken("/dev/serial/by-path/usb-0:1.2", "/dev/pts/3"), contains_text("write `test_bench: true`"));
    Site site;
    site.change("/dev/serial/by-path/usb-0:1.2", "/tmp/demo/plates").change("name: g07", "name: g07, test_bench: true");
    CHECK(site.problems().empty());
}

TEST_CASE("destinations are told apart") {
    constexpr std::string_view first = "  - { name: supervision, broker: mqtt://central.example:1883 }\n";
    CHECK_THAT(broken(first, std::string{first} + "  - { name: other, broker: mqtt://central.example:1883 }\n"),
               contains_text("`supervision` has the same broker and prefix"));
    CHECK_THAT(broken(first, std::string{first} + "  - { name: supervision, broker: mqtt://other }\n"),
               contains_text("stands here for the second time"));
    CHECK_THAT(broken("1883 }", "1883, required: false }"), contains_text("no destination is required"));
    CHECK_THAT(broken(first, std::string{first} + "  - { name: o, broker: [mqtt://b, mqtt://central.example:1883] }\n"),
               contains_text("`supervision` has the same broker and prefix"));
    CHECK_THAT(broken("central.example:1883", "central.example:0"), contains_text("`0` is no port"));
    CHECK_THAT(broken("1883 }", "1883, prefix: a//b }"), contains_text("is no prefix of topics"));
    CHECK_THAT(broken("1883 }", "1883, passwd: x }"), contains_text("unknown key `passwd`"));
}

TEST_CASE("names, keys and paths have one form") {
    CHECK_THAT(broken("terminal: xmht", "terminal: XMHT"), contains_text("`XMHT` is no name; write 1 to 32 of a-z"));
    CHECK_THAT(broken("  out-1:", "  out_1:"), contains_text("`out_1` is no name"));
    CHECK_THAT(broken("03a107", "03A107"), contains_text("this is no public key"));
    CHECK(broken("03a107", "00a107") ==
          "gate.yaml:5:22: trust.orders_key: no Ed25519 key pair has this public key; "
          "copy the 64 hex digits that `portcullis-sign keygen` printed\n");
    CHECK_THAT(broken("state: /var", "state: var"), contains_text("is no absolute path"));
    const auto socket = [](std::size_t letters) {
        return "control_socket: /" + std::string(letters, 's') + "\nstate: /var";
    };
    CHECK(broken("state: /var", socket(106)).empty());
    CHECK_THAT(broken("state: /var", socket(107)), contains_text("this path is too long for a socket"));
    CHECK_THAT(broken("policy: policy.yaml", "policy: polic.yaml"), contains_text("there is no file polic.yaml"));
    CHECK_THAT(broken("name: g07", "name: g07, languages: [zh-CN, zh-HK]"),
               contains_text("`zh-HK` is no language of this version; did you mean `zh-CN`?"));
}

TEST_CASE("a credential is a file of two lines, beside the settings or where the service manager has put it") {
    Site site;
    site.change("1883 }", "1883, credentials: gate }");
    CHECK(site.problems() ==
          "gate.yaml:4:76: uplink[0].credentials: credential credentials/gate: there is no such file; "
          "write user and password into it, a line each, and hand it to the service (docs/operations.md)\n");
    site.write("credentials/gate", "g07\n");
    CHECK_THAT(site.problems(), contains_text("credential credentials/gate does not hold user and password"));
    site.write("credentials/gate", "g07\r\nsecret\r\n");
    CHECK_THAT(site.problems(), contains_text("credentials/gate:1:4: the line ends with CR LF"));
    site.write("credentials/gate", "g07\nsecret\n");
    const auto beside = site.load();
    REQUIRE(beside.settings);
    CHECK(beside.settings->uplinks.front().user == "g07");
    CHECK(beside.settings->uplinks.front().password == "secret");

    std::filesystem::create_directory(site.folder() / "handed");
    site.write("handed/gate", "g08\nother\n");
    testing::FakeCatalogue catalogue;
    auto surroundings = testing::with(catalogue);
    surroundings.credentials_folder = site.folder() / "handed";
    const auto handed = load_gate_settings_text(site.text(), site.folder() / "gate.yaml", surroundings);
    REQUIRE(handed.settings);
    CHECK(handed.settings->uplinks.front().user == "g08");
}

TEST_CASE("times carry a unit and have limits") {
    CHECK_THAT(broken("    load:", "    hold: 500 ms\n    load:"), contains_text("from 1 s to 1 min"));
    CHECK_THAT(broken("    load:", "    hold: 1\n    load:"), contains_text("`1` has no unit"));
}

TEST_CASE("a problem of a profile or the policy is shown in its file, once") {
    Site site;
    site.write("profiles/plates.yaml", "is: plate\ncolour: yellow\n");
    site.change("  boxes: {", "  more: { tcp: 192.0.2.12:4001 }\n  boxes: {")
        .change("  plate: {", "  plate2: { profile: plates, bus: more }\n  plate: {");
    site.write("policy.yaml", "rows:\n  - { way: out, without_order: maybe }\n");
    CHECK(site.problems() ==
          "policy.yaml:2:32: rows[0].without_order: `maybe` is none of: release, hold; write one of them\n"
          "profiles/plates.yaml:2:1: colour: unknown key `colour`; known here: is\n");
}

TEST_CASE("settings that are not there say so") {
    testing::FakeCatalogue catalogue;
    const auto loaded = load_gate_settings("/nonexistent/gate.yaml", testing::with(catalogue));
    REQUIRE(loaded.problems.size() == 1);
    CHECK(loaded.problems[0].message() == "/nonexistent/gate.yaml: there is no such file; look at the path");
}

TEST_CASE("zones are named as orders do, with a lane or a reader at each door") {
    Site site;
    site.change("  box: { profile: boxes, bus: boxes }",
                "  box: { profile: boxes, bus: boxes }\n  yard: { profile: boxes, bus: field }")
        .change("lanes:\n",
                "zones:\n  Z2: { zone_in: { reader: yard }, zone_out: { lane: out-1 }, arrive_within: 15 min }\n  "
                "Z3: { zone_out: { lane: out-1 } }\nlanes:\n");
    const auto loaded = site.load();
    CAPTURE(site.problems());
    REQUIRE(loaded.settings);
    const auto& zones = loaded.settings->zones;
    REQUIRE(zones.size() == 2);
    CHECK(zones[0] == ZoneSettings{"Z2", ZoneDoor{{}, DeviceName{"yard"}}, ZoneDoor{LaneName{"out-1"}, {}}, 15min});
    CHECK(zones[1].arrive_within == 30min);
    CHECK_FALSE(zones[1].zone_in);
}

TEST_CASE("what is wrong with a zone is said at its place") {
    const auto zone = [](const std::string& text) { return broken("lanes:\n", "zones:\n  " + text + "\nlanes:\n"); };
    CHECK_THAT(zone("Z 2: { zone_in: { lane: out-1 } }"), contains_text("zones.Z 2: `Z 2` is no name of a zone"));
    CHECK_THAT(zone("Z2: { zone_in: { lane: out-2 } }"),
               contains_text("there is no lane `out-2`; did you mean `out-1`?"));
    CHECK_THAT(zone("Z2: { zone_in: { reader: io } }"),
               contains_text("`io` is no reader, and `zone_in` needs a reader of a container"));
    CHECK_THAT(zone("Z2: { zone_in: { reader: box } }"),
               contains_text("`box` plays `out-1.container_rear` already; write `lane: out-1`"));
    CHECK_THAT(zone("Z2: { zone_in: { reader: box, lane: out-1 } }"),
               contains_text("a door of a zone is a lane or a reader"));
    CHECK_THAT(zone("Z2: { zone_in: {} }"), contains_text("a door of a zone is a lane or a reader"));
    CHECK_THAT(zone("Z2: { zone_in: { lane: out-1 }, zone_out: { lane: out-1 } }"),
               contains_text("who comes and who leaves cannot be told apart"));
    CHECK_THAT(zone("Z2: {}"), contains_text("this gate sees nothing of the zone"));
    CHECK_THAT(zone("Z2: { zone_out: { lane: out-1 }, arrive_within: 1 min }"),
               contains_text("nobody sees who arrives"));
    CHECK_THAT(zone("Z2: { zone_in: { lane: out-1 }, arrive_within: 5 }"), contains_text("unit"));
    CHECK_THAT(zone("Z2: { zone_inn: { lane: out-1 } }"), contains_text("did you mean `zone_in`?"));
}

TEST_CASE("a reader of seals reads seals") {
    Site site;
    site.write("profiles/seals.yaml", "is: seal\n");
    site.change("devices:\n", "devices:\n  seals: { profile: seals, bus: field }\n")
        .change("      container_rear: box\n", "      container_rear: box\n      seal_rear: seals\n");
    CHECK(site.problems().empty());
    CHECK_THAT(broken("      container_rear: box\n", "      seal_rear: box\n"),
               contains_text("`box` reads a container, and `seal_rear` needs a reader of a seal"));
}

}  // namespace portcullis::settings
