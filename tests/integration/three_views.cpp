#include "tests/integration/three_views.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <memory>
#include <optional>
#include <stdexcept>

namespace portcullis::testing {
namespace {

std::string event_text(std::int64_t sequence) {
    return "event " + std::to_string(sequence);
}

/// What differs when `seen` should be event 1, 2, 3 … of the journal and nothing else.
void compare_stored(const std::string& who, const std::vector<std::string>& seen,
                    const std::vector<JournalRow>& journal, std::vector<std::string>& wrong) {
    for (std::size_t i = 0; i < seen.size(); ++i) {
        const auto expected = static_cast<std::int64_t>(i) + 1;
        if (const auto sequence = sequence_of(seen[i]); sequence != expected) {
            wrong.push_back(who + " holds " + event_text(sequence) + " where " + event_text(expected) + " belongs");
            return;
        }
        if (i < journal.size() && seen[i] != journal[i].published) {
            wrong.push_back(who + " holds other bytes of " + event_text(expected) + " than the journal");
        }
    }
    if (seen.size() != journal.size()) {
        wrong.push_back(who + " holds " + std::to_string(seen.size()) + " events, the journal " +
                        std::to_string(journal.size()));
    }
}

/// What a consumer stores of what it saw; the same sequence with other bytes is told.
std::vector<std::string> stored_of(const std::vector<std::string>& seen, const std::vector<JournalRow>& journal,
                                   std::vector<std::string>& wrong) {
    std::vector<std::string> stored;
    for (const auto& one : seen) {
        const auto sequence = sequence_of(one);
        const auto index = static_cast<std::size_t>(sequence) - 1;
        if (sequence < 1 || index >= journal.size() || one != journal[index].published) {
            wrong.push_back("the witness saw " + event_text(sequence) + " with bytes that no journal holds: " + one);
        } else if (index == stored.size()) {
            stored.push_back(one);
        }
    }
    return stored;
}

void check_chain(const std::vector<JournalRow>& journal, const central::EventSchemas& schemas,
                 std::vector<std::string>& wrong) {
    central::ChainCheck chain{schemas};
    for (std::size_t i = 0; i < journal.size(); ++i) {
        const auto name = event_text(static_cast<std::int64_t>(i) + 1);
        boost::json::error_code error;
        const auto event = boost::json::parse(journal[i].published, error);
        if (error) {
            wrong.push_back("the journal's " + name + " is no JSON");
            return;
        }
        if (const auto defect = chain.next(journal[i].published, event)) {
            wrong.push_back("the chain breaks at " + name + ": " + *defect);
            return;
        }
        if (central::hex(chain.hash()) != journal[i].hash) {
            wrong.push_back("the journal's hash of " + name + " is not the one recomputed");
        }
    }
}

std::string hex_of(const void* bytes, int size) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (int i = 0; i < size; ++i) {
        const auto byte = static_cast<const unsigned char*>(bytes)[i];
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

}  // namespace

std::int64_t sequence_of(const std::string& published) {
    boost::json::error_code error;
    const auto event = boost::json::parse(published, error);
    const auto* object = error ? nullptr : event.if_object();
    const auto* sequence = object == nullptr ? nullptr : object->if_contains("sequence");
    return sequence != nullptr && sequence->is_string() ? std::stoll(std::string{sequence->get_string()}) : 0;
}

std::int64_t complete_up_to(const std::vector<std::string>& seen) {
    std::int64_t last = 0;
    for (const auto& one : seen) {
        last += sequence_of(one) == last + 1 ? 1 : 0;
    }
    return last;
}

std::vector<std::string> differences(const ThreeViews& views, const central::EventSchemas& schemas) {
    std::vector<std::string> wrong;
    std::vector<std::string> published;
    for (const auto& row : views.journal) {
        published.push_back(row.published);
    }
    compare_stored("the journal", published, views.journal, wrong);
    check_chain(views.journal, schemas, wrong);
    compare_stored("central", views.central, views.journal, wrong);
    compare_stored("the witness", stored_of(views.witness, views.journal, wrong), views.journal, wrong);
    return wrong;
}

std::vector<JournalRow> journal_rows(const std::filesystem::path& database) {
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(database.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> connection{opened, sqlite3_close};
    sqlite3_stmt* prepared = nullptr;
    if (code == SQLITE_OK) {
        sqlite3_prepare_v2(opened, "SELECT published, hash FROM event ORDER BY sequence", -1, &prepared, nullptr);
    }
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> rows{prepared, sqlite3_finalize};
    if (prepared == nullptr) {
        throw std::runtime_error{database.string() + ": " + sqlite3_errmsg(opened)};
    }
    std::vector<JournalRow> found;
    while (sqlite3_step(prepared) == SQLITE_ROW) {
        const auto* text = static_cast<const char*>(sqlite3_column_blob(prepared, 0));
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(prepared, 0));
        found.push_back(
            {std::string{text, size}, hex_of(sqlite3_column_blob(prepared, 1), sqlite3_column_bytes(prepared, 1))});
    }
    return found;
}

}  // namespace portcullis::testing
