#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/command.hpp"
#include "lane/lane_io.hpp"
#include "lane/passage.hpp"

/// What a lane notes of itself so that a restart can go on (lane_io.hpp, MemoryChange).
namespace portcullis::lane {

[[nodiscard]] std::string passage_key(const PassageId& id);
[[nodiscard]] std::string command_key(const CommandId& id);

/// Everything about an open passage that cannot be seen again.
[[nodiscard]] Value note_of(const Passage& passage, const BootId& boot);
/// The passage of a note, `arriving` and without a live permission; nothing if it is no note of ours.
/// Times that were noted in another boot than `boot` are unknown.
[[nodiscard]] std::unique_ptr<Passage> passage_of(const Memory& note, const BootId& boot, Instant now);

/// A command that went to be committed: the sequence of its arm.commanded.
[[nodiscard]] Value command_note(EventToken commanded, const Value& passage);
/// The note of a radiation alarm that no person has acknowledged.
inline constexpr std::string_view radiation_key = "radiation";
[[nodiscard]] Value latch_note(RadiationLevel level, bool unowned);
/// Nothing where the note is another.
struct NotedLatch {
    RadiationLevel level = RadiationLevel::none;
    bool unowned = false;
};
[[nodiscard]] std::optional<NotedLatch> latch_of(const Memory& note);
[[nodiscard]] bool is_command(const Memory& note);

}  // namespace portcullis::lane
