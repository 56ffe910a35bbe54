#include "tests/bench/bench_orders.hpp"

#include <stdexcept>

#include "core/container_number.hpp"

namespace portcullis::bench {

std::string order_object(int index) {
    auto serial = std::to_string(index);
    serial.insert(0, 6 - serial.size(), '0');
    for (char check = '0'; check <= '9'; ++check) {
        const auto number = "MSCU" + serial + check;
        if (ContainerNumber::parse(number)) {
            return R"({"op":"put","order":"R-)" + serial + R"(","kind":"release","status":"released",)" +
                   R"("movement":"import_laden","container":")" + number + R"(","tractor_plates":["闽D12345"],)" +
                   R"("uses":1,"valid_from":"2026-01-01T00:00:00.000Z","valid_to":"2036-01-01T00:00:00.000Z",)" +
                   R"("officer":"A113","decided":"2026-01-01T00:00:00.000Z"})";
        }
    }
    throw std::logic_error{"a serial without a check digit"};
}

}  // namespace portcullis::bench
