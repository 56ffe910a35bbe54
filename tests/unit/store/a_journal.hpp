#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "store/journal.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::store::testing {

/// Ids 1, 2, 3 …: a new stream shows.
inline IdSource counting_ids() {
    return [next = std::uint8_t{0}]() mutable {
        std::array<std::uint8_t, 16> bytes{};
        bytes[15] = ++next;
        return bytes;
    };
}

inline Result<std::unique_ptr<Journal>, StoreFailure> try_open(const std::filesystem::path& directory,
                                                               const std::string& file_system = {}) {
    return Journal::open({directory, file_system, {}}, counting_ids());
}

inline std::unique_ptr<Journal> open_journal(const std::filesystem::path& directory,
                                             const std::string& file_system = {}) {
    auto opened = try_open(directory, file_system);
    if (!opened) {
        FAIL(opened.error().message);
    }
    return std::move(opened).value();
}

inline EventRow event(std::int64_t sequence, std::size_t bytes = 600) {
    EventRow row;
    row.sequence = sequence;
    row.hash.fill(static_cast<std::uint8_t>(sequence));
    row.type = "passage.detected";
    row.subject = "lane/out-1";
    row.time = WallTime{std::chrono::milliseconds{1'700'000'000'000 + sequence}};
    row.published = std::to_string(sequence) + std::string(bytes, 'x');
    return row;
}

/// `count` events after the journal's last.
inline JournalBatch events_after(const Journal& journal, int count) {
    JournalBatch batch;
    for (int i = 1; i <= count; ++i) {
        batch.events.push_back(event(journal.last().sequence + i));
    }
    return batch;
}

/// The sequences that are there, checked to be 1, 2, 3 … with their own text.
inline std::int64_t count_whole(Journal& journal) {
    std::int64_t count = 0;
    for (;;) {
        const auto rows = journal.read_from(count + 1, 100, std::size_t{1} << 20U);
        REQUIRE(rows.ok());
        if (rows->empty()) {
            return count;
        }
        for (const auto& row : *rows) {
            ++count;
            REQUIRE(row.sequence == count);
            REQUIRE(row.published == event(count).published);
            REQUIRE(row.hash == event(count).hash);
        }
    }
}

}  // namespace portcullis::store::testing
