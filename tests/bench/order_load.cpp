#include "tests/bench/order_load.hpp"

#include <algorithm>
#include <stdexcept>

#include "codec/order_snapshot.hpp"

namespace portcullis::bench {
namespace {

constexpr std::int64_t owners = 60;
constexpr std::int64_t serials = 1'000'000;

std::string digits(std::int64_t number, std::size_t width) {
    auto text = std::to_string(number);
    return text.insert(0, width - std::min(width, text.size()), '0');
}

}  // namespace

ContainerNumber OrderLoad::container(std::int64_t place) const {
    const auto of_each = (orders_ + owners - 1) / owners;
    const auto owner = place / of_each;
    const auto serial = place % of_each * (serials / of_each);
    const auto number = static_cast<std::uint64_t>(((owner / 26 + 2) * 32 + owner % 26) * 32 + 18) << 26U;
    for (std::uint64_t check = 0; check <= 9; ++check) {
        if (const auto read = ContainerNumber::from_packed(number | static_cast<std::uint64_t>(serial) << 4U | check)) {
            return *read;
        }
    }
    throw std::logic_error{"a serial without a check digit"};
}

std::string OrderLoad::order_id(std::int64_t place) {
    // Central numbers orders as they come, not as their containers are called.
    return "R-2026-" + digits(place * 7'919 % 99'999'989, 8);
}

std::string OrderLoad::line(std::int64_t place) const {
    return R"({"authority":"ciq","class":"A","conditions":[],"container":")" + container(place).text() +
           R"(","control_points":[],"decided":"2026-11-22T08:00:00.000Z","declarations":["390200261)" +
           digits(place, 8) + R"("],"enterprise":"35029)" + digits(place % 5'000, 5) +
           R"(","fullness":"full","gates":[],"gross_kg":28410,"hs":["0303140000"],"kind":"release",)" +
           R"("last_port":"NOBGO","movement":"import_laden","officer":"A113","order":")" + order_id(place) +
           R"(","origin":"NO","size_type":"45R1","status":"released","tractor_plates":["闽D)" +
           digits(place % 100'000, 5) + R"("],"trailer_plates":[],"uses":1,"valid_from":"2026-11-23T00:00:00.000Z",)" +
           R"("valid_to":"2026-12-23T00:00:00.000Z"})";
}

std::string next_chunk(const OrderLoad& load, std::int64_t& place) {
    std::string chunk;
    chunk.reserve(codec::most_chunk_bytes);
    while (place < load.size()) {
        const auto line = load.line(place);
        if (chunk.size() + line.size() + 1 > codec::most_chunk_bytes) {
            break;
        }
        chunk.append(line).push_back('\n');
        ++place;
    }
    return chunk;
}

}  // namespace portcullis::bench
