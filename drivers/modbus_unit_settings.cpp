#include "drivers/modbus_unit_settings.hpp"

#include <algorithm>

namespace portcullis::drivers {

using std::chrono::milliseconds;

ModbusUnitSettings read_modbus_unit(const ConfigNode& options, milliseconds default_poll, ConfigProblems& problems,
                                    milliseconds default_idle) {
    constexpr milliseconds shortest_freshness{500};
    ModbusUnitSettings settings{.poll = default_poll};
    if (const auto* unit = options.find("unit")) {
        settings.unit = static_cast<std::uint8_t>(unit->integer(problems, 0, 255));
    }
    if (const auto* poll = options.find("poll")) {
        settings.poll = poll->duration(problems, milliseconds{5}, milliseconds{60'000});
    }
    settings.idle_poll = std::max(settings.poll, default_idle);
    if (const auto* idle = options.find("idle_poll")) {
        settings.idle_poll = idle->duration(problems, settings.poll, milliseconds{60'000});
    }
    const auto* timeout = options.find("timeout");
    if (timeout != nullptr) {
        settings.timeout = timeout->duration(problems, milliseconds{20}, milliseconds{1000});
    }
    settings.stale_after = std::max(3 * settings.idle_poll, shortest_freshness);
    if (const auto* stale = options.find("stale_after")) {
        settings.stale_after = stale->duration(problems, settings.idle_poll, milliseconds{600'000});
    }
    if (settings.timeout >= settings.stale_after) {
        (timeout != nullptr ? *timeout : options)
            .report(
                problems, "one lost answer would make every value of this bus stale",
                "let timeout be shorter than stale_after (" + std::to_string(settings.stale_after.count()) + " ms)");
    }
    return settings;
}

BusShare share_of(const ModbusUnitSettings& unit, const CareProfile& care, const std::vector<ModbusRequest>& requests) {
    BusShare share{
        .requests = {}, .timeout = unit.timeout, .slowest_poll = unit.idle_poll, .stale_after = unit.stale_after};
    for (const auto& request : requests) {
        share.requests.push_back(repeated(request, unit.poll));
    }
    if (care.heartbeat) {
        share.requests.push_back(
            repeated(write_register(unit.unit, care.heartbeat->address, 1), care.heartbeat->every));
    }
    const auto read = [&unit](const CareRegisters& registers) {
        return ModbusRequest{.unit = unit.unit,
                             .function = registers.function,
                             .address = registers.address,
                             .operand = registers.count};
    };
    if (care.restart.uptime) {
        share.requests.push_back(repeated(read(*care.restart.uptime), care.restart.every));
    }
    if (care.restart.watchdog) {
        share.requests.push_back(repeated(read(care.restart.watchdog->registers), care.restart.every));
    }
    return share;
}

std::vector<std::pair<std::string, std::string>> written(const ModbusUnitSettings& unit) {
    return {{"unit", std::to_string(unit.unit)},
            {"poll", duration_text(unit.poll)},
            {"idle_poll", duration_text(unit.idle_poll)},
            {"timeout", duration_text(unit.timeout)},
            {"stale_after", duration_text(unit.stale_after)}};
}

}  // namespace portcullis::drivers
