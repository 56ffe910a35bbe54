#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "core/result.hpp"
#include "gate/journal_page.hpp"

namespace portcullis::cli {

/// Where a journal's entries come from, page by page: the running daemon, or the file when none runs.
class JournalSource {
public:
    JournalSource() = default;
    virtual ~JournalSource() = default;
    JournalSource(const JournalSource&) = delete;
    JournalSource& operator=(const JournalSource&) = delete;
    JournalSource(JournalSource&&) = delete;
    JournalSource& operator=(JournalSource&&) = delete;

    /// Entries from `from` on, with their heads; none behind the end.
    [[nodiscard]] virtual Result<gate::JournalPage, std::string> page(std::int64_t from) = 0;
    /// The newest head of an entry up to `most`, without entries.
    [[nodiscard]] virtual Result<gate::JournalPage, std::string> head_up_to(std::int64_t most) = 0;
};

/// Asks the daemon behind a control socket.
[[nodiscard]] std::unique_ptr<JournalSource> daemon_source(const std::filesystem::path& control_socket);

/// Opens `journal.db` of a state directory for reading. Refused while a daemon owns it.
[[nodiscard]] Result<std::unique_ptr<JournalSource>, std::string> file_source(const std::filesystem::path& state);

/// A journal that is open in this process, which outlives the source.
[[nodiscard]] std::unique_ptr<JournalSource> open_source(store::Journal& journal, std::string head_key);

/// Visits entries from `from` (or the first kept one) to `to` (or the newest of the first page), with the heads behind
/// them. `visit` gives false to end. Says what was wrong, or nothing.
using VisitEntry = std::function<bool(const gate::JournalPage::Entry&)>;
using VisitHead = std::function<void(const store::HeadRow&)>;
[[nodiscard]] std::optional<std::string> visit_entries(
    JournalSource& source, std::int64_t from, std::int64_t to, const VisitEntry& entry,
    const VisitHead& head = [](const store::HeadRow&) {});

}  // namespace portcullis::cli
