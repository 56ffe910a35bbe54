#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "cli/journal/journal_source.hpp"
#include "gate/event_filter.hpp"

/// `portcullis journal`: each command returns the exit code, 0 when all went well and held, 1 when not.
namespace portcullis::cli {

/// Whose journal, and where to write.
struct JournalPlace {
    std::filesystem::path control_socket{"/run/portcullis/control"};
    std::filesystem::path state;  ///< of a gate whose daemon does not run: its file is opened; empty = ask the daemon
    /// How far a long work is: entries done, and of how many. Empty when nobody watches.
    std::function<void(std::int64_t done, std::int64_t of)> progress;
};

struct VerifyOptions {
    std::filesystem::path file;   ///< an export; empty = the journal itself
    std::filesystem::path heads;  ///< kept elsewhere, one envelope a line
    std::vector<std::string> keys;
};

struct ExportOptions {
    std::int64_t from = 1;
    std::int64_t to = std::numeric_limits<std::int64_t>::max();
    std::filesystem::path file;  ///< empty = `out`
};

struct EraseOptions {
    gate::EventFilter which;
    std::string reason;
    std::string actor;
};

[[nodiscard]] int verify_journal(const JournalPlace& place, const VerifyOptions& options, std::ostream& out,
                                 std::ostream& errors);
/// One line an event; with `json` the event as it is published.
[[nodiscard]] int show_journal(const JournalPlace& place, const gate::EventFilter& which, bool json, std::ostream& out,
                               std::ostream& errors);
[[nodiscard]] int export_journal_file(const JournalPlace& place, const ExportOptions& options, std::ostream& out,
                                      std::ostream& errors);
[[nodiscard]] int replay_journal(const JournalPlace& place, std::int64_t from, const std::string& destination,
                                 std::ostream& out, std::ostream& errors);
[[nodiscard]] int erase_in_journal(const JournalPlace& place, const EraseOptions& options, std::ostream& out,
                                   std::ostream& errors);

/// `2026-11-23`, `2026-11-23T01:02`, `…:03`, `…:03.004`, with or without `Z`, as the one form of a wall time (UTC).
/// Nothing for what is no time.
[[nodiscard]] std::optional<std::string> full_time(const std::string& text);

}  // namespace portcullis::cli
