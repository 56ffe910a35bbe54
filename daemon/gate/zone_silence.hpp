#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/condition_watch.hpp"
#include "core/event.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"

namespace portcullis::gate {

/// Readers of inspection zones that nobody hears: what `zone_feed_silent` is about. While one is gone a box may come
/// or leave unseen, and its being late says nothing.
class ZoneSilence {
public:
    /// A reader that is restarted, or a network that is, is no silence yet.
    static constexpr std::chrono::minutes silent_after{5};

    void expect(const DeviceName& reader, std::string zone);
    /// What the reader's health is; one that has not told yet is silent.
    void heard(const DeviceName& reader, bool online);
    /// Events that begin or end a silence at `now`; `on_their_way` says how many boxes a zone waits for.
    [[nodiscard]] std::vector<Event> watch(Now now, const std::function<std::int64_t(std::string_view)>& on_their_way);

private:
    struct Reader {
        std::string zone;
        bool online = false;
        std::optional<Instant> since;
        ConditionWatch silence{"zone_feed_silent", silent_after};
    };
    std::map<DeviceName, Reader> readers_;
};

}  // namespace portcullis::gate
