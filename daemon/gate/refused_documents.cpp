#include "gate/refused_documents.hpp"

namespace portcullis::gate {

std::optional<Event> RefusedDocuments::add(const DocumentRefused& refused, const std::string& channel, Now now) {
    ++total_;
    const auto [row, is_new] = rows_.try_emplace({channel, refused.cause}, Row{now.instant, 0, refused});
    if (is_new || (row->second.waiting == 0 && now.instant >= row->second.told_at + pause)) {
        row->second.told_at = now.instant;
        return document_refused_event(refused, channel, 1, now);
    }
    ++row->second.waiting;
    row->second.newest = refused;
    return std::nullopt;
}

std::vector<Event> RefusedDocuments::due(Now now) {
    std::vector<Event> events;
    for (auto& [key, row] : rows_) {
        if (row.waiting > 0 && now.instant >= row.told_at + pause) {
            events.push_back(document_refused_event(row.newest, key.first, row.waiting, now));
            row.waiting = 0;
            row.told_at = now.instant;
        }
    }
    return events;
}

}  // namespace portcullis::gate
