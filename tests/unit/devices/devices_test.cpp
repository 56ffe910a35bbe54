#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string>

#include "modbus_client.hpp"
#include "simulators/devices/io_module.hpp"
#include "simulators/devices/line_reader.hpp"
#include "simulators/devices/register_reader.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::simulators {
namespace {

using namespace std::chrono_literals;

const Bytes read_inputs{2, 0, 0, 0, 12};
const Bytes output_0_on{5, 0, 16, 0xFF, 0};
const Bytes output_0_off{5, 0, 16, 0, 0};
const Bytes read_outputs{1, 0, 16, 0, 6};

}  // namespace

TEST_CASE("the I/O module shows its inputs and reads back its outputs") {
    boost::asio::io_context context;
    IoModule module{context, 0, {}};
    ModbusClient client{context, module.port()};
    module.set_input(0, true);
    module.set_input(9, true);
    CHECK(client.ask(read_inputs) == Bytes{2, 2, 0x01, 0x02});
    CHECK(client.ask(output_0_on) == output_0_on);
    CHECK(client.ask(read_outputs) == Bytes{1, 1, 0x01});
    CHECK(module.output(0));
}

TEST_CASE("the I/O module tells of a write before it answers, and of each change") {
    boost::asio::io_context context;
    IoModule module{context, 0, {}};
    ModbusClient client{context, module.port()};
    std::vector<bool> written;
    std::vector<bool> changed;
    module.before_write([&](std::size_t, bool high) {
        CHECK(module.output(0) != high);
        written.push_back(high);
    });
    module.on_output([&](std::size_t, bool high) { changed.push_back(high); });
    client.ask(output_0_on);
    client.ask(output_0_off);
    CHECK(written == std::vector<bool>{true, false});
    CHECK(changed == std::vector<bool>{true, false});
}

TEST_CASE("the I/O module refuses what it does not have") {
    boost::asio::io_context context;
    IoModule module{context, 0, {}};
    ModbusClient client{context, module.port()};
    CHECK(client.ask({2, 0, 0, 0, 100}) == Bytes{0x82, 2});
    CHECK(client.ask({5, 0, 40, 0xFF, 0}) == Bytes{0x85, 2});
    CHECK(client.ask({5, 0, 16, 0x12, 0x34}) == Bytes{0x85, 3});
    CHECK(client.ask({43, 14, 1, 0, 0}) == Bytes{0xAB, 1});
}

TEST_CASE("a host that falls silent loses its outputs to the module's watchdog") {
    boost::asio::io_context context;
    IoModule::Watchdog watchdog{100ms, {}};
    watchdog.fail_safe_high[3] = true;
    IoModule module{context, 0, watchdog};
    ModbusClient client{context, module.port()};
    client.ask(output_0_on);
    REQUIRE(module.output(0));
    REQUIRE(run_until(context, [&] { return module.watchdog_fired() == 1; }));
    CHECK_FALSE(module.output(0));
    CHECK(module.output(3));
    CHECK(client.ask(read_outputs) == Bytes{1, 1, 0x08});
}

TEST_CASE("a cable that is out cuts connections and is served again on the same port") {
    boost::asio::io_context context;
    IoModule module{context, 0, {}};
    ModbusClient before{context, module.port()};
    CHECK_FALSE(before.ask(read_inputs).empty());
    module.server().go_offline();
    CHECK(before.ask(read_inputs).empty());
    ModbusClient meanwhile{context, module.port()};
    CHECK_FALSE(meanwhile.receive());
    module.server().go_online();
    ModbusClient after{context, module.port()};
    CHECK_FALSE(after.ask(read_inputs).empty());
}

TEST_CASE("the server's faults are what they say") {
    boost::asio::io_context context;
    IoModule module{context, 0, {}};
    ModbusClient client{context, module.port()};
    SECTION("another unit") {
        module.server().faults.answer_as_unit = 7;
        client.send(read_inputs);
        CHECK(client.receive().value()[6] == 7);
    }
    SECTION("another length") {
        module.server().faults.answer_length = std::uint16_t{4};
        client.send(read_inputs);
        CHECK(client.receive().value()[5] == 4);
    }
    SECTION("an answer to the question before") {
        module.server().faults.late = true;
        client.send(read_inputs);
        client.send(read_outputs);
        CHECK(client.receive().value()[1] == 1);
    }
}

TEST_CASE("the register reader shows the next reading once the one before was taken") {
    boost::asio::io_context context;
    RegisterReader reader{context, 0, 1};
    ModbusClient client{context, reader.port()};
    CHECK(client.ask({3, 0, 0, 0, 1}) == Bytes{3, 2, 0, 0});
    reader.read("AB", 97);
    reader.read("C", 50);
    CHECK(client.ask({3, 0, 0, 0, 4}) == Bytes{3, 8, 0, 1, 0, 2, 0, 97, 'A', 'B'});
    CHECK(client.ask({6, 0, 100, 0, 1}) == Bytes{6, 0, 100, 0, 1});
    CHECK(client.ask({3, 0, 0, 0, 4}) == Bytes{3, 8, 0, 2, 0, 1, 0, 50, 'C', 0});
}

TEST_CASE("a register reader that restarts counts from nothing") {
    boost::asio::io_context context;
    RegisterReader reader{context, 0, 1};
    reader.read("AB", 97);
    reader.restart();
    ModbusClient client{context, reader.port()};
    CHECK(client.ask({3, 0, 0, 0, 1}) == Bytes{3, 2, 0, 0});
}

TEST_CASE("the line reader's bytes come out of its pty as they are, and a replug is another device") {
    boost::asio::io_context context;
    LineReader reader{context};
    const int line = ::open(reader.path().c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    REQUIRE(line >= 0);
    const auto sent = to_gbk("闽D12345") + ",96\r\n";
    reader.send(sent);
    std::string received;
    run_until(context, [&] {
        std::array<char, 64> buffer{};
        const auto count = ::read(line, buffer.data(), buffer.size());
        received.append(buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
        return received.size() >= sent.size();
    });
    CHECK(received == sent);
    CHECK(sent.substr(0, 2) == "\xC3\xF6");
    ::close(line);
    reader.replug();
    CHECK(::access(reader.path().c_str(), F_OK) == 0);
}

}  // namespace portcullis::simulators
