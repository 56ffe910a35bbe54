#include "cli/device/interruptible.hpp"

#include <algorithm>
#include <csignal>

namespace portcullis::cli {

Interruptible::Interruptible(std::optional<std::chrono::milliseconds> most) : signals_(context_, SIGINT, SIGTERM) {
    if (most) {
        end_ = clock_.now().instant + *most;
    }
    signals_.async_wait([this](const boost::system::error_code& failed, int) { interrupted_ = !failed; });
}

bool Interruptible::over() {
    context_.poll();
    return interrupted_ || (end_ && clock_.now().instant >= *end_);
}

void Interruptible::wait(std::chrono::milliseconds time) {
    auto left = time;
    if (end_) {
        left = std::min(left, std::chrono::duration_cast<std::chrono::milliseconds>(*end_ - clock_.now().instant));
    }
    if (!over() && left.count() > 0) {
        context_.run_for(left);
    }
}

}  // namespace portcullis::cli
