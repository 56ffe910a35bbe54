#include "uplink/refusal_log.hpp"

#include <algorithm>

namespace portcullis::uplink {

std::optional<InboundRefusal> RefusalLog::add(const std::string& topic, const InboundDefect& defect, Instant now) {
    ++total_;
    const auto [row, is_new] = rows_.try_emplace({topic, defect.cause}, Row{now, 0, {}, std::nullopt});
    if (is_new || (row->second.waiting == 0 && now >= row->second.told_at + pause)) {
        row->second.told_at = now;
        return InboundRefusal{topic, defect.cause, 1, defect.detail, defect.payload};
    }
    ++row->second.waiting;
    row->second.detail = defect.detail;
    row->second.payload = defect.payload;
    return std::nullopt;
}

std::vector<InboundRefusal> RefusalLog::due(Instant now) {
    std::vector<InboundRefusal> facts;
    for (auto& [key, row] : rows_) {
        if (row.waiting > 0 && now >= row.told_at + pause) {
            facts.push_back({key.first, key.second, row.waiting, row.detail, row.payload});
            row = {now, 0, {}, std::nullopt};
        }
    }
    return facts;
}

std::optional<Instant> RefusalLog::deadline() const {
    std::optional<Instant> first;
    for (const auto& [key, row] : rows_) {
        if (row.waiting > 0) {
            first = first ? std::min(*first, row.told_at + pause) : row.told_at + pause;
        }
    }
    return first;
}

}  // namespace portcullis::uplink
