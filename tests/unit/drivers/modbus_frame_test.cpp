#include "drivers/transport/modbus_frame.hpp"

#include "tests/support/catch.hpp"

using namespace portcullis::drivers;

namespace {

using Frame = std::vector<std::uint8_t>;

const ModbusRequest read_inputs{
    .unit = 1, .function = ModbusFunction::read_discrete_inputs, .address = 0, .operand = 6};

std::string fault_of(const ModbusRequest& request, std::uint16_t transaction, const Frame& frame) {
    const auto answer = read_answer(request, transaction, frame);
    const auto* fault = std::get_if<FrameFault>(&answer);
    return fault == nullptr ? "" : std::string{fault->kind};
}

}  // namespace

TEST_CASE("requests are encoded as vendors print them") {
    CHECK(encode({1, ModbusFunction::read_coils, 0, 6}, 1) ==
          Frame{0x00, 0x01, 0x00, 0x00, 0x00, 0x06, 0x01, 0x01, 0x00, 0x00, 0x00, 0x06});
    CHECK(encode(write_coil(1, 16, true), 2) ==
          Frame{0x00, 0x02, 0x00, 0x00, 0x00, 0x06, 0x01, 0x05, 0x00, 0x10, 0xFF, 0x00});
    CHECK(encode(write_coil(1, 0x1030, false), 0xABCD) ==
          Frame{0xAB, 0xCD, 0x00, 0x00, 0x00, 0x06, 0x01, 0x05, 0x10, 0x30, 0x00, 0x00});
}

TEST_CASE("answers are read bit by bit and word by word") {
    const auto bits = read_answer(read_inputs, 1, Frame{0, 1, 0, 0, 0, 4, 1, 2, 1, 0x05});
    CHECK(std::get<ModbusValues>(bits).bits == std::vector<bool>{true, false, true, false, false, false});

    const auto words = read_answer({1, ModbusFunction::read_holding_registers, 0, 2}, 7,
                                   Frame{0, 7, 0, 0, 0, 7, 1, 3, 4, 0x43, 0x53, 0x51, 0x55});
    CHECK(std::get<ModbusValues>(words).registers == std::vector<std::uint16_t>{0x4353, 0x5155});

    const auto echo = read_answer(write_coil(1, 16, true), 2, Frame{0, 2, 0, 0, 0, 6, 1, 5, 0, 16, 0xFF, 0});
    CHECK(std::holds_alternative<ModbusValues>(echo));

    const auto refusal = read_answer(read_inputs, 1, Frame{0, 1, 0, 0, 0, 3, 1, 0x82, 2});
    REQUIRE(std::holds_alternative<ModbusException>(refusal));
    CHECK(text_of(std::get<ModbusException>(refusal)) == "02 illegal data address");
}

TEST_CASE("what is no answer to the question is refused with what is wrong") {
    CHECK(fault_of(read_inputs, 1, {}) == "length");
    CHECK(fault_of(read_inputs, 1, {0, 1, 0, 0, 0, 4, 1}) == "length");
    CHECK(fault_of(read_inputs, 1, {0, 1, 0, 0, 0, 9, 1, 2, 1, 5}) == "length");
    CHECK(fault_of(read_inputs, 1, {0, 1, 0x12, 0, 0, 4, 1, 2, 1, 5}) == "protocol");
    CHECK(fault_of(read_inputs, 2, {0, 1, 0, 0, 0, 4, 1, 2, 1, 5}) == "late");
    CHECK(fault_of(read_inputs, 1, {0, 1, 0, 0, 0, 4, 8, 2, 1, 5}) == "unit");
    CHECK(fault_of(read_inputs, 1, {0, 1, 0, 0, 0, 4, 1, 1, 1, 5}) == "function");
    CHECK(fault_of(read_inputs, 1, {0, 1, 0, 0, 0, 5, 1, 2, 2, 5, 5}) == "count");
    CHECK(fault_of(read_inputs, 1, {0, 1, 0, 0, 0, 4, 1, 2, 2, 5}) == "count");
    CHECK(fault_of(read_inputs, 1, {0, 1, 0, 0, 0, 4, 1, 0x82, 2, 5}) == "length");
    const auto write = write_coil(1, 16, true);
    CHECK(fault_of(write, 1, {0, 1, 0, 0, 0, 6, 1, 5, 0, 17, 0xFF, 0}) == "echo");
    CHECK(fault_of(write, 1, {0, 1, 0, 0, 0, 6, 1, 5, 0, 16, 0, 0}) == "echo");
}
