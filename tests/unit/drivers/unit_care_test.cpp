#include "drivers/unit_care/unit_care.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "tests/support/catch.hpp"
#include "yaml.hpp"

using namespace portcullis;
using namespace portcullis::drivers;
using namespace std::chrono_literals;
using portcullis::testing::contains_text;
using portcullis::testing::yaml;
using portcullis::testing::yaml_file;
using Turn = UnitCare::Turn;

namespace {

CareProfile care_of(const ConfigNode& profile) {
    ConfigProblems problems;
    auto care = read_care_profile(profile, problems);
    for (const auto& problem : problems.all()) {
        FAIL(problem.message());
    }
    return care;
}

/// A module of registers, and a clock.
struct Module {
    std::map<std::uint16_t, std::uint16_t> registers;
    std::vector<ModbusRequest> asked;
    std::set<std::uint16_t> read_only;
    Instant now{1000s};

    /// Answers all that the care asks now; what turns up next.
    UnitCare::Due serve(UnitCare& care) {
        for (int i = 0; i < 100; ++i) {
            auto due = care.due(now);
            if (due.turn != Turn::ask) {
                return due;
            }
            asked.push_back(due.request);
            ModbusValues values;
            if (due.request.function == ModbusFunction::write_register) {
                if (!read_only.contains(due.request.address)) {
                    registers[due.request.address] = due.request.operand;
                }
                wrote(due.request);
            } else {
                for (int at = 0; at < due.request.operand; ++at) {
                    values.registers.push_back(registers[static_cast<std::uint16_t>(due.request.address + at)]);
                }
            }
            care.answered(values, now);
        }
        FAIL("it asks without an end");
        return {};
    }
    /// As a WAGO's watchdog: the trigger starts it, the stop word ends it.
    void wrote(const ModbusRequest& request) {
        if (request.address == 4099 && registers[4096] != 0 && registers[4102] != 2) {
            registers[4102] = 1;
        } else if (request.address == 4104) {
            registers[4102] = 0;
        }
    }
    [[nodiscard]] std::vector<std::uint16_t> written() const {
        std::vector<std::uint16_t> addresses;
        for (const auto& request : asked) {
            if (request.function == ModbusFunction::write_register) {
                addresses.push_back(request.address);
            }
        }
        return addresses;
    }
};

CareProfile wago() {
    return care_of(yaml_file("config/profiles/wago-750-352.yaml"));
}

Module wago_module() {
    Module module;
    module.registers[4132] = 4;
    module.registers[4133] = 8;
    return module;
}

constexpr UnitCare::Points wago_points{.inputs = 8, .outputs = 4};

}  // namespace

TEST_CASE("without anything to look after a unit is polled and trusted at once") {
    UnitCare care{{}, 1, {}};
    CHECK(care.proven());
    CHECK(care.due(Instant{1s}).turn == Turn::poll);
    CHECK_FALSE(care.next_ask());
}

TEST_CASE("another product is told with both texts, is not polled, and is asked again later") {
    UnitCare care{care_of(yaml_file("config/profiles/advantech-adam-6060.yaml")), 1, {}};
    Module module;
    module.registers[210] = 0x6050;
    const auto due = module.serve(care);
    CHECK(due.turn == Turn::wait);
    CHECK(due.until == module.now + 10s);
    CHECK_FALSE(care.proven());
    CHECK_THAT(care.fault(), contains_text("its product is `6050 0000`"));
    CHECK_THAT(care.fault(), contains_text("Advantech ADAM-6060 needs `6060 0000`"));

    module.registers[210] = 0x6060;
    module.now += 10s;
    CHECK(module.serve(care).turn == Turn::poll);
    CHECK(care.proven());
    CHECK(care.fault().empty());
    CHECK(care.identity().model == "6060 0000");

    care.away();  // another one may have been put in meanwhile
    CHECK_FALSE(care.proven());
    CHECK(care.due(module.now).turn == Turn::ask);
}

TEST_CASE("a device that does not know the register of its name is another product") {
    UnitCare care{care_of(yaml_file("config/profiles/advantech-adam-6060.yaml")), 1, {}};
    const Instant now{1000s};
    REQUIRE(care.due(now).turn == Turn::ask);
    care.refused("refused by the device: 02 illegal data address", now);
    CHECK(care.due(now).turn == Turn::wait);
    CHECK_THAT(care.fault(), contains_text("does not tell its product: refused by the device: 02"));
}

