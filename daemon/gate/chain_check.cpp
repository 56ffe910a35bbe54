#include "gate/chain_check.hpp"

#include <algorithm>

#include "trust/hash.hpp"

namespace portcullis::gate {

namespace {

constexpr std::size_t rows_at_once = 256;
constexpr std::size_t bytes_at_once = std::size_t{1} * 1024 * 1024;

}  // namespace

std::optional<std::string> check_chain_end(store::Journal& journal, const codec::EventWriter& writer,
                                           std::int64_t entries) {
    std::int64_t next = std::max<std::int64_t>(1, journal.last().sequence - entries + 1);
    std::optional<Hash256> previous;
    while (next <= journal.last().sequence) {
        const auto rows = journal.read_from(next, rows_at_once, bytes_at_once);
        if (!rows) {
            return rows.error().message;
        }
        if (rows->empty()) {
            return "entry " + std::to_string(next) + " is missing";
        }
        for (const auto& row : *rows) {
            const auto where = "entry " + std::to_string(row.sequence);
            const auto stored = writer.read(row.published);
            if (!stored) {
                return where + ": " + stored.error().message();
            }
            if (row.sequence != next++ || stored->stamp.sequence != row.sequence) {
                return where + " is out of its place";
            }
            if (previous && stored->stamp.previous != *previous) {
                return where + " does not follow the one before it";
            }
            if (trust::chain_hash(stored->stamp.previous, stored->record) != row.hash) {
                return where + " is not what was hashed";
            }
            previous = row.hash;
        }
    }
    return std::nullopt;
}

}  // namespace portcullis::gate
