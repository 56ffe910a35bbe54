#include "gate/coverage_desk.hpp"

#include <utility>

#include "codec/canonical.hpp"

namespace portcullis::gate {

namespace {

constexpr std::size_t rows_a_read = 500;
constexpr std::size_t bytes_a_read = std::size_t{4} * 1024 * 1024;
constexpr codec::JsonLimits counted_limits{std::size_t{1} * 1024 * 1024, 32};
constexpr auto type = "coverage.hour";

auto hour_of(WallTime time) {
    return std::chrono::floor<std::chrono::hours>(time);
}

}  // namespace

CoverageDesk::CoverageDesk(store::Journal& journal, Now now)
    : sheet_(journal.cut().sequence + 1, now.wall), began_(now.instant) {
    recount(journal);
}

void CoverageDesk::recount(store::Journal& journal) {
    auto next = journal.cut().sequence + 1;
    const auto newest = journal.newest_of(type);
    if (newest && newest.value()) {
        recount(*newest.value());
        next = newest.value()->sequence + 1;
    }
    bool is_first = !newest || !newest.value();
    while (next <= journal.last().sequence) {
        const auto rows = journal.read_from(next, rows_a_read, bytes_a_read);
        if (!rows || rows.value().empty()) {
            problem_ = rows ? "entry " + std::to_string(next) + " is not there" : rows.error().message;
            return;
        }
        if (std::exchange(is_first, false)) {
            sheet_ = supervision::CoverageSheet{next, rows.value().front().time};
        }
        for (const auto& row : rows.value()) {
            recount(row);
        }
        next = rows.value().back().sequence + 1;
    }
}

void CoverageDesk::recount(const store::EventRow& row) {
    if (!supervision::CoverageSheet::counts(row.type)) {
        return;
    }
    auto published = codec::parse_value(row.published, counted_limits);
    const auto* data = published ? published->find("data") : nullptr;
    if (data == nullptr) {
        problem_ = "entry " + std::to_string(row.sequence) + " cannot be read";
        return;
    }
    sheet_.count({row.type, row.subject, {{}, row.time, {}}, *data, std::nullopt}, row.sequence);
}

std::optional<Event> CoverageDesk::due(Now now, std::int64_t last) {
    const auto lasted = now.instant - began_;
    const bool other_hour = hour_of(now.wall) != hour_of(sheet_.from());
    const bool too_soon = ended_one_ && lasted < at_least;
    if (last == 0 || too_soon || (!other_hour && lasted < at_most)) {
        return std::nullopt;
    }
    began_ = now.instant;
    ended_one_ = true;
    return Event{type, "gate", now, sheet_.data(last, now.wall), std::nullopt};
}

}  // namespace portcullis::gate
