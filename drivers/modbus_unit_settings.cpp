#include "drivers/modbus_unit_settings.hpp"

#include <algorithm>

namespace portcullis::drivers {

using std::chrono::milliseconds;

ModbusUnitSettings read_modbus_unit(const ConfigNode& options, milliseconds default_poll, ConfigProblems& problems) {
    constexpr milliseconds shortest_freshness{500};
    ModbusUnitSettings settings{.poll = default_poll};
    if (const auto* unit = options.find("unit")) {
        settings.unit = static_cast<std::uint8_t>(unit->integer(problems, 0, 255));
    }
    if (const auto* poll = options.find("poll")) {
        settings.poll = poll->duration(problems, milliseconds{5}, milliseconds{60'000});
    }
    const auto* timeout = options.find("timeout");
    if (timeout != nullptr) {
        settings.timeout = timeout->duration(problems, milliseconds{20}, milliseconds{1000});
    }
    settings.stale_after = std::max(3 * settings.poll, shortest_freshness);
    if (const auto* stale = options.find("stale_after")) {
        settings.stale_after = stale->duration(problems, settings.poll, milliseconds{600'000});
    }
    if (settings.timeout >= settings.stale_after) {
        (timeout != nullptr ? *timeout : options)
            .report(
                problems, "one lost answer would make every value of this bus stale",
                "let timeout be shorter than stale_after (" + std::to_string(settings.stale_after.count()) + " ms)");
    }
    return settings;
}

std::vector<std::pair<std::string, std::string>> written(const ModbusUnitSettings& unit) {
    return {{"unit", std::to_string(unit.unit)},
            {"poll", duration_text(unit.poll)},
            {"timeout", duration_text(unit.timeout)},
            {"stale_after", duration_text(unit.stale_after)}};
}

}  // namespace portcullis::drivers