TEST_CASE("firmware has a range, and a serial number is that of the technician's word") {
    const auto profile = yaml(R"(
product: Module
identity:
  - { tells: firmware, function: 4, address: 10, number: { at: 0 }, least: 20, most: 29 }
  - { tells: serial, function: 4, address: 20, count: 2, text: { at: 0, registers: 2 } }
)");
    auto settings = care_of(profile);
    expect_serial(settings, yaml("{ serial_number: A123 }"));
    UnitCare care{settings, 1, {}};
    Module module;
    module.registers = {{10, 30}, {20, 0x4131}, {21, 0x3233}};
    CHECK(module.serve(care).turn == Turn::wait);
    CHECK_THAT(care.fault(), contains_text("its firmware is `30`") && contains_text("at least 20 and at most 29"));
    module.registers[10] = 25;
    module.now += 10s;
    CHECK(module.serve(care).turn == Turn::poll);
    CHECK(care.identity() == DeviceIdentity{"", "A123", "25"});
    module.registers[21] = 0x3234;
    care.away();
    CHECK(module.serve(care).turn == Turn::wait);
    CHECK_THAT(care.fault(), contains_text("its serial is `A124`"));
}

TEST_CASE("settings are written where they differ, read back, and the watchdog has to run then") {
    UnitCare care{wago(), 1, wago_points};
    auto module = wago_module();
    CHECK_FALSE(care.proven());
    CHECK(module.serve(care).turn == Turn::poll);
    CHECK(care.proven());
    CHECK(module.written() == std::vector<std::uint16_t>{4097, 4096, 4099});
    CHECK(module.registers[4097] == 16402);
    CHECK(module.registers[4096] == 20);
    CHECK(module.asked.back().address == 4102);

    // Again after an absence in which it kept them: nothing but its heartbeat is written.
    module.asked.clear();
    care.away();
    CHECK(module.serve(care).turn == Turn::poll);
    CHECK(module.written() == std::vector<std::uint16_t>{4099});
    CHECK_FALSE(care.take_restart());
}

TEST_CASE("a heartbeat is another value each time, never 0, and due at its time") {
    UnitCare care{wago(), 1, wago_points};
    auto module = wago_module();
    (void)module.serve(care);
    CHECK(module.registers[4099] == 1);
    CHECK(care.next_ask() == module.now + 500ms);
    CHECK(care.due(module.now + 499ms).turn == Turn::poll);
    module.now += 500ms;
    (void)module.serve(care);
    CHECK(module.registers[4099] == 2);
    for (int i = 0; i < 0xFFFF; ++i) {
        module.now += 500ms;
        (void)module.serve(care);
        REQUIRE(module.registers[4099] != 0);
    }
    CHECK(module.registers[4099] == 2);
}

TEST_CASE("a module that has restarted is told, not trusted, and set again") {
    UnitCare care{wago(), 1, wago_points};
    auto module = wago_module();
    (void)module.serve(care);
    module.asked.clear();
    module.registers[4096] = module.registers[4097] = module.registers[4099] = module.registers[4102] = 0;
    module.now += 1s;
    std::vector<bool> trusted;
    for (int i = 0; i < 20; ++i) {
        const auto due = care.due(module.now);
        if (due.turn != Turn::ask) {
            break;
        }
        ModbusValues values;
        if (due.request.function == ModbusFunction::write_register) {
            module.registers[due.request.address] = due.request.operand;
            module.wrote(due.request);
        } else {
            values.registers = {module.registers[due.request.address]};
        }
        care.answered(values, module.now);
        trusted.push_back(care.proven());
    }
    CHECK(care.take_restart() == "its host watchdog does not run any more");
    CHECK_FALSE(care.take_restart());
    CHECK(care.proven());
    CHECK(module.registers[4096] == 20);
    // From the look that told it to the last one it was not trusted.
    CHECK(std::count(trusted.begin(), trusted.end(), true) <= 2);
}

