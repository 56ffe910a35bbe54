#include "drivers/bus_settings.hpp"

#include "drivers/registry.hpp"
#include "tests/support/catch.hpp"
#include "yaml.hpp"

using namespace portcullis;
using namespace portcullis::drivers;
using portcullis::testing::contains_text;
using portcullis::testing::yaml;

namespace {

std::string bus_problems(const std::string& text) {
    ConfigProblems problems;
    const auto node = yaml(text);
    (void)read_bus(node, problems);
    node.report_unread(problems);
    std::string all;
    for (const auto& problem : problems.all()) {
        all += problem.message() + "\n";
    }
    return all;
}

}  // namespace

TEST_CASE("a Modbus line is read with its direction and its echo") {
    ConfigProblems problems;
    const auto bus =
        read_bus(yaml("{ modbus_rtu: /dev/serial/by-path/usb-0:1.2, line: 19200 8E1, rs485: rts_low_sends, "
                      "local_echo: true }"),
                 problems);
    REQUIRE(bus);
    CHECK(problems.empty());
    const auto& rtu = std::get<ModbusRtuSettings>(*bus);
    CHECK(rtu.path == "/dev/serial/by-path/usb-0:1.2");
    CHECK(rtu.line.text() == "19200 8E1");
    CHECK(rtu.direction == Rs485::rts_low_sends);
    CHECK(rtu.local_echo);
    CHECK(kind_of(*bus) == BusKind::modbus);
    CHECK_FALSE(takes_one_device(*bus));
}

TEST_CASE("a Modbus line behind a terminal server is an address") {
    ConfigProblems problems;
    const auto bus = read_bus(yaml("{ modbus_rtu_over_tcp: 192.0.2.12:4001 }"), problems);
    REQUIRE(bus);
    CHECK(problems.empty());
    CHECK(std::get<ModbusRtuOverTcpSettings>(*bus).endpoint.text() == "192.0.2.12:4001");
    CHECK(kind_of(*bus) == BusKind::modbus);
    CHECK_FALSE(takes_one_device(*bus));
}

TEST_CASE("a Modbus line that cannot be is said with what to do") {
    CHECK_THAT(bus_problems("{ modbus_rtu: /dev/ttyUSB0, line: 9600 8N1 }"), contains_text("by-path"));
    CHECK_THAT(bus_problems("{ modbus_rtu: /dev/serial/by-path/a, line: 9600 7E1 }"), contains_text("bytes of 8 bits"));
    CHECK_THAT(bus_problems("{ modbus_rtu: /dev/serial/by-path/a }"), contains_text("line"));
    CHECK_THAT(bus_problems("{ modbus_rtu: /dev/serial/by-path/a, line: 9600 8N1, rs485: kernel }"),
               contains_text("rts_high_sends"));
    CHECK_THAT(bus_problems("{ modbus_rtu: /dev/serial/by-path/a, line: 9600 8N1, local_echo: yes }"),
               contains_text("`true`"));
    CHECK_THAT(bus_problems("{ modbus_rtu_over_tcp: server:4001 }"), contains_text("names are not looked up"));
    CHECK_THAT(bus_problems("{ modbus_rtu_over_tcp: 192.0.2.12:4001, local_echo: true }"), contains_text("local_echo"));
    CHECK_THAT(bus_problems("{ modbus_rtu: /dev/serial/by-path/a, line: 9600 8N1, modbus_tcp: 192.0.2.1:502 }"),
               contains_text("more than one transport"));
}

TEST_CASE("a unit of a line is 1 to 247") {
    const auto problems_on = [](const std::string& bus, const std::string& unit) {
        ConfigProblems problems;
        const auto settings = read_bus(yaml(bus), problems);
        REQUIRE(settings);
        const auto options = yaml("{ unit: " + unit + ", poll: 1 s }");
        const auto profile = portcullis::testing::yaml_file("config/profiles/container-registers.yaml");
        (void)plan_device(options, profile, *settings, problems);
        return problems.all().size();
    };
    const std::string line = "{ modbus_rtu: /dev/serial/by-path/a, line: 9600 8N1 }";
    CHECK(problems_on(line, "247") == 0);
    CHECK(problems_on(line, "0") == 1);
    CHECK(problems_on("{ modbus_rtu_over_tcp: 192.0.2.12:4001 }", "248") == 1);
    CHECK(problems_on("{ modbus_tcp: 192.0.2.12:502 }", "255") == 0);
}
