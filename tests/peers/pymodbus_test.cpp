#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "drivers/modbus_write.hpp"
#include "drivers/transport/modbus_rtu_link.hpp"
#include "drivers/transport/modbus_tcp_link.hpp"
#include "simulators/rig/child_process.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/drivers/device_rig.hpp"

using namespace portcullis;
using namespace portcullis::drivers;
using namespace std::chrono_literals;

namespace {

constexpr auto peer_timeout = 1000ms;

/// pymodbus in a process of its own, and the bus that reaches it as settings write it.
class PyModbus {
public:
    explicit PyModbus(const std::string& kind) : kind_(kind), folder_(make_folder()) {
        const auto ready = folder_ / "ready";
        where_ = kind == "rtu" ? (folder_ / "line").string() : std::to_string(rig::free_port());
        server_ = std::make_unique<rig::ChildProcess>(
            std::vector<std::string>{"/usr/bin/python3", "tests/peers/pymodbus_server.py", kind, where_,
                                     ready.string()},
            folder_ / "output");
        const auto give_up = clock.now().instant + 60s;
        while (!std::filesystem::exists(ready) || !answers()) {
            REQUIRE_FALSE(server_->wait(50ms));
            REQUIRE(clock.now().instant < give_up);
        }
    }
    ~PyModbus() {
        server_.reset();
        std::filesystem::remove_all(folder_);
    }
    PyModbus(const PyModbus&) = delete;
    PyModbus& operator=(const PyModbus&) = delete;

    [[nodiscard]] std::string bus() const {
        return kind_ == "tcp"       ? "{ modbus_tcp: 127.0.0.1:" + where_ + " }"
               : kind_ == "rtu_tcp" ? "{ modbus_rtu_over_tcp: 127.0.0.1:" + where_ + " }"
                                    : "{ modbus_rtu: " + where_ + ", line: 19200 8N1 }";
    }

