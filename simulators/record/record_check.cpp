#include "simulators/record/record_check.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <fstream>
#include <memory>
#include <stdexcept>

#include "core/time_text.hpp"

namespace portcullis::record {

namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

constexpr auto oldest_command = 5s;
constexpr int rows_looked_at = 2000;
constexpr auto database_name = "journal.db";
constexpr std::size_t most_unread = 1000;
/// A copy of a long journal is recovered, read and removed.
constexpr auto reading_most = 60s;

using LogHeader = std::array<char, 32>;

/// The first bytes of the write-ahead log: its salts change whenever it is started anew.
LogHeader header_of(const std::filesystem::path& log) {
    LogHeader header{};
    std::ifstream{log, std::ios::binary}.read(header.data(), header.size());
    return header;
}

struct Event {
    std::int64_t sequence = 0;
    std::string type;
    json::object data;
    WallTime time;
};

/// The newest events of one lane, newest first.
std::vector<Event> newest_events(const std::filesystem::path& file, const std::string& lane) {
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> database{opened, sqlite3_close};
    if (code != SQLITE_OK) {
        throw std::runtime_error{"cannot open " + file.string()};
    }
    sqlite3_stmt* prepared = nullptr;
    sqlite3_prepare_v2(opened,
                       "SELECT sequence, published FROM event WHERE sequence > (SELECT max(sequence) FROM event) "
                       "- ?1 AND subject = ?2 ORDER BY sequence DESC",
                       -1, &prepared, nullptr);
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> rows{prepared, sqlite3_finalize};
    if (prepared == nullptr) {
        throw std::runtime_error{file.string() + ": " + sqlite3_errmsg(opened)};
    }
    const auto subject = "lane/" + lane;
    sqlite3_bind_int(prepared, 1, rows_looked_at);
    sqlite3_bind_text(prepared, 2, subject.c_str(), -1, SQLITE_TRANSIENT);
    std::vector<Event> events;
    while (sqlite3_step(prepared) == SQLITE_ROW) {
        const auto text = [&](int column) {
            const auto* bytes = static_cast<const char*>(sqlite3_column_blob(prepared, column));
            return std::string{bytes, static_cast<std::size_t>(sqlite3_column_bytes(prepared, column))};
        };
        const auto published = json::parse(text(1)).as_object();
        events.push_back({sqlite3_column_int64(prepared, 0), std::string{published.at("type").as_string()},
                          published.at("data").as_object(),
                          time_from_text(std::string{published.at("time").as_string()}).value_or(WallTime{})});
    }
    return events;
}

/// The newest event of a type for which `fits`; `events` are newest first.
template <class Fits>
const Event* newest(const std::vector<Event>& events, std::string_view name, Fits fits) {
    const auto type = "portcullis." + std::string{name} + ".v1";
    const auto found = std::find_if(events.begin(), events.end(),
                                    [&](const Event& event) { return event.type == type && fits(event); });
    return found == events.end() ? nullptr : &*found;
}

Allowance judge(const std::vector<Event>& events, WallTime now) {
    const auto* commanded = newest(events, "arm.commanded", [](const Event&) { return true; });
    if (commanded == nullptr || commanded->data.at("command") != "up") {
        return {0, "no arm.commanded up"};
    }
    if (now - commanded->time > oldest_command) {
        return {0, "arm.commanded " + std::to_string(commanded->sequence) + " is too old"};
    }
    const auto& permission = commanded->data.at("permission_id");
    const auto same_permission = [&](const Event& event) { return event.data.at("permission_id") == permission; };
    const auto* began = newest(events, "permission.began", same_permission);
    if (began == nullptr || began->sequence > commanded->sequence) {
        return {0, "no permission.began before arm.commanded " + std::to_string(commanded->sequence)};
    }
    if (newest(events, "permission.ended", same_permission) != nullptr) {
        return {0, "the permission of arm.commanded " + std::to_string(commanded->sequence) + " has ended"};
    }
    const auto basis = began->data.at("basis_sequence");
    const auto* verdict = newest(events, "verdict.issued", [&](const Event& event) { return event.sequence == basis; });
    const auto opens = [](const json::value& outcome) { return outcome == "release" || outcome == "inspect"; };
    if (verdict == nullptr || !opens(verdict->data.at("outcome")) ||
        verdict->data.at("passage") != commanded->data.at("passage") ||
        began->data.at("passage") != commanded->data.at("passage")) {
        return {0, "no verdict.issued of that passage that opens"};
    }
    const auto superseded = [&](const Event& event) { return event.data.at("old_sequence") == basis; };
    if (newest(events, "verdict.superseded", superseded) != nullptr) {
        return {0, "verdict.issued " + std::to_string(verdict->sequence) + " was superseded"};
    }
    return {commanded->sequence, ""};
}

}  // namespace

std::filesystem::path copy_journal(const std::filesystem::path& state, const std::filesystem::path& into) {
    constexpr int most_tries = 20;
    constexpr auto overwrite = std::filesystem::copy_options::overwrite_existing;
    const auto database = state / database_name;
    const auto log = state / "journal.db-wal";
    std::filesystem::create_directories(into);
    for (int i = 0; i < most_tries; ++i) {
        const auto before = header_of(log);
        std::filesystem::copy_file(database, into / database_name, overwrite);
        std::filesystem::copy_file(log, into / "journal.db-wal", overwrite);
        // While the log is not started anew it holds every page that a checkpoint writes meanwhile.
        if (header_of(into / "journal.db-wal") == before) {
            return into / database_name;
        }
    }
    throw std::runtime_error{"the log of " + database.string() + " is started anew all the time"};
}

Allowance find_allowance(const std::filesystem::path& database, const std::string& lane, WallTime now) {
    return judge(newest_events(database, lane), now);
}

RecordCheck::RecordCheck(std::filesystem::path scratch, const runtime::Clock& clock)
    : scratch_(std::move(scratch)), reading_({"record", most_unread, reading_most}, clock) {}

void RecordCheck::arm_goes_up(const std::filesystem::path& state, const std::string& gate, const std::string& lane,
                              WallTime now) {
    ++arm_ups_;
    ArmUp write{gate, lane, now, scratch_ / ("arm-up-" + std::to_string(arm_ups_)), {}};
    try {
        copy_journal(state, write.copy);
    } catch (const std::exception& error) {
        write.not_copied = error.what();
    }
    if (!reading_.post([this, write = std::move(write)] { judge(write); })) {
        throw std::runtime_error{"more than " + std::to_string(most_unread) + " copies of journals are unread"};
    }
}

void RecordCheck::judge(const ArmUp& write) {
    auto missing = write.not_copied;
    if (missing.empty()) {
        try {
            const auto allowance = find_allowance(write.copy / database_name, write.lane, write.at);
            missing = allowance.missing;
            if (missing.empty() && !seen_.emplace(write.gate, allowance.commanded).second) {
                missing = "arm.commanded " + std::to_string(allowance.commanded) + " was written before";
            }
        } catch (const std::exception& error) {
            missing = error.what();
        }
    }
    if (missing.empty()) {
        std::filesystem::remove_all(write.copy);
    } else {
        without_record_.push_back(write.gate + " " + write.lane + ": " + missing);
    }
}

void RecordCheck::finish() {
    reading_.stop();
}

}  // namespace portcullis::record
