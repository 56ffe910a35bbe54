#include "drivers/bus_cycle.hpp"

#include <algorithm>
#include <cstdint>

#include "core/config_node.hpp"

namespace portcullis::drivers {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr microseconds unit_thinks{2000};
constexpr microseconds round_trip{2000};

std::string ms_text(microseconds time) {
    const auto tenths = (time.count() + 50) / 100;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " ms";
}

microseconds time_of_all(const BusShare& share, const std::optional<LineSettings>& line) {
    microseconds time{};
    for (const auto& request : share.requests) {
        time += time_on_bus(request, line);
    }
    return time;
}

/// Of the bus's time, in millionths.
std::int64_t load_of(const BusShare& share, const std::optional<LineSettings>& line) {
    std::int64_t load = 0;
    for (const auto& request : share.requests) {
        load += time_on_bus(request, line).count() * 1000 / std::max<std::int64_t>(1, request.every.count());
    }
    return load;
}

std::string where(const std::optional<LineSettings>& line) {
    return line ? "at " + line->text() +
                      ", with 3.5 characters of silence after each frame and 2 ms for the unit to answer"
                : std::string{"with a round trip of 2 ms each"};
}

std::optional<BusProblem> check_load(const std::vector<DeviceOnBus>& devices, const std::optional<LineSettings>& line) {
    constexpr std::int64_t whole = 1'000'000;
    std::int64_t load = 0;
    std::string parts;
    for (const auto& device : devices) {
        const auto part = load_of(device.share, line);
        load += part;
        if (!device.share.requests.empty()) {
            parts += (parts.empty() ? "`" : ", `") + device.name + "` " + ms_text(time_of_all(device.share, line)) +
                     " every " + duration_text(device.share.requests.front().every) + " (" +
                     std::to_string(part / 10'000) + " %)";
        }
    }
    if (load <= whole) {
        return std::nullopt;
    }
    return BusProblem{
        "its devices ask for " + std::to_string(load / 10'000) + " % of its time " + where(line) + ": " + parts,
        "let them `poll` slower, set the line faster, or give them buses of their own"};
}

}  // namespace

RepeatedRequest repeated(const ModbusRequest& request, milliseconds every) {
    return {.sent = pdu_of(request).size(), .answered = answer_length(request), .every = every};
}

microseconds time_on_bus(const RepeatedRequest& request, const std::optional<LineSettings>& line) {
    if (!line) {
        return round_trip;
    }
    constexpr std::size_t around = 3;  // address and CRC
    constexpr int fast = 19'200;
    const std::int64_t bits =
        1 + line->data_bits + (line->parity == LineSettings::Parity::none ? 0 : 1) + line->stop_bits;
    const auto characters = static_cast<std::int64_t>(request.sent + request.answered + 2 * around);
    const microseconds silence = line->baud > fast ? microseconds{1750} : microseconds{3'500'000 * bits / line->baud};
    return microseconds{characters * bits * 1'000'000 / line->baud} + 2 * silence + unit_thinks;
}

std::vector<BusProblem> check_bus(const std::vector<DeviceOnBus>& devices, const std::optional<LineSettings>& line) {
    std::vector<BusProblem> problems;
    if (auto load = check_load(devices, line)) {
        problems.push_back(std::move(*load));
    }
    microseconds cycle{};
    for (const auto& device : devices) {
        cycle += time_of_all(device.share, line);
    }
    for (const auto& device : devices) {
        const auto* worst = static_cast<const DeviceOnBus*>(nullptr);
        for (const auto& other : devices) {
            const bool asks = &other != &device && !other.share.requests.empty();
            if (asks && (worst == nullptr || other.share.timeout > worst->share.timeout)) {
                worst = &other;
            }
        }
        if (worst == nullptr || device.share.requests.empty()) {
            continue;
        }
        const auto longest = device.share.slowest_poll + worst->share.timeout + cycle;
        if (longest > device.share.stale_after) {
            problems.push_back({"one lost answer of `" + worst->name + "` (timeout " +
                                    duration_text(worst->share.timeout) + ") would leave `" + device.name +
                                    "` unread for " + ms_text(longest) + ", and its values are stale after " +
                                    duration_text(device.share.stale_after),
                                "let `timeout` of the one be shorter, or `stale_after` of the other longer"});
        }
    }
    return problems;
}

}  // namespace portcullis::drivers