    [[nodiscard]] std::unique_ptr<ModbusLink> link() const {
        if (kind_ == "rtu") {
            const LineSettings line{.baud = 19'200};
            return std::make_unique<ModbusRtuLink>(LinePort::Kind::local, serial_opener(where_, line, {}),
                                                   rtu_timing(line), clock);
        }
        const Endpoint endpoint{.address = "127.0.0.1", .port = static_cast<std::uint16_t>(std::stoi(where_))};
        if (kind_ == "rtu_tcp") {
            return std::make_unique<ModbusRtuLink>(LinePort::Kind::terminal_server, terminal_server_opener(endpoint),
                                                   RtuTiming{}, clock);
        }
        return std::make_unique<ModbusTcpLink>(endpoint, clock);
    }

    runtime::SystemClock clock;

private:
    [[nodiscard]] bool answers() const {
        return link()->exchange({1, ModbusFunction::read_coils, 0, 1}, peer_timeout).ok();
    }

    static std::filesystem::path make_folder() {
        std::string name = (std::filesystem::temp_directory_path() / "portcullis-peer-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        return name;
    }

    std::string kind_;
    std::filesystem::path folder_;
    std::string where_;
    std::unique_ptr<rig::ChildProcess> server_;
};

/// The answer, which must be good.
ModbusValues asked(ModbusLink& link, const ModbusRequest& request) {
    auto answer = link.exchange(request, peer_timeout);
    if (!answer) {
        FAIL(answer.error().cause);
    }
    return std::move(answer->values);
}

}  // namespace

TEST_CASE("our links read and write what pymodbus serves, with every function") {
    const auto* const kind = GENERATE("tcp", "rtu", "rtu_tcp");
    CAPTURE(kind);
    const PyModbus peer{kind};
    const auto link = peer.link();
    using F = ModbusFunction;
    const auto registers = [&link](const ModbusRequest& request) { return asked(*link, request).registers; };
    const auto bits = [&link](const ModbusRequest& request) { return asked(*link, request).bits; };

    CHECK(registers({1, F::read_holding_registers, 10, 3}) == std::vector<std::uint16_t>{1010, 1011, 1012});
    (void)link->take_bad_frames();  // it may have answered late while it started
    CHECK(registers({2, F::read_holding_registers, 10, 3}) == std::vector<std::uint16_t>{1110, 1111, 1112});
    CHECK(registers({1, F::read_input_registers, 0, 125}).back() == 2124);
    CHECK(bits({1, F::read_coils, 3, 4}) == std::vector<bool>{true, false, false, true});
    CHECK(bits({1, F::read_discrete_inputs, 4, 9}) ==
          std::vector<bool>{false, false, true, false, false, true, false, false, true});

    (void)asked(*link, write_coil(1, 50, true));
    (void)asked(*link, write_coil(1, 51, false));
    CHECK(bits({1, F::read_coils, 50, 2}) == std::vector<bool>{true, false});
    (void)asked(*link, write_coils(2, 60, {true, true, false, true, false, false, true, true, true, false}));
    CHECK(bits({2, F::read_coils, 60, 10}) ==
          std::vector<bool>{true, true, false, true, false, false, true, true, true, false});
    (void)asked(*link, write_register(1, 70, 0xBEEF));
    (void)asked(*link, write_registers(1, 71, {1, 2, 0xFFFF}));
    CHECK(registers({1, F::read_holding_registers, 70, 4}) == std::vector<std::uint16_t>{0xBEEF, 1, 2, 0xFFFF});
    (void)asked(*link, write_register(1, 80, 0x12));
    (void)asked(*link, mask_register(1, 80, 0xF2, 0x25));
    CHECK(registers({1, F::read_holding_registers, 80, 1}) == std::vector<std::uint16_t>{0x17});
    CHECK(registers(read_write_registers(1, 90, 2, 91, {7})) == std::vector<std::uint16_t>{1090, 7});

    const auto beyond = link->exchange({1, F::read_holding_registers, 190, 20}, peer_timeout);
    REQUIRE_FALSE(beyond);
    CHECK(beyond.error().kind == ModbusFault::Kind::exception);
    CHECK_FALSE(link->exchange({9, F::read_holding_registers, 0, 1}, 200ms));  // there is no such unit
    CHECK(registers({1, F::read_holding_registers, 10, 1}) == std::vector<std::uint16_t>{1010});
    CHECK(link->take_bad_frames().empty());
}

TEST_CASE("a module of a profile works on a server of pymodbus as on its own") {
    const auto* const kind = GENERATE("tcp", "rtu", "rtu_tcp");
    CAPTURE(kind);
    const PyModbus peer{kind};
    testing::DeviceRig rig;
    auto& module = rig.add("module", peer.bus(), "{ unit: 2, poll: 50 ms, timeout: 200 ms, contact: wet }",
                           "product: of a test\n"
                           "driver: modbus_points\n"
                           "source: layout of this project\n"
                           "verified: []\n"
                           "inputs: { function: 2, address: 0, count: 8, dry_open_reads: 1, wet_open_reads: 0 }\n"
                           "outputs: { address: 100, count: 4, readback: 100, on_host_lost: off }\n",
                           {{.point = PointName{"di3"}, .direction = Direction::input},
                            {.point = PointName{"di4"}, .direction = Direction::input},
                            {.point = PointName{"do1"}, .direction = Direction::output}});
    rig.start();
    rig.until([&module] { return module.view().state == DeviceState::online; });
    const auto signal_of = [&module](const std::string& point) {
        for (const auto& seen : module.view().points) {
            if (seen.point.text() == point) {
                return seen.signal;
            }
        }
        return Signal::unknown;
    };
    rig.until([&] { return signal_of("di3") != Signal::unknown; });
    CHECK(signal_of("di3") != signal_of("di4"));

    std::optional<CommandResult> result;
    rig.until([&] { return signal_of("do1") != Signal::unknown; });
    module.perform({.id = CommandId{1},
                    .point = PointName{"do1"},
                    .act = OutputAct::on,
                    .not_after = rig.clock.now().instant + 10s},
                   [&result](const CommandResult& done) { result = done; });
    rig.until([&result] { return result.has_value(); });
    CHECK(result->write == WriteOutcome::done);
    const auto link = kind == std::string{"tcp"} ? peer.link() : nullptr;
    if (link) {
        CHECK(asked(*link, {2, ModbusFunction::read_coils, 101, 1}).bits == std::vector<bool>{true});
    }
}
