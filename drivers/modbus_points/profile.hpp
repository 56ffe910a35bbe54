#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "drivers/device_plan.hpp"
#include "drivers/modbus_unit_settings.hpp"
#include "drivers/registers/register_value.hpp"
#include "drivers/transport/modbus_request.hpp"
#include "drivers/unit_care/care_profile.hpp"

namespace portcullis::drivers {

/// Which bit an input reads while its contact is open: dry (the module's own current) or wet (current from outside).
enum class Contact : std::uint8_t { dry, wet };

/// The register map of an I/O module: inputs and outputs as bits.
struct PointsProfile {
    ProfileFacts facts;

    struct Inputs {
        ModbusFunction function = ModbusFunction::read_discrete_inputs;
        std::uint16_t address = 0;
        std::uint16_t count = 0;
        bool dry_open_reads = true;   ///< the bit of an open dry contact
        bool wet_open_reads = false;  ///< the bit of a wet contact without current

        /// The module's own counters of each input's rising bit.
        struct Counters {
            ModbusFunction function = ModbusFunction::read_input_registers;
            std::uint16_t address = 0;  ///< of the first input's
            NumberField field;          ///< of one
        };
        std::optional<Counters> counters{};
    };
    std::optional<Inputs> inputs;

    struct Outputs {
        std::uint16_t address = 0;
        std::uint16_t count = 0;
        std::uint16_t readback = 0;
        std::optional<SafeOutput> on_host_lost;
        bool host_watchdog = true;  ///< false: what is on stays on when the host is gone

        /// Function 5 with a time as its value: the module switches the output off again by itself.
        struct Pulse {
            std::uint16_t address = 0;  ///< of the first output's
            std::chrono::milliseconds step{100};
            std::uint16_t most = 1;  ///< steps
        };
        std::optional<Pulse> pulse{};
    };
    std::optional<Outputs> outputs;

    struct Alarm {
        std::uint16_t coil = 0;  ///< reads 1 after the watchdog has fired; writing 1 clears it
        OnWatchdogAlarm then = OnWatchdogAlarm::fault;
    };
    std::optional<Alarm> alarm;
    /// The module cuts a connection that is silent for longer; polls must come faster.
    std::optional<std::chrono::milliseconds> longest_silence;
    CareProfile care;
};

/// A module of a site.
struct PointsSettings {
    PointsProfile profile;
    ModbusUnitSettings unit;
    /// A site that says nothing is taken for wet (a gate's cabinet feeds its contacts). A wrong word turns every input
    /// of the module around, which the first truck shows, but also a broken wire: so `check` tells the assumption.
    Contact contact = Contact::wet;
    bool counters = true;                          ///< the module's counters are read, where its profile has any
    bool contact_assumed = false;                  ///< the site says nothing, and it matters on this module
    std::map<PointName, SafeOutput> on_host_lost;  ///< outputs set otherwise on this module than the profile says

    /// `di3` or `do0` as a bit of its table, or nothing when the module has no such point.
    [[nodiscard]] std::optional<std::uint16_t> index_of(const PointName& point, Direction direction) const;
};

[[nodiscard]] PointsSettings read_points_settings(const ConfigNode& options, const ConfigNode& profile,
                                                  ConfigProblems& problems);

/// The registry's row: always a plan; what is wrong is in `problems`.
[[nodiscard]] std::unique_ptr<DevicePlan> plan_modbus_points(const ConfigNode& options, const ConfigNode& profile,
                                                             ConfigProblems& problems);

}  // namespace portcullis::drivers

namespace portcullis {

template <>
inline constexpr auto enum_texts<drivers::Contact> = std::to_array<EnumText<drivers::Contact>>({
    {drivers::Contact::dry, "dry"},
    {drivers::Contact::wet, "wet"},
});

}  // namespace portcullis
