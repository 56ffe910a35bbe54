#include "drivers/bus_settings.hpp"
#include "drivers/modbus_points/profile.hpp"
#include "drivers/registry.hpp"
#include "tests/support/catch.hpp"
#include "yaml.hpp"

using namespace portcullis;
using namespace portcullis::drivers;
using portcullis::testing::contains_text;
using portcullis::testing::yaml;
using portcullis::testing::yaml_file;

namespace {

/// The one problem of reading a bus.
std::string bus_problem(const std::string& text) {
    ConfigProblems problems;
    (void)read_bus(yaml(text), problems);
    REQUIRE(problems.all().size() == 1);
    return problems.all().front().message();
}

/// The problems of a device on a Modbus bus, joined.
std::string device_problems(const std::string& options, const ConfigNode& profile,
                            const std::string& bus = "{ modbus_tcp: 192.0.2.10:502 }") {
    ConfigProblems problems;
    const auto node = yaml(options);
    const auto settings = read_bus(yaml(bus), problems);
    (void)plan_device(node, profile, *settings, problems);
    node.report_unread(problems);
    profile.report_unread(problems);
    std::string all;
    for (const auto& problem : problems.all()) {
        all += problem.message() + "\n";
    }
    return all;
}

ConfigNode adam_profile() {
    return yaml_file("config/profiles/advantech-adam-6050.yaml");
}

}  // namespace

TEST_CASE("a bus is one of three transports") {
    ConfigProblems problems;
    CHECK(std::get<ModbusTcpSettings>(*read_bus(yaml("{ modbus_tcp: 192.0.2.10:502 }"), problems)).endpoint.port ==
          502);
    CHECK(
        std::get<ModbusTcpSettings>(*read_bus(yaml("{ modbus_tcp: '[2001:db8::1]:502' }"), problems)).endpoint.text() ==
        "[2001:db8::1]:502");
    const auto serial = read_bus(yaml("{ serial: /dev/serial/by-path/usb-0:1.2, line: 9600 8N1 }"), problems);
    CHECK(std::get<SerialSettings>(*serial).line.text() == "9600 8N1");
    CHECK(takes_one_device(*serial));
    CHECK_FALSE(takes_one_device(*read_bus(yaml("{ modbus_tcp: 192.0.2.10:502 }"), problems)));
    CHECK(std::get<TcpStreamSettings>(*read_bus(yaml("{ tcp: 192.0.2.11:4001 }"), problems)).endpoint.port == 4001);
    CHECK(problems.empty());
}

TEST_CASE("a wrong bus says where, what, and what to do") {
    CHECK_THAT(bus_problem("{ modbus_tcp: gate.example:502 }"),
               contains_text("test.yaml:1:") && contains_text("no IP address"));
    CHECK_THAT(bus_problem("{ modbus_tcp: 192.0.2.10 }"), contains_text("192.0.2.10:502"));
    CHECK_THAT(bus_problem("{ modbus_tcp: 192.0.2.10:0 }"), contains_text("no IP address with a port"));
    CHECK_THAT(bus_problem("{ tcp: 192.0.2.10:70000 }"), contains_text("no IP address with a port"));
    CHECK_THAT(bus_problem("{ line: 9600 8N1 }"), contains_text("no transport"));
    CHECK_THAT(bus_problem("{ tcp: 192.0.2.1:1, modbus_tcp: 192.0.2.1:2 }"), contains_text("more than one transport"));
    CHECK_THAT(bus_problem("{ serial: /dev/serial/by-id/x, line: 9601 8N1 }"), contains_text("no line settings"));
    CHECK_THAT(bus_problem("{ serial: /dev/ttyUSB0, line: 9600 8N1 }"), contains_text("/dev/serial/by-id"));
    CHECK_THAT(bus_problem("{ serial: COM1, line: 9600 8N1 }"), contains_text("not the path"));
}

TEST_CASE("a module tells its points and what it does when its host is lost") {
    ConfigProblems problems;
    const auto options = yaml("{ unit: 1, on_host_lost: { do3: on } }");
    const auto plan = plan_device(options, adam_profile(), BusSettings{ModbusTcpSettings{}}, problems);
    REQUIRE(plan);
    CHECK(problems.empty());
    const auto points = plan->points();
    REQUIRE(points.size() == 18);
    CHECK(points[11].name.text() == "di11");
    CHECK(points[11].direction == Direction::input);
    CHECK(points[12].name.text() == "do0");
    CHECK(points[12].on_host_lost == SafeOutput::off);
    CHECK(points[15].on_host_lost == SafeOutput::on);
    CHECK(plan->profile().product == "Advantech ADAM-6050");
    CHECK(plan->profile().unverified == std::vector<std::string>{"inputs", "outputs", "watchdog"});
}

