#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/enum_text.hpp"
#include "core/ids.hpp"
#include "core/picture.hpp"
#include "core/radiation.hpp"
#include "core/seal_state.hpp"
#include "core/time.hpp"
#include "core/vocabulary.hpp"
#include "core/weight.hpp"

namespace portcullis {

/// Of an input after its wiring sense is applied: `on` = vehicle present, limit reached, button pressed.
/// `unknown` = stale, offline, faulty: a value of its own, never equal to the last one (design.md 1, stale).
enum class Signal : std::uint8_t { off, on, unknown };
template <>
inline constexpr auto enum_texts<Signal> = std::to_array<EnumText<Signal>>({
    {Signal::off, "off"},
    {Signal::on, "on"},
    {Signal::unknown, "unknown"},
});

/// An input point as read. Sent at each change with `equal_reads` 1, once more when the second equal read has come
/// (`equal_reads` 2), and again with 2 after the device came back. `on` acts at the first read; `off` frees
/// anything only at the second (design.md 3).
struct InputSeen {
    Signal signal = Signal::unknown;
    std::uint8_t equal_reads = 1;
};

enum class ReadingKind : std::uint8_t { container, plate, seal, tag, document, size_type };
template <>
inline constexpr auto enum_texts<ReadingKind> = std::to_array<EnumText<ReadingKind>>({
    {ReadingKind::container, "container"},
    {ReadingKind::plate, "plate"},
    {ReadingKind::seal, "seal"},
    {ReadingKind::tag, "tag"},
    {ReadingKind::document, "document"},
    {ReadingKind::size_type, "size_type"},
});

/// The face of the vehicle or box that a reader looks at.
enum class Face : std::uint8_t { front, rear, left, right, roof, not_applicable };
template <>
inline constexpr auto enum_texts<Face> = std::to_array<EnumText<Face>>({
    {Face::front, "front"},
    {Face::rear, "rear"},
    {Face::left, "left"},
    {Face::right, "right"},
    {Face::roof, "roof"},
    {Face::not_applicable, "na"},
});

/// What a reader of electronic seals says beside a seal's number. Nothing that it does not say is guessed.
struct SealFacts {
    std::string kind;  ///< the reader's own word, or empty
    SealState state = SealState::unknown;
    std::optional<int> battery_permille;
    friend bool operator==(const SealFacts&, const SealFacts&) = default;
};

/// One text that a reader saw. `raw` is what came over the wire decoded to UTF-8, unchanged; an empty `raw` is the
/// reader's own word for "nothing read".
struct Reading {
    ReadingKind kind = ReadingKind::container;
    Face face = Face::not_applicable;
    std::string raw;
    std::optional<int> confidence;  ///< 0–100, or nothing: a missing confidence is unknown, not 0 and not 100
    std::string device_time;        ///< the reader's own clock as it wrote it, or empty
    std::optional<SealFacts> seal;  ///< of `ReadingKind::seal`, where the reader tells more than a number
};

enum class DeviceState : std::uint8_t { online, offline, fault, restarted };
template <>
inline constexpr auto enum_texts<DeviceState> = std::to_array<EnumText<DeviceState>>({
    {DeviceState::online, "online"},
    {DeviceState::offline, "offline"},
    {DeviceState::fault, "fault"},
    {DeviceState::restarted, "restarted"},
});

/// A change of a device's health. Online only after a good read in this connection (peers.md 6).
struct HealthChanged {
    DeviceState state = DeviceState::offline;
    std::string cause;
};

/// Bad frames of one kind since the last report, at most one report a minute (events.md, device.bad_frame).
struct BadFrames {
    std::string kind;  ///< e.g. `crc`, `length`, `unit`, `protocol`, `too_long`, `encoding`, `late`
    std::int64_t count = 0;
    std::vector<std::uint8_t> sample;  ///< at most 64 bytes
};

/// Counts since the last summary, on each full hour (events.md, device.summary).
struct DeviceSummary {
    std::chrono::seconds window{};
    std::int64_t polls = 0;
    std::int64_t errors = 0;
    std::int64_t readings = 0;
    std::chrono::milliseconds p99{};
    /// How far the device's own clock was ahead of ours when it last told it; negative = behind.
    std::optional<std::chrono::milliseconds> clock_skew;
};

/// What the device says it is, after a contact that read it. Empty where it does not tell.
struct DeviceIdentity {
    std::string model;
    std::string serial;
    std::string firmware;
    friend bool operator==(const DeviceIdentity&, const DeviceIdentity&) = default;
};

/// What a line scanner says stands on the vehicle in front of it. Said on each change; `unknown` while it does not
/// work.
struct LoadSeen {
    Load load = Load::unknown;
    LoadPosition position = LoadPosition::not_applicable;  ///< of a single 20 ft box
    friend bool operator==(const LoadSeen&, const LoadSeen&) = default;
};

/// What a device saw. `at` is taken at the wire; a stale value never gets a fresh time.
struct Observation {
    DeviceName device;
    PointName point;  ///< empty for readings, pictures, health, frames and summaries
    Instant at;
    std::variant<InputSeen, Reading, HealthChanged, BadFrames, DeviceSummary, DeviceIdentity, Picture, WeightSeen,
                 LoadSeen, RadiationSeen>
        what;
};

}  // namespace portcullis
