#include "drivers/transport/modbus_request.hpp"

#include "tests/support/catch.hpp"

using namespace portcullis::drivers;

namespace {

using Pdu = std::vector<std::uint8_t>;

std::string pdu_fault(const ModbusRequest& request, const Pdu& pdu) {
    const auto read = read_pdu(request, pdu);
    const auto* fault = std::get_if<FrameFault>(&read);
    return fault == nullptr ? "" : std::string{fault->kind};
}

bool is_good(const ModbusRequest& request, const Pdu& pdu) {
    return std::holds_alternative<ModbusValues>(read_pdu(request, pdu));
}

}  // namespace

TEST_CASE("every function is asked as the examples of the Modbus specification print it") {
    // MODBUS Application Protocol 1.1b3, sections 6.11, 6.12, 6.16 and 6.17.
    std::vector<bool> on{true, false, true, true, false, false, true, true, true, false};
    CHECK(pdu_of(write_coils(1, 19, on)) == Pdu{0x0F, 0x00, 0x13, 0x00, 0x0A, 0x02, 0xCD, 0x01});
    CHECK(pdu_of(write_registers(1, 1, {10, 258})) == Pdu{0x10, 0x00, 0x01, 0x00, 0x02, 0x04, 0x00, 0x0A, 0x01, 0x02});
    CHECK(pdu_of(mask_register(1, 4, 0xF2, 0x25)) == Pdu{0x16, 0x00, 0x04, 0x00, 0xF2, 0x00, 0x25});
    CHECK(pdu_of(read_write_registers(1, 3, 6, 14, {0xFF, 0xFF, 0xFF})) ==
          Pdu{0x17, 0x00, 0x03, 0x00, 0x06, 0x00, 0x0E, 0x00, 0x03, 0x06, 0x00, 0xFF, 0x00, 0xFF, 0x00, 0xFF});
    CHECK(pdu_of(write_register(1, 1, 3)) == Pdu{0x06, 0x00, 0x01, 0x00, 0x03});
}

TEST_CASE("an answer has exactly the length that its question asks for") {
    const auto request =
        GENERATE(ModbusRequest{.function = ModbusFunction::read_coils, .operand = 9},
                 ModbusRequest{.function = ModbusFunction::read_input_registers, .operand = 3},
                 read_write_registers(1, 3, 2, 14, {1}), mask_register(1, 4, 1, 2), write_registers(1, 1, {1, 2, 3}),
                 write_coils(1, 0, {true}), write_coil(1, 7, true), raw_request(1, {5, 2, 0, 0, 7}));
    Pdu good(answer_length(request), 0);
    const auto asked = pdu_of(request);
    const bool echoes = good.size() <= asked.size() && request.operand != 9 && request.operand != 3 &&
                        request.function != ModbusFunction::read_write_registers;
    if (echoes) {
        std::copy_n(asked.begin(), good.size(), good.begin());
    } else {
        good[0] = asked[0];
        good[1] = static_cast<std::uint8_t>(good.size() - 2);
    }
    CHECK(is_good(request, good));
    auto longer = good;
    longer.push_back(0);
    CHECK_FALSE(is_good(request, longer));
    for (std::size_t length = 0; length < good.size(); ++length) {
        CHECK_FALSE(is_good(request, {good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length)}));
    }
}

TEST_CASE("the echo of a write is compared byte by byte") {
    CHECK(pdu_fault(write_registers(1, 1, {10, 258}), {0x10, 0, 1, 0, 2}).empty());
    CHECK(pdu_fault(write_registers(1, 1, {10, 258}), {0x10, 0, 2, 0, 2}) == "echo");
    CHECK(pdu_fault(write_registers(1, 1, {10, 258}), {0x10, 0, 1, 0, 1}) == "echo");
    CHECK(pdu_fault(write_coils(1, 19, {true}), {0x0F, 0, 0x13, 0, 2}) == "echo");
    CHECK(pdu_fault(mask_register(1, 4, 0xF2, 0x25), {0x16, 0, 4, 0, 0xF2, 0, 0x26}) == "echo");
    CHECK(pdu_fault(write_register(1, 1, 3), {6, 0, 1, 0, 4}) == "echo");
}

TEST_CASE("a pulse that the device ends by itself is raw bytes whose answer is the same bytes") {
    // Waveshare Modbus RTU Relay, flash on: channel 0, 7 × 100 ms.
    const auto pulse = raw_request(1, {0x05, 0x02, 0x00, 0x00, 0x07});
    CHECK(pdu_of(pulse) == Pdu{0x05, 0x02, 0x00, 0x00, 0x07});
    CHECK(pdu_fault(pulse, {0x05, 0x02, 0x00, 0x00, 0x07}).empty());
    CHECK(pdu_fault(pulse, {0x05, 0x02, 0x00, 0x00, 0x08}) == "echo");
    CHECK(pdu_fault(pulse, {0x06, 0x02, 0x00, 0x00, 0x07}) == "function");
    const auto refused = read_pdu(pulse, Pdu{0x85, 3});
    REQUIRE(std::holds_alternative<ModbusException>(refused));
    CHECK(std::get<ModbusException>(refused).code == 3);
}

TEST_CASE("what no device could be asked is refused before it is sent") {
    CHECK_FALSE(not_askable({1, ModbusFunction::read_coils, 0, 2000}));
    CHECK(not_askable({1, ModbusFunction::read_coils, 0, 2001}));
    CHECK(not_askable({1, ModbusFunction::read_coils, 0, 0}));
    CHECK_FALSE(not_askable({1, ModbusFunction::read_holding_registers, 65'411, 125}));
    CHECK(not_askable({1, ModbusFunction::read_holding_registers, 65'412, 125}));
    CHECK(not_askable({1, ModbusFunction::read_holding_registers, 0, 126}));
    CHECK(not_askable(write_registers(1, 0, {})));
    CHECK(not_askable(write_registers(1, 0, std::vector<std::uint16_t>(124))));
    CHECK(not_askable(read_write_registers(1, 0, 1, 0, std::vector<std::uint16_t>(122))));
    CHECK(not_askable(read_write_registers(1, 0, 0, 0, {1})));
    CHECK(not_askable(write_coils(1, 0, std::vector<bool>(1969))));
    CHECK(not_askable(raw_request(1, {})));
    CHECK(not_askable(raw_request(1, {0x80})));
    CHECK(not_askable(raw_request(1, std::vector<std::uint8_t>(254, 1))));
    CHECK_FALSE(not_askable(write_coil(1, 65'535, true)));
}
