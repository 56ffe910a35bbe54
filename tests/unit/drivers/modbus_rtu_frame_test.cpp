#include "drivers/transport/modbus_rtu_frame.hpp"

#include "tests/support/catch.hpp"

using namespace portcullis::drivers;

namespace {

using RtuFrame = std::vector<std::uint8_t>;

const ModbusRequest three_registers{
    .unit = 0x11, .function = ModbusFunction::read_holding_registers, .address = 0x6B, .operand = 3};
const RtuFrame their_answer{0x11, 0x03, 0x06, 0xAE, 0x41, 0x56, 0x52, 0x43, 0x40, 0x49, 0xAD};

/// Kinds of what was found, `ok` for the answer, one a word.
std::string found_in(const ModbusRequest& request, const RtuFrame& bytes) {
    RtuAnswerSearch search{request};
    search.take(bytes);
    std::string words;
    while (const auto found = search.next()) {
        words += found->noise.empty() ? "" : "noise ";
        const auto* fault = std::get_if<FrameFault>(&found->read);
        words += fault != nullptr                                       ? std::string{fault->kind} + " "
                 : std::holds_alternative<ModbusException>(found->read) ? "exception "
                                                                        : "ok ";
    }
    return words;
}

RtuFrame joined(const std::vector<RtuFrame>& frames) {
    RtuFrame all;
    for (const auto& frame : frames) {
        all.insert(all.end(), frame.begin(), frame.end());
    }
    return all;
}

}  // namespace

TEST_CASE("an RTU frame carries the CRC that others print") {
    CHECK(encode_rtu({1, ModbusFunction::read_holding_registers, 0, 10}) ==
          RtuFrame{0x01, 0x03, 0x00, 0x00, 0x00, 0x0A, 0xC5, 0xCD});
    CHECK(encode_rtu(three_registers) == RtuFrame{0x11, 0x03, 0x00, 0x6B, 0x00, 0x03, 0x76, 0x87});
    CHECK(encode_rtu(write_coil(1, 0, true)) == RtuFrame{0x01, 0x05, 0x00, 0x00, 0xFF, 0x00, 0x8C, 0x3A});
    CHECK(encode_rtu(raw_request(1, {5, 2, 0, 0, 7})) == RtuFrame{0x01, 0x05, 0x02, 0x00, 0x00, 0x07, 0x8D, 0xB0});
}

TEST_CASE("the answer is found whole, and only when it is whole") {
    RtuAnswerSearch search{three_registers};
    for (std::size_t i = 0; i + 1 < their_answer.size(); ++i) {
        search.take(std::span{their_answer}.subspan(i, 1));
        CHECK_FALSE(search.next());
    }
    search.take(std::span{their_answer}.last(1));
    const auto found = search.next();
    REQUIRE(found);
    CHECK(std::get<ModbusValues>(found->read).registers == std::vector<std::uint16_t>{0xAE41, 0x5652, 0x4340});
    CHECK(found->frame == their_answer);
    CHECK(search.rest().empty());
}

TEST_CASE("noise before, after and between frames hides no answer") {
    CHECK(found_in(three_registers, joined({{0x00}, their_answer})) == "noise ok ");
    CHECK(found_in(three_registers, joined({{0xFF, 0x11, 0x03}, their_answer, {0x00, 0xFF}})) == "noise ok ");
    CHECK(found_in(three_registers, joined({their_answer, their_answer})) == "ok ok ");
    CHECK(found_in(three_registers, {0x00, 0xFF, 0x00}).empty());
}

TEST_CASE("a frame that is no answer to this question is told apart from one that is") {
    const ModbusRequest other_unit{0x12, ModbusFunction::read_holding_registers, 0x6B, 3};
    CHECK(found_in(other_unit, their_answer) == "unit ");
    CHECK(found_in({0x11, ModbusFunction::read_input_registers, 0x6B, 3}, their_answer) == "function ");
    CHECK(found_in({0x11, ModbusFunction::read_holding_registers, 0x6B, 2}, their_answer) == "count ");
    CHECK(found_in({0x11, ModbusFunction::read_holding_registers, 0x6B, 4}, their_answer) == "count ");
    CHECK(found_in(three_registers, joined({encode_rtu(three_registers), their_answer})) == "echo ok ");
    CHECK(found_in(write_coil(1, 0, true), encode_rtu(write_coil(1, 1, true))) == "echo ");
}

TEST_CASE("our own question that comes back never passes for the answer of a read") {
    // 17 coils from 0x0300 on: the question's bytes are also a whole answer of three bytes of coils.
    const ModbusRequest request{1, ModbusFunction::read_coils, 0x0300, 17};
    const auto question = encode_rtu(request);
    REQUIRE(question.size() == RtuAnswerSearch{request}.expected());
    CHECK(found_in(request, question) == "echo ");
}

TEST_CASE("a refusal of the device is found, with its code") {
    CHECK(found_in({0x0A, ModbusFunction::read_coils, 0x4A1, 1}, {0x0A, 0x81, 0x02, 0xB0, 0x53}) == "exception ");
    CHECK(found_in({0x0B, ModbusFunction::read_coils, 0x4A1, 1}, {0x0A, 0x81, 0x02, 0xB0, 0x53}) == "unit ");
}

TEST_CASE("every one or two bits that are wrong, and every burst of 16, are seen") {
    const auto bits = their_answer.size() * 8;
    const auto flipped = [](RtuFrame frame, std::size_t bit) {
        frame[bit / 8] = static_cast<std::uint8_t>(frame[bit / 8] ^ 1U << (bit % 8));
        return frame;
    };
    std::size_t accepted = 0;
    const auto tried = [&accepted](const RtuFrame& frame) {
        accepted += found_in(three_registers, frame).find("ok") != std::string::npos ? 1U : 0U;
    };
    for (std::size_t first = 0; first < bits; ++first) {
        tried(flipped(their_answer, first));
        for (std::size_t second = first + 1; second < bits; ++second) {
            tried(flipped(flipped(their_answer, first), second));
        }
    }
    for (std::size_t byte = 0; byte + 1 < their_answer.size(); ++byte) {
        for (unsigned pattern = 1; pattern < 0x10000; pattern += 7) {
            auto frame = their_answer;
            frame[byte] = static_cast<std::uint8_t>(frame[byte] ^ (pattern & 0xFFU));
            frame[byte + 1] = static_cast<std::uint8_t>(frame[byte + 1] ^ pattern >> 8U);
            tried(frame);
        }
    }
    CHECK(accepted == 0);
}
