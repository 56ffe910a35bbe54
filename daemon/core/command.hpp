#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/enum_text.hpp"
#include "core/ids.hpp"
#include "core/observation.hpp"
#include "core/role.hpp"
#include "core/time.hpp"

namespace portcullis {

/// What the Interlock may ask of an arm (events.md, arm.commanded). A close is only ever a request, and letting go
/// of a held open contact is one.
enum class ArmCommand : std::uint8_t { up, stop, down_request, hold_release };
template <>
inline constexpr auto enum_texts<ArmCommand> = std::to_array<EnumText<ArmCommand>>({
    {ArmCommand::up, "up"},
    {ArmCommand::stop, "stop"},
    {ArmCommand::down_request, "down_request"},
    {ArmCommand::hold_release, "hold_release"},
});

/// How an output point is to be moved. The pulse's length is the point's own setting.
enum class OutputAct : std::uint8_t { on, off, pulse };
template <>
inline constexpr auto enum_texts<OutputAct> = std::to_array<EnumText<OutputAct>>({
    {OutputAct::on, "on"},
    {OutputAct::off, "off"},
    {OutputAct::pulse, "pulse"},
});

/// Unique within one process life; never used twice.
struct CommandId {
    std::uint64_t number = 0;
    friend auto operator<=>(const CommandId&, const CommandId&) = default;
};

/// What a lane asks of one of its outputs. Never retried; after `not_after` it is not written (invariant 3).
struct Command {
    CommandId id;
    Role output = Role::light_go;
    OutputAct act = OutputAct::off;
    Instant not_after;
    std::optional<PermissionId> permission;
    /// A down request, or letting go of a held open contact: right before the write the bus worker looks at the
    /// newest presence of this lane's arm inputs, and answers `withdrawn` unless all are freshly clear.
    bool needs_clear_arm = false;
};

/// What became of a command. `done` = written and read back; `unknown` = the write may or may not have acted.
enum class WriteOutcome : std::uint8_t { done, failed, expired, withdrawn, unknown };
template <>
inline constexpr auto enum_texts<WriteOutcome> = std::to_array<EnumText<WriteOutcome>>({
    {WriteOutcome::done, "done"},
    {WriteOutcome::failed, "failed"},
    {WriteOutcome::expired, "expired"},
    {WriteOutcome::withdrawn, "withdrawn"},
    {WriteOutcome::unknown, "unknown"},
});

struct CommandResult {
    CommandId id;
    WriteOutcome write = WriteOutcome::unknown;
    Signal readback = Signal::unknown;
    std::chrono::milliseconds took{};
    std::string cause;  ///< empty when done
};

}  // namespace portcullis
