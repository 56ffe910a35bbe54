#include "cli/device/frame_text.hpp"

#include "drivers/transport/modbus_frame.hpp"
#include "drivers/transport/modbus_rtu_frame.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::cli {

using namespace drivers;

namespace {

using Bytes = std::vector<std::uint8_t>;

}  // namespace

TEST_CASE("A Modbus question and its answer are told in words") {
    ModbusWords words{true};
    CHECK(words.question(Bytes{0, 1, 0, 0, 0, 6, 1, 2, 0, 0, 0, 6}) == "unit 1 read 6 discrete inputs from 0");
    CHECK(words.answer(Bytes{0, 1, 0, 0, 0, 4, 1, 2, 1, 5}) == "unit 1: 1010 00");
    CHECK(words.question(encode(write_coil(3, 16, true), 9)) == "unit 3 write coil 16 on");
    CHECK(words.answer(encode(write_coil(3, 16, true), 9)) == "unit 3: done");
    CHECK(words.question(Bytes{0, 2, 0, 0, 0, 6, 2, 3, 0, 100, 0, 2}) == "unit 2 read 2 holding registers from 100");
    CHECK(words.answer(Bytes{0, 2, 0, 0, 0, 7, 2, 3, 4, 0x43, 0x53, 0, 42}) == "unit 2: 4353 002A");
    CHECK(words.answer(Bytes{0, 2, 0, 0, 0, 3, 2, 0x83, 2}) == "unit 2 refuses: 02 illegal data address");
    CHECK(words.answer(Bytes{0, 2, 0, 0, 0, 7, 9, 3, 4, 0, 0, 0, 0}) == "unit 9: not what was asked");
    CHECK(words.answer(Bytes{0, 2}) == "no whole frame");
}

TEST_CASE("An RTU frame is told in words only when its CRC holds") {
    ModbusWords words{false};
    const auto asked = encode_rtu({.unit = 1, .function = ModbusFunction::read_coils, .address = 0, .operand = 8});
    CHECK(words.question(asked) == "unit 1 read 8 coils from 0");
    CHECK(words.answer(Bytes{0x01, 0x01, 0x01, 0x05, 0x91, 0x8B}) == "unit 1: 1010 0000");
    CHECK(words.answer(Bytes{0x01, 0x01, 0x01, 0x05, 0x91, 0x8C}) == "no whole frame");
    CHECK(words.unit_of(asked) == 1);
}

TEST_CASE("Bytes of any kind make no mess of a terminal") {
    CHECK(printable(Bytes{0x02, 'A', 'b', 0x03}) == "‹STX›Ab‹ETX›");
    CHECK(printable(Bytes{0x1B, '[', '2', 'J', 0x07, 0x7F}) == "·[2J··");
    CHECK(printable(Bytes{0xE9, 0x97, 0xBD, 0x0D, 0x0A}) == "闽‹CR›‹LF›");
    CHECK(printable(Bytes{0xC3, 0xF6}) == "··");
    CHECK(short_hex(Bytes{1, 2, 255}, 2) == "01 02 …");
}

}  // namespace portcullis::cli
