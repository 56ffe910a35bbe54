#include "drivers/register_block.hpp"

namespace portcullis::drivers {

RegisterBlock read_register_block(const ConfigNode& options, const ConfigNode& profile, const ConfigNode* request,
                                  std::vector<std::string_view> parts, std::chrono::milliseconds poll,
                                  ConfigProblems& problems) {
    constexpr std::int64_t most_of_a_request = 125;  // by the Modbus specification
    constexpr std::int64_t last_address = 0xFFFF;
    RegisterBlock block;
    add_care_parts(profile, parts);
    block.facts = read_profile_facts(profile, parts, problems);
    block.care = read_care_profile(profile, problems);
    expect_serial(block.care, options);
    block.unit = read_modbus_unit(options, poll, problems);
    if (request == nullptr) {
        return block;
    }
    if (const auto* function = request->require("function", problems)) {
        block.function = static_cast<ModbusFunction>(function->integer(problems, 3, 4));
    }
    if (const auto* address = request->require("address", problems)) {
        block.address = static_cast<std::uint16_t>(address->integer(problems, 0, last_address));
    }
    if (const auto* count = request->require("count", problems)) {
        block.count = static_cast<std::uint16_t>(count->integer(problems, 1, most_of_a_request));
    }
    return block;
}

}  // namespace portcullis::drivers
