#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>

#include "core/time.hpp"

namespace portcullis::drivers {

/// What is in a reader's view: it is told of when it comes, again every `refresh` as long as it stays (somebody may
/// begin to look later), and as new when it was away for `window`. Pure and bounded: with more in view than `most`,
/// what was seen longest ago counts as gone.
class SeenWindow {
public:
    SeenWindow(std::chrono::milliseconds window, std::chrono::milliseconds refresh)
        : window_(window), refresh_(refresh) {}

    /// Seen at `at`; true when it is to be told.
    bool see(const std::string& text, Instant at);
    void clear() { seen_.clear(); }
    [[nodiscard]] std::size_t in_view() const { return seen_.size(); }

    static constexpr std::size_t most = 64;

private:
    struct Seen {
        Instant told;
        Instant last;
    };
    std::chrono::milliseconds window_;
    std::chrono::milliseconds refresh_;
    std::map<std::string, Seen, std::less<>> seen_;
};

}  // namespace portcullis::drivers
