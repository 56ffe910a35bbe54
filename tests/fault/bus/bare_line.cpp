#include <modbus.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

#include "runtime/clock.hpp"
#include "tests/fault/bus/hostile_line.hpp"

namespace portcullis::fault {

namespace {

constexpr int bare_baud = 115'200;

struct CloseModbus {
    void operator()(modbus_t* handle) const {
        modbus_close(handle);
        modbus_free(handle);
    }
};

}  // namespace

LineCount ask_through_libmodbus(std::uint32_t seed, std::int64_t questions) {
    HostileLine line{seed, false};
    const runtime::SystemClock clock;
    const std::unique_ptr<modbus_t, CloseModbus> bus{modbus_new_rtu(line.path().c_str(), bare_baud, 'N', 8, 1)};
    if (!bus || modbus_connect(bus.get()) != 0) {
        throw std::runtime_error("libmodbus does not open the line");
    }
    modbus_set_response_timeout(bus.get(), 0, static_cast<std::uint32_t>(hostile_timeout.count()) * 1000);
    LineCount count;
    for (count.asked = 0; count.asked < questions; ++count.asked) {
        const auto question = line.next_question();
        std::array<std::uint16_t, MODBUS_MAX_READ_REGISTERS> values{};
        modbus_set_slave(bus.get(), question.unit);
        const auto before = clock.now().instant;
        const int read = modbus_read_registers(bus.get(), question.address, question.count, values.data());
        count.longest = std::max<std::chrono::nanoseconds>(count.longest, clock.now().instant - before);
        if (read > 0) {
            ++(line.right(question, std::span{values}.first(static_cast<std::size_t>(read))) ? count.right
                                                                                             : count.wrong);
        } else {
            ++count.none;
        }
    }
    return count;
}

}  // namespace portcullis::fault