TEST_CASE("a module tells what was not proved, and that nobody has said how inputs are fed where that matters") {
    const auto remarks = [](const std::string& options, const std::string& profile) {
        ConfigProblems problems;
        const auto node = yaml(options);
        const auto plan = plan_device(node, yaml_file("config/profiles/" + profile + ".yaml"),
                                      BusSettings{ModbusTcpSettings{}}, problems);
        REQUIRE(plan);
        return plan->remarks();
    };
    const auto all = remarks("{ unit: 1 }", "advantech-adam-6050");
    REQUIRE(all.size() == 2);
    CHECK(all[0] == "Advantech ADAM-6050, not proved on a device yet: inputs, outputs, watchdog");
    CHECK_THAT(all[1], contains_text("taken for wet contacts"));
    CHECK(remarks("{ contact: dry }", "advantech-adam-6050").size() == 1);
    CHECK(remarks("{ contact: wet }", "advantech-adam-6050").size() == 1);
    CHECK(remarks("{ unit: 1 }", "moxa-iologik-e1212").size() == 1);  // an open wire reads 0 either way
}

TEST_CASE("points are named exactly") {
    PointsSettings settings;
    settings.profile.inputs = PointsProfile::Inputs{.count = 12};
    CHECK(settings.index_of(PointName{"di0"}, Direction::input) == 0);
    CHECK(settings.index_of(PointName{"di11"}, Direction::input) == 11);
    for (const auto* wrong : {"di12", "di", "di-1", "di01", "di1 ", "do0", "DI0", ""}) {
        CAPTURE(wrong);
        CHECK_FALSE(settings.index_of(PointName{wrong}, Direction::input));
    }
    CHECK_FALSE(settings.index_of(PointName{"do0"}, Direction::output));
}

TEST_CASE("wrong device settings say where, what, and what to do") {
    CHECK(device_problems("{ unit: 1, poll: 20 ms }", adam_profile()).empty());
    CHECK_THAT(device_problems("{ unit: 256 }", adam_profile()), contains_text("test.yaml:1:9: unit"));
    CHECK_THAT(device_problems("{ poll: 20 }", adam_profile()), contains_text("poll"));
    CHECK_THAT(device_problems("{ pol: 20 ms }", adam_profile()), contains_text("poll"));
    CHECK_THAT(device_problems("{ timeout: 800 ms }", adam_profile()),
               contains_text("let timeout be shorter than stale_after (500 ms)"));
    CHECK_THAT(device_problems("{ poll: 3 s }", adam_profile()),
               contains_text("silent for 2000 ms") && contains_text("poll faster"));
    CHECK_THAT(device_problems("{ contact: moist }", adam_profile()), contains_text("contact"));
    CHECK_THAT(device_problems("{ on_host_lost: { do9: off } }", adam_profile()), contains_text("no output do9"));
    CHECK_THAT(device_problems("{ }", adam_profile(), "{ tcp: 192.0.2.10:4001 }"),
               contains_text("it needs a bus of modbus_tcp"));
}

TEST_CASE("a wrong profile says where, what, and what to do") {
    const auto problems = [](const std::string& text) { return device_problems("{}", yaml(text)); };
    CHECK_THAT(problems("{ product: x }"), contains_text("driver"));
    CHECK_THAT(problems("{ driver: modbus_point }"), contains_text("did you mean modbus_points?"));
    CHECK_THAT(problems("{ driver: modbus_points, product: x, source: y, verified: [] }"),
               contains_text("give inputs, outputs or both"));
    CHECK_THAT(problems("{ driver: modbus_points, product: x, source: y, verified: [outputs], "
                        "inputs: { function: 3, address: 0, count: 1, dry_open_reads: 0, wet_open_reads: 0 } }"),
               contains_text("inputs.function") && contains_text("'outputs' is no part of this profile"));
    CHECK_THAT(problems("{ driver: modbus_reader, product: x, source: y, verified: [], byte_order: high_first, "
                        "encoding: utf-8, kind: container, registers: { function: 3, address: 0, count: 9, "
                        "sequence_at: 9, text_at: 2, text_registers: 8 } }"),
               contains_text("sequence_at") && contains_text("goes beyond the 9 registers"));

    const auto line = [](const std::string& text) {
        return device_problems("{}", yaml("{ driver: text_reader, product: x, source: y, verified: [], " + text + " }"),
                               "{ tcp: 192.0.2.10:4001 }");
    };
    CHECK_THAT(line("kind: plate, encoding: latin1, framing: { end: 0A }, pattern: '{text}'"),
               contains_text("encoding"));
    CHECK_THAT(line("kind: plate, encoding: gbk, framing: { end: 0D0A }, pattern: '{text}'"), contains_text("0D 0A"));
    CHECK_THAT(line("kind: plate, encoding: gbk, framing: { end: 0A }, pattern: '{plate}'"),
               contains_text("none of text, confidence, text2"));
}
