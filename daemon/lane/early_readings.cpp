#include "lane/early_readings.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace portcullis::lane {

std::optional<ReadingTaken> EarlyReadings::keep(ReadingTaken taken) {
    auto old = std::find_if(kept_.begin(), kept_.end(), [&](const ReadingTaken& one) {
        return one.reader == taken.reader && one.raw == taken.raw;
    });
    if (old == kept_.end() && kept_.size() >= most) {
        old = kept_.begin();
    }
    std::optional<ReadingTaken> displaced;
    if (old != kept_.end()) {
        displaced = std::move(*old);
        kept_.erase(old);
    }
    kept_.push_back(std::move(taken));
    return displaced;
}

std::vector<ReadingTaken> EarlyReadings::overdue(Instant now) {
    const auto over = std::stable_partition(kept_.begin(), kept_.end(),
                                            [&](const ReadingTaken& one) { return now - one.at <= before_its_loop; });
    std::vector<ReadingTaken> gone{std::make_move_iterator(over), std::make_move_iterator(kept_.end())};
    kept_.erase(over, kept_.end());
    return gone;
}

std::vector<ReadingTaken> EarlyReadings::hand_over() {
    return std::exchange(kept_, {});
}

std::optional<Instant> EarlyReadings::deadline() const {
    std::optional<Instant> first;
    for (const auto& one : kept_) {
        // One tick past the last moment at which a loop may still claim it.
        const auto at = one.at + before_its_loop + Instant::duration{1};
        if (!first || at < *first) {
            first = at;
        }
    }
    return first;
}

}  // namespace portcullis::lane
