#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/event.hpp"
#include "gate/document_gate.hpp"

namespace portcullis::gate {

/// Bounds what a flood of refused documents can write: the first of a channel and cause is told at once, what follows
/// within a minute is told as one, with the newest as its example.
class RefusedDocuments {
public:
    static constexpr std::chrono::minutes pause{1};

    /// Counts a refusal; returns what is to be told now, if anything.
    [[nodiscard]] std::optional<Event> add(const DocumentRefused& refused, const std::string& channel, Now now);
    /// What has waited long enough.
    [[nodiscard]] std::vector<Event> due(Now now);
    /// All refusals since start.
    [[nodiscard]] std::int64_t total() const { return total_; }

private:
    struct Row {
        Instant told_at;
        std::int64_t waiting = 0;
        DocumentRefused newest;
    };
    std::map<std::pair<std::string, codec::RefusalCause>, Row> rows_;
    std::int64_t total_ = 0;
};

}  // namespace portcullis::gate
