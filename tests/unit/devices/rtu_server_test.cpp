#include "simulators/devices/rtu_server.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <string>

#include "modbus_client.hpp"
#include "simulators/devices/register_bank.hpp"
#include "tests/support/catch.hpp"

using namespace portcullis::simulators;
using namespace std::chrono_literals;

namespace {

/// Unit 1: read two holding registers from address 0, and the answer with the values 1 and 2.
const Bytes two_registers{0x01, 0x03, 0x00, 0x00, 0x00, 0x02, 0xC4, 0x0B};
const Bytes one_and_two{0x01, 0x03, 0x04, 0x00, 0x01, 0x00, 0x02, 0x2A, 0x32};

Bytes plus(Bytes first, const Bytes& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

/// A line with one unit, and whoever opens it.
struct LineRig {
    boost::asio::io_context context;
    RegisterBank bank;
    ModbusRtuServer server{context};
    std::filesystem::path link =
        std::filesystem::temp_directory_path() / ("portcullis-rtu-" + std::to_string(::getpid()));
    int port = -1;

    LineRig() {
        bank.holding[0] = 1;
        bank.holding[1] = 2;
        server.add_unit(1, [this](std::span<const std::uint8_t> pdu) { return bank.answer(pdu); });
        server.serve_line(link);
        open();
    }
    ~LineRig() { ::close(port); }

    void open() { port = ::open(server.path().c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC); }
    void send(const Bytes& bytes) const { REQUIRE(::write(port, bytes.data(), bytes.size()) > 0); }
    /// What comes within the time.
    Bytes hear(std::chrono::milliseconds time = 60ms) {
        Bytes heard;
        for (auto left = time; left > 0ms; left -= 5ms) {
            context.restart();
            context.run_for(5ms);
            std::array<std::uint8_t, 512> buffer{};
            const auto count = ::read(port, buffer.data(), buffer.size());
            if (count > 0) {
                heard.insert(heard.end(), buffer.begin(), buffer.begin() + count);
            }
        }
        return heard;
    }
    Bytes ask(const Bytes& question) {
        send(question);
        return hear();
    }
};

}  // namespace

TEST_CASE("a unit on a line answers its own questions, and a unit that is not there is silent") {
    LineRig rig;
    CHECK(rig.ask(two_registers) == one_and_two);
    CHECK(rig.ask({0x02, 0x03, 0x00, 0x00, 0x00, 0x02, 0xC4, 0x38}).empty());
    CHECK(rig.ask({0x01, 0x03, 0x00, 0x00, 0x00, 0x02, 0xC4, 0x0C}).empty());  // its check is off
    CHECK(rig.ask(plus({0xFF, 0x00}, two_registers)) == one_and_two);
    CHECK(rig.server.questions() == 3);
}

TEST_CASE("a question that comes in pieces, and one of another length, are taken whole") {
    LineRig rig;
    rig.send({0x01, 0x03, 0x00});
    CHECK(rig.hear(20ms).empty());
    rig.send({0x00, 0x00, 0x02, 0xC4, 0x0B});
    CHECK(rig.hear() == one_and_two);
    // Modbus over serial line: write registers 1 and 2 of unit 1 with 0x000A and 0x0102.
    CHECK(rig.ask({0x01, 0x10, 0x00, 0x01, 0x00, 0x02, 0x04, 0x00, 0x0A, 0x01, 0x02, 0x92, 0x30}) ==
          Bytes{0x01, 0x10, 0x00, 0x01, 0x00, 0x02, 0x10, 0x08});
    CHECK(rig.bank.holding[2] == 0x0102);
}

TEST_CASE("each fault of a line is what it says") {
    LineRig rig;
    auto& faults = rig.server.faults;
    SECTION("mute") {
        faults.mute = true;
        CHECK(rig.ask(two_registers).empty());
    }
    SECTION("another unit") {
        faults.answer_as_unit = 7;
        CHECK(rig.ask(two_registers).front() == 7);
    }
    SECTION("late by a question") {
        faults.late = true;
        CHECK(rig.ask(two_registers).empty());
        CHECK(rig.ask(two_registers) == one_and_two);
    }
    SECTION("late by a time") {
        faults.delay = 100ms;
        rig.send(two_registers);
        CHECK(rig.hear(40ms).empty());
        CHECK(rig.hear(200ms) == one_and_two);
    }
    SECTION("check off") {
        faults.wrong_check = true;
        auto wrong = one_and_two;
        wrong[7] ^= 1U;
        CHECK(rig.ask(two_registers) == wrong);
    }
    SECTION("doubled") {
        faults.doubled = true;
        CHECK(rig.ask(two_registers) == plus(one_and_two, one_and_two));
    }
    SECTION("swapped bytes, with a right check") {
        faults.swap_bytes = true;
        const auto heard = rig.ask(two_registers);
        CHECK(Bytes{heard.begin() + 3, heard.begin() + 7} == Bytes{1, 0, 2, 0});
    }
    SECTION("cut") {
        faults.cut_after = 4;
        CHECK(rig.ask(two_registers) == Bytes{one_and_two.begin(), one_and_two.begin() + 4});
    }
    SECTION("noise") {
        faults.noise_before = {0xFF};
        faults.noise_after = {0x00};
        CHECK(rig.ask(two_registers) == plus(plus({0xFF}, one_and_two), {0x00}));
    }
    SECTION("echo") {
        faults.echo = true;
        CHECK(rig.ask(two_registers) == plus(two_registers, one_and_two));
    }
}

TEST_CASE("a paced line takes the time of its characters") {
    LineRig rig;
    rig.server.pace(1200);  // 17 characters and 3.5 of silence: 171 ms
    rig.send(two_registers);
    CHECK(rig.hear(100ms).empty());
    CHECK(rig.hear(300ms) == one_and_two);
}

TEST_CASE("a line that is pulled out hangs up, and comes back under its name as another device") {
    LineRig rig;
    rig.server.unplug();
    CHECK_FALSE(std::filesystem::exists(rig.link));
    std::array<std::uint8_t, 8> buffer{};
    CHECK(::read(rig.port, buffer.data(), buffer.size()) <= 0);
    ::close(rig.port);
    rig.server.replug();
    rig.open();
    CHECK(rig.ask(two_registers) == one_and_two);
}

TEST_CASE("units behind a terminal server are asked without MBAP, by one client at a time") {
    LineRig rig;
    rig.server.serve_tcp(0);
    boost::asio::ip::tcp::socket first{rig.context};
    boost::asio::ip::tcp::socket second{rig.context};
    const boost::asio::ip::tcp::endpoint there{boost::asio::ip::address_v4::loopback(), rig.server.port()};
    first.connect(there);
    REQUIRE(run_until(rig.context, [&rig] { return rig.server.accepted() == 1; }));
    second.connect(there);
    REQUIRE(run_until(rig.context, [&rig] { return rig.server.accepted() == 2; }));
    boost::asio::write(second, boost::asio::buffer(two_registers));
    Bytes heard(one_and_two.size());
    bool read = false;
    boost::asio::async_read(second, boost::asio::buffer(heard),
                            [&read](const boost::system::error_code& error, std::size_t) { read = !error; });
    REQUIRE(run_until(rig.context, [&read] { return read; }));
    CHECK(heard == one_and_two);
    boost::system::error_code error;
    first.read_some(boost::asio::buffer(heard), error);
    CHECK(error);
}

TEST_CASE("a register bank refuses as the specification says") {
    RegisterBank bank;
    const auto answer = [&bank](const Bytes& pdu) { return bank.answer(pdu); };
    CHECK(answer({1, 0, 250, 0, 10}) == Bytes{0x81, 2});
    CHECK(answer({3, 0, 0, 0, 126}) == Bytes{0x83, 3});
    CHECK(answer({3, 0, 0, 0, 0}) == Bytes{0x83, 3});
    CHECK(answer({5, 0, 0, 0x12, 0x34}) == Bytes{0x85, 3});
    CHECK(answer({6, 1, 0, 0, 1}) == Bytes{0x86, 2});
    CHECK(answer({16, 0, 0, 0, 2, 2, 0, 1}) == Bytes{0x90, 3});
    CHECK(answer({22, 0, 4, 0, 0xF2, 0, 0x25}) == Bytes{22, 0, 4, 0, 0xF2, 0, 0x25});
    CHECK(bank.holding[4] == 0x05);
    CHECK(answer({23, 0, 3, 0, 2, 0, 3, 0, 1, 2, 0x12, 0x34}) == Bytes{23, 4, 0x12, 0x34, 0, 5});
    CHECK(answer({43, 14, 1, 0, 0}) == Bytes{0x80 | 43, 1});
}

TEST_CASE("several units stand behind one address") {
    boost::asio::io_context context;
    RegisterBank bank;
    ModbusServer server{context, 0, 1, [&bank](std::span<const std::uint8_t> pdu) { return bank.answer(pdu); }};
    server.add_unit(5, [](std::span<const std::uint8_t> pdu) { return modbus_exception(pdu[0], 6); });
    ModbusClient client{context, server.port()};
    CHECK(client.ask({3, 0, 0, 0, 1}) == Bytes{3, 2, 0, 0});
    client.send({3, 0, 0, 0, 1}, 5);
    const auto frame = client.receive();
    REQUIRE(frame);
    CHECK(Bytes{frame->begin() + 6, frame->end()} == Bytes{5, 0x83, 6});
}
