#include "tests/fault/bus/check_residue.hpp"

#include <random>
#include <variant>
#include <vector>

#include "drivers/transport/modbus_rtu_frame.hpp"

namespace portcullis::fault {

std::int64_t accepted_by_chance(std::uint32_t seed, std::int64_t frames) {
    using namespace drivers;
    constexpr std::size_t values_at = 3;
    std::mt19937_64 random{seed};
    const ModbusRequest request{
        .unit = 1, .function = ModbusFunction::read_holding_registers, .address = 0, .operand = 3};
    std::vector<std::uint8_t> frame{1, 3, 6, 0, 0, 0, 0, 0, 0, 0, 0};
    RtuAnswerSearch search{request};
    std::int64_t accepted = 0;
    for (std::int64_t i = 0; i < frames; ++i) {
        auto bits = random();
        for (std::size_t at = values_at; at < frame.size(); ++at) {
            frame[at] = static_cast<std::uint8_t>(bits & 0xFFU);
            bits >>= 8U;
        }
        search.take(frame);
        const auto found = search.next();
        accepted += found && std::holds_alternative<ModbusValues>(found->read) ? 1 : 0;
        (void)search.rest();
    }
    return accepted;
}

}  // namespace portcullis::fault
