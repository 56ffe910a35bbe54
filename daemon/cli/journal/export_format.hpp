#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/hash256.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"

/// Lines of an export (docs/journal.md, "Export"), each canonical JSON. The one place that knows how they are written.
namespace portcullis::cli {

inline constexpr std::string_view export_format_name = "portcullis-journal";
inline constexpr std::int64_t export_format_version = 1;
/// An entry of 1 MiB and what stands around it.
inline constexpr std::size_t longest_export_line = std::size_t{1} * 1024 * 1024 + 1024;

/// Line 1.
struct ExportHeader {
    StreamId stream;
    std::int64_t first = 1;
    Hash256 previous{};    ///< h(first − 1)
    std::string head_key;  ///< 64 hex digits, or `none`
    std::string gate;      ///< `source` of the gate's events
    std::string time;
};

/// The last line.
struct ExportEnd {
    std::int64_t sequence = 0;
    Hash256 hash{};
    std::int64_t events = 0;
    std::int64_t heads = 0;
    Hash256 sha256{};  ///< of all bytes before this line
};

/// An entry as its line holds it.
struct ExportedEvent {
    std::string_view published;  ///< not checked yet
    Hash256 hash{};
};

[[nodiscard]] std::string header_line(const ExportHeader& header);
[[nodiscard]] std::string event_line(std::string_view published, const Hash256& hash);
/// Nothing when the envelope is no JSON.
[[nodiscard]] std::optional<std::string> head_line(std::string_view envelope);
[[nodiscard]] std::string end_line(const ExportEnd& end);

[[nodiscard]] Result<ExportHeader, std::string> read_header_line(std::string_view line);
/// `published` is a part of `line`. Nothing when the line is none of an entry.
[[nodiscard]] std::optional<ExportedEvent> read_event_line(std::string_view line);
/// The envelope. Nothing when the line is none of a head, or not written as `head_line` writes it.
[[nodiscard]] std::optional<std::string> read_head_line(std::string_view line);
[[nodiscard]] Result<ExportEnd, std::string> read_end_line(std::string_view line);

}  // namespace portcullis::cli
