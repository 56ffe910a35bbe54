#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash256.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"
#include "store/journal.hpp"

namespace portcullis::gate {

/// A part of the journal as the control socket hands it out: consecutive entries, the heads around them, and where
/// the whole stands.
struct JournalPage {
    struct Entry {
        std::int64_t sequence = 0;
        Hash256 hash{};
        std::string published;
    };

    StreamId stream;
    std::string source;      ///< of the gate's events
    std::string head_key;    ///< 64 hex digits, or `none`
    std::int64_t first = 1;  ///< the first kept entry
    Hash256 before_first{};  ///< h(first − 1)
    std::int64_t last = 0;   ///< the newest entry
    std::vector<Entry> entries;
    std::vector<store::HeadRow> heads;
};

/// How much one page holds of published text, unless one entry alone is larger: a commit waits for one page at most.
inline constexpr std::size_t page_bytes = std::size_t{512} * 1024;
inline constexpr std::size_t page_rows = 1000;

/// Entries from `from` on and their heads.
[[nodiscard]] Result<JournalPage, store::StoreFailure> page_from(store::Journal& journal, std::int64_t from);

/// The newest head of an entry up to `most`, if there is one, and no entries.
[[nodiscard]] Result<JournalPage, store::StoreFailure> page_of_head(store::Journal& journal, std::int64_t most);

/// One line of canonical JSON.
[[nodiscard]] Result<std::string, std::string> write_page(const JournalPage& page);
[[nodiscard]] Result<JournalPage, std::string> read_page(std::string_view line);

}  // namespace portcullis::gate
