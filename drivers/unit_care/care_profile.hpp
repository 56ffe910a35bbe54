#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/config_node.hpp"
#include "core/enum_text.hpp"
#include "core/observation.hpp"
#include "drivers/registers/register_value.hpp"
#include "drivers/transport/modbus_request.hpp"

/// What a profile says of the module itself, beside its points: what it is, how it has to be set, how it is kept
/// alive, and how one sees that it has restarted.
namespace portcullis::drivers {

/// Registers of the module and what they hold: a number, a text, or words as they stand (`6060 0000`).
struct CareRegisters {
    ModbusFunction function = ModbusFunction::read_holding_registers;
    std::uint16_t address = 0;
    std::uint16_t count = 1;
    std::variant<std::monostate, NumberField, TextField> as{};
};

/// What an answer to a probe tells.
enum class ProbeTells : std::uint8_t { product, firmware, serial, layout };

/// How many points of the device a number must say.
enum class PointCount : std::uint8_t { inputs, outputs };

/// One read by which the module is known. Without anything expected it is only told.
struct IdentityProbe {
    ProbeTells tells = ProbeTells::product;
    CareRegisters registers;
    std::string expect;  ///< as its value is written; empty = see below
    std::optional<std::int64_t> least;
    std::optional<std::int64_t> most;
    std::optional<PointCount> expect_count;
};

/// A register that the module must hold: read, written when it differs, read back.
struct ModuleSetting {
    std::string name;
    std::uint16_t address = 0;
    std::uint16_t value = 0;
};

/// A register that is given another value again and again.
struct Heartbeat {
    std::uint16_t address = 0;
    std::chrono::milliseconds every{500};
};

/// What to do when the module says that its host watchdog has fired.
enum class OnWatchdogAlarm : std::uint8_t { fault, clear };

/// The state of the module's host watchdog, as a number.
struct WatchdogState {
    CareRegisters registers;
    std::int64_t running = 1;
    std::int64_t fired = 2;  ///< anything else: it does not run, as after a restart of the module
    OnWatchdogAlarm then = OnWatchdogAlarm::fault;
    std::vector<ModuleSetting> clear;  ///< written in this order, not read back
};

/// How one sees that the module has restarted, and how often one looks.
struct RestartWatch {
    std::optional<CareRegisters> uptime;  ///< going back = restarted
    std::optional<WatchdogState> watchdog;
    std::chrono::milliseconds every{2000};
};

/// Most that one request of this product takes.
struct RequestLimits {
    std::uint16_t bits = most_bits_read;
    std::uint16_t registers = most_registers_read;
};

/// A way round something that a product does wrong.
enum class WorkaroundKind : std::uint8_t { read_back_within };

struct Workaround {
    WorkaroundKind kind = WorkaroundKind::read_back_within;
    std::chrono::milliseconds time{};
    std::string why;
};

struct CareProfile {
    std::string product;  ///< of the profile, for texts
    std::vector<IdentityProbe> identity;
    std::vector<ModuleSetting> settings;
    std::optional<Heartbeat> heartbeat;
    RestartWatch restart;
    RequestLimits limits;
    std::vector<Workaround> workarounds;

    [[nodiscard]] bool watches() const { return restart.uptime || restart.watchdog; }
    [[nodiscard]] std::chrono::milliseconds read_back_within() const;
};

/// `identity`, `settings`, `heartbeat`, `restart`, `limits` and `workarounds` of any Modbus profile.
[[nodiscard]] CareProfile read_care_profile(const ConfigNode& profile, ConfigProblems& problems);

/// Where the technician says a device's `serial_number`, a probe that tells it has to tell that one.
void expect_serial(CareProfile& care, const ConfigNode& options);

/// Parts of a profile that these keys are, for `verified`.
void add_care_parts(const ConfigNode& profile, std::vector<std::string_view>& parts);

/// One line each: what the profile works round, and why.
[[nodiscard]] std::vector<std::string> workaround_remarks(const CareProfile& care);

/// What registers hold, as a profile's `expect` writes it; nothing when they hold no such value.
[[nodiscard]] std::optional<std::string> value_text(const CareRegisters& registers,
                                                    const std::vector<std::uint16_t>& values);
[[nodiscard]] std::optional<std::int64_t> value_number(const CareRegisters& registers,
                                                       const std::vector<std::uint16_t>& values);

}  // namespace portcullis::drivers

namespace portcullis {

template <>
inline constexpr auto enum_texts<drivers::ProbeTells> = std::to_array<EnumText<drivers::ProbeTells>>({
    {drivers::ProbeTells::product, "product"},
    {drivers::ProbeTells::firmware, "firmware"},
    {drivers::ProbeTells::serial, "serial"},
    {drivers::ProbeTells::layout, "layout"},
});
template <>
inline constexpr auto enum_texts<drivers::PointCount> = std::to_array<EnumText<drivers::PointCount>>({
    {drivers::PointCount::inputs, "inputs"},
    {drivers::PointCount::outputs, "outputs"},
});
template <>
inline constexpr auto enum_texts<drivers::OnWatchdogAlarm> = std::to_array<EnumText<drivers::OnWatchdogAlarm>>({
    {drivers::OnWatchdogAlarm::fault, "fault"},
    {drivers::OnWatchdogAlarm::clear, "clear"},
});
template <>
inline constexpr auto enum_texts<drivers::WorkaroundKind> = std::to_array<EnumText<drivers::WorkaroundKind>>({
    {drivers::WorkaroundKind::read_back_within, "read_back_within"},
});

}  // namespace portcullis
