#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "uplink/messages.hpp"

namespace portcullis::uplink {

/// Messages of one topic that were refused for one cause.
struct InboundRefusal {
    std::string topic;  ///< below the prefix: `ack`, `replay`, `order`, `command`; `other` for any that is not ours
    InboundCause cause = InboundCause::not_json;
    std::int64_t count = 1;                             ///< since the last report of this topic and cause
    std::string detail;                                 ///< of the newest
    std::optional<std::string> payload = std::nullopt;  ///< of the newest command
};

/// Bounds what a flood of refused messages can write: the first of a topic and cause is told at once, what follows
/// within a minute is told as one.
class RefusalLog {
public:
    static constexpr std::chrono::minutes pause{1};

    /// Counts a refusal; returns what is to be told now, if anything. `topic` is one of a few known words.
    [[nodiscard]] std::optional<InboundRefusal> add(const std::string& topic, const InboundDefect& defect, Instant now);
    /// What has waited long enough.
    [[nodiscard]] std::vector<InboundRefusal> due(Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;
    /// All refusals since start.
    [[nodiscard]] std::int64_t total() const { return total_; }

private:
    struct Row {
        Instant told_at;
        std::int64_t waiting = 0;
        std::string detail;
        std::optional<std::string> payload = std::nullopt;
    };
    std::map<std::pair<std::string, InboundCause>, Row> rows_;
    std::int64_t total_ = 0;
};

}  // namespace portcullis::uplink
