#include "store/history_tables.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace portcullis::store {
namespace {

constexpr std::string_view no_enterprise = "unknown";

std::int64_t milliseconds(WallTime time) {
    return time.time_since_epoch().count();
}

WallTime wall_time(std::int64_t ms) {
    return WallTime{std::chrono::milliseconds{ms}};
}

PassageId passage_at(const Statement& row, int column) {
    std::array<std::uint8_t, 16> bytes{};
    const auto stored = row.bytes(column);
    std::copy_n(stored.begin(), std::min(stored.size(), bytes.size()), bytes.begin());
    return PassageId{bytes};
}

/// A box that nobody saw has not left.
constexpr BoxHistory never_seen{Tristate::no, std::nullopt};

BoxHistory history_at(const Statement& row) {
    switch (enum_from<BoxPlace>(row.text(0)).value_or(BoxPlace::unknown)) {
        case BoxPlace::inside:
            return {Tristate::no, wall_time(row.integer(1))};
        case BoxPlace::outside:
            return {Tristate::yes, std::nullopt};
        case BoxPlace::unknown:
            break;
    }
    return {};
}

}  // namespace

void HistoryTables::write(std::int64_t sequence, const HistoryChange& change) {
    for (const auto& seen : change.plates) {
        put_visit_.bind(sequence)
            .bind(seen.plate)
            .bind(seen.passage.bytes())
            .bind(seen.lane.text())
            .bind(milliseconds(seen.at))
            .run();
    }
    for (const auto& box : change.boxes) {
        put_box_.bind(static_cast<std::int64_t>(box.container.packed()))
            .bind(text_of(box.place))
            .bind(milliseconds(box.at))
            .bind(text_of(box.laden))
            .bind(box.enterprise)
            .bind(sequence)
            .run();
    }
    for (const auto& one : change.named) {
        put_named_.bind(one.authority.text()).bind(one.order.text()).bind(sequence).run();
    }
    if (++changes_ % bounds_.trim_every == 0) {
        trim();
    }
}

void HistoryTables::trim() {
    trim_visits_.bind(bounds_.visits).run();
    trim_boxes_.bind(bounds_.boxes).run();
    trim_named_.bind(bounds_.named).run();
}

void HistoryTables::erase(std::int64_t sequence) {
    delete_visit_.bind(sequence).run();
}

void HistoryTables::cut(std::int64_t through) {
    delete_visits_.bind(through).run();
    delete_named_.bind(through).run();
}

std::vector<OrderNamed> HistoryTables::named() {
    std::vector<OrderNamed> named;
    auto row = database_.prepare("SELECT authority, order_id FROM named_order");
    while (row.step()) {
        named.push_back({Authority{row.text(0)}, OrderId{row.text(1)}});
    }
    return named;
}

/// Plates of one vehicle are one visit, and so are the entries of one passage: it began with the first.
void HistoryTables::add_visits(const HistoryQuestion& question, HistoryFound& found) {
    std::map<PassageId, Visit> by_passage;
    for (const auto& plate : question.plates) {
        Use select{select_visits_.bind(plate).bind(static_cast<std::int64_t>(2 * HistoryFound::most_visits))};
        while (select->step()) {
            const auto passage = passage_at(select_visits_, 0);
            if (passage == question.passage) {
                continue;
            }
            const Visit seen{wall_time(select->integer(2)), select->text(1)};
            const auto [visit, fresh] = by_passage.emplace(passage, seen);
            if (!fresh && seen.at < visit->second.at) {
                visit->second = seen;
            }
        }
    }
    for (auto& [passage, visit] : by_passage) {
        found.visits.push_back(std::move(visit));
    }
    std::stable_sort(found.visits.begin(), found.visits.end(),
                     [](const Visit& left, const Visit& right) { return left.at > right.at; });
    if (found.visits.size() > HistoryFound::most_visits) {
        found.visits.resize(HistoryFound::most_visits);
    }
}

HistoryFound HistoryTables::answer(const HistoryQuestion& question) {
    HistoryFound found;
    add_visits(question, found);
    for (const auto& box : question.boxes) {
        const Use select{select_box_.bind(static_cast<std::int64_t>(box.packed()))};
        found.boxes.emplace_back(box, select_box_.step() ? history_at(select_box_) : never_seen);
    }
    for (const auto& enterprise : question.enterprises) {
        if (enterprise == no_enterprise) {
            continue;
        }
        const Use select{count_inside_.bind(enterprise)};
        found.boxes_inside[enterprise] = count_inside_.step() ? count_inside_.integer(0) : 0;
    }
    return found;
}

}  // namespace portcullis::store
