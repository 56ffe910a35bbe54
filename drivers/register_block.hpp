#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "drivers/device_plan.hpp"
#include "drivers/modbus_unit_settings.hpp"
#include "drivers/transport/modbus_frame.hpp"
#include "drivers/unit_care/care_profile.hpp"

/// A Modbus device that says all it has to say in the registers of one request, or its parts would disagree.
namespace portcullis::drivers {

struct RegisterBlock {
    ProfileFacts facts;
    ModbusUnitSettings unit;
    CareProfile care;
    ModbusFunction function = ModbusFunction::read_holding_registers;
    std::uint16_t address = 0;  ///< of the request; every place counts from it
    std::uint16_t count = 0;

    [[nodiscard]] ModbusRequest request() const {
        return {.unit = unit.unit, .function = function, .address = address, .operand = count};
    }
};

/// The device's own keys and its care, its profile's facts, and `function`, `address` and `count` of `request`, which
/// is the profile or a map in it; null: there is none, and that was told. `parts` are what the profile may call
/// verified, beside those of its care.
[[nodiscard]] RegisterBlock read_register_block(const ConfigNode& options, const ConfigNode& profile,
                                                const ConfigNode* request, std::vector<std::string_view> parts,
                                                std::chrono::milliseconds poll, ConfigProblems& problems);

/// What the plans of such devices share; `Settings` is a `RegisterBlock` with its driver's own beside it.
template <class Settings>
class RegisterBlockPlan : public DevicePlan {
public:
    explicit RegisterBlockPlan(Settings settings) : settings_(std::move(settings)) {}

    [[nodiscard]] const ProfileFacts& profile() const override { return settings_.facts; }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> options() const override {
        return written(settings_.unit);
    }
    [[nodiscard]] std::chrono::milliseconds idle_poll() const override { return settings_.unit.idle_poll; }
    [[nodiscard]] BusShare bus_share(const std::vector<PointSetup>& /*setups*/) const override {
        return share_of(settings_.unit, settings_.care, {settings_.request()});
    }

protected:
    [[nodiscard]] const Settings& settings() const { return settings_; }

private:
    Settings settings_;
};

}  // namespace portcullis::drivers