TEST_CASE("a watchdog that has fired is cleared and set again where the profile says so, else it is a fault") {
    auto module = wago_module();
    module.registers[4102] = 2;
    UnitCare care{wago(), 1, wago_points};
    CHECK(module.serve(care).turn == Turn::poll);
    CHECK(care.proven());
    CHECK(module.written().front() == 4104);
    CHECK(module.registers[4102] == 1);

    auto careful = wago();
    careful.restart.watchdog->then = OnWatchdogAlarm::fault;
    UnitCare waits{careful, 1, wago_points};
    module = wago_module();
    module.registers[4102] = 2;
    CHECK(module.serve(waits).turn == Turn::poll);  // its inputs are as good as ever
    CHECK_FALSE(waits.proven());
    CHECK_THAT(waits.fault(), contains_text("watchdog has fired"));
    CHECK(module.written().empty());
    module.registers[4102] = 0;  // a person has cleared it
    module.now += 2s;
    CHECK(module.serve(waits).turn == Turn::poll);
    CHECK(waits.proven());
    CHECK(waits.fault().empty());
}

TEST_CASE("a setting that does not stay, and a watchdog that does not start, are faults") {
    auto module = wago_module();
    module.read_only = {4096};
    UnitCare care{wago(), 1, wago_points};
    CHECK(module.serve(care).turn == Turn::poll);
    CHECK_FALSE(care.proven());
    CHECK_THAT(care.fault(), contains_text("its setting `watchdog time` reads back 0 and not 20"));
    CHECK(care.due(module.now + 1s).turn == Turn::poll);
    CHECK(care.due(module.now + 2s).turn == Turn::ask);

    // A watchdog that runs by other settings is stopped before it is set.
    module = wago_module();
    module.registers[4102] = 1;
    module.registers[4097] = 1;
    UnitCare other{wago(), 1, wago_points};
    CHECK(module.serve(other).turn == Turn::poll);
    CHECK(other.proven());
    CHECK(module.written() == std::vector<std::uint16_t>{4104, 4097, 4096, 4099});
}

TEST_CASE("modules that are not those of the settings are told by their number of points") {
    auto module = wago_module();
    module.registers[4132] = 2;
    UnitCare care{wago(), 1, wago_points};
    CHECK(module.serve(care).turn == Turn::wait);
    CHECK_THAT(care.fault(), contains_text("its layout is `2`") && contains_text("needs 4 outputs"));
    CHECK(module.written().empty());
}

TEST_CASE("an uptime that goes back is a restart, also one that was missed") {
    UnitCare care{care_of(yaml_file("config/profiles/moxa-iologik-e1214.yaml")), 1, {}};
    Module module;
    module.registers = {{5000, 0x4531}, {5001, 0x3231}, {5002, 0x3400}, {5020, 0}, {5021, 900}};
    CHECK(module.serve(care).turn == Turn::poll);
    CHECK(care.identity().model == "E1214");
    module.registers[5021] = 905;
    module.now += 5s;
    (void)module.serve(care);
    CHECK_FALSE(care.take_restart());
    care.away();
    module.registers[5021] = 3;
    module.now += 5s;
    CHECK(module.serve(care).turn == Turn::poll);
    CHECK(care.take_restart() == "its uptime went back from 905 to 3");
    CHECK(care.proven());
}

TEST_CASE("what a profile says of its module is checked") {
    const auto problems_of = [](const std::string& text) {
        ConfigProblems problems;
        (void)read_care_profile(yaml(text), problems);
        std::string all;
        for (const auto& problem : problems.all()) {
            all += problem.message() + "\n";
        }
        return all;
    };
    CHECK_THAT(problems_of("settings: [ { name: mode, address: 1, value: 2 } ]"),
               contains_text("nothing says when the module has lost them"));
    CHECK_THAT(problems_of("heartbeat: { address: 1, every: 1 s, watchdog: 2 s }"), contains_text("at most a third"));
    CHECK_THAT(problems_of("identity: [ { tells: layout, function: 3, address: 1 } ]"),
               contains_text("nothing says what must be read"));
    CHECK_THAT(problems_of("identity: [ { tells: firmware, function: 3, address: 1, least: 4 } ]"),
               contains_text("are of numbers"));
    CHECK_THAT(problems_of("workarounds: [ { name: read_back_within, time: 50 ms } ]"), contains_text("why"));
    CHECK_THAT(problems_of("workarounds: [ { name: hope, time: 50 ms, why: x } ]"), contains_text("hope"));
    CHECK_THAT(problems_of("restart: { every: 1 s }"), contains_text("nothing by which a restart is seen"));
    CHECK(problems_of("workarounds: [ { name: read_back_within, time: 50 ms, why: it is slow } ]").empty());
}
