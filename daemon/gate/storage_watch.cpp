#include "gate/storage_watch.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "gate/views.hpp"

namespace portcullis::gate {

namespace {

using namespace std::chrono_literals;

constexpr auto sample_every = 10min;
constexpr auto rate_over = 24h;
constexpr std::uint64_t mib = 1024 * 1024;

struct Bound {
    StorageLevel level;
    std::int64_t hours;   ///< fewer than these
    std::uint64_t bytes;  ///< or fewer than these
};
constexpr Bound critical{StorageLevel::critical, 12, 64 * mib};
constexpr Bound low{StorageLevel::low, 72, 256 * mib};

StorageLevel level_of(const StorageLook& look, std::optional<std::int64_t> hours_left) {
    if (look.ballast == BallastState::given) {
        return StorageLevel::full;
    }
    for (const auto& bound : {critical, low}) {
        if ((hours_left && *hours_left < bound.hours) || (look.free_bytes && *look.free_bytes < bound.bytes)) {
            return bound.level;
        }
    }
    return StorageLevel::ok;
}

}  // namespace

std::optional<Event> StorageWatch::take(const StorageLook& look, const std::string& waiting_for, Now now) {
    view_.look = look;
    view_.hours_left = hours_left(look, now.instant);
    view_.level = level_of(look, view_.hours_left);
    const bool over = told_ == StorageLevel::full && view_.level != StorageLevel::full;
    const bool worse = view_.level > told_;
    const bool better = view_.level < told_ && now.instant >= told_at_ + better_after;
    if (!over && !worse && !better) {
        return std::nullopt;
    }
    told_ = view_.level;
    told_at_ = now.instant;
    return event_of(waiting_for, now);
}

std::optional<std::int64_t> StorageWatch::hours_left(const StorageLook& look, Instant now) {
    if (!look.used_bytes || !look.free_bytes) {
        return std::nullopt;
    }
    if (samples_.empty() || now >= samples_.back().at + sample_every) {
        samples_.push_back({now, *look.used_bytes});
    }
    while (now - samples_.front().at > rate_over && samples_.size() > 1) {
        samples_.pop_front();
    }
    const auto& oldest = samples_.front();
    const auto passed = std::chrono::duration_cast<std::chrono::seconds>(now - oldest.at);
    if (passed < sample_every || *look.used_bytes <= oldest.used) {
        return std::nullopt;
    }
    const auto grown = *look.used_bytes - oldest.used;
    const auto seconds =
        static_cast<double>(*look.free_bytes) / static_cast<double>(grown) * static_cast<double>(passed.count());
    constexpr double most_hours = 24 * 365 * 100;  // beyond it nobody counts
    return static_cast<std::int64_t>(std::min(seconds / 3600, most_hours));
}

Event StorageWatch::event_of(const std::string& waiting_for, Now now) const {
    auto data = storage_members(view_);
    data.push_back({"waiting_for", waiting_for});
    return {"journal.storage", "gate", now, Value{std::move(data)}, std::nullopt};
}

}  // namespace portcullis::gate
