#include "drivers/seen_window.hpp"

#include <algorithm>

namespace portcullis::drivers {

bool SeenWindow::see(const std::string& text, Instant at) {
    std::erase_if(seen_, [&](const auto& one) { return at - one.second.last >= window_; });
    const auto found = seen_.find(text);
    if (found != seen_.end()) {
        found->second.last = at;
        const bool again = at - found->second.told >= refresh_;
        found->second.told = again ? at : found->second.told;
        return again;
    }
    if (seen_.size() >= most) {
        seen_.erase(std::min_element(seen_.begin(), seen_.end(), [](const auto& one, const auto& other) {
            return one.second.last < other.second.last;
        }));
    }
    seen_.emplace(text, Seen{at, at});
    return true;
}

}  // namespace portcullis::drivers
