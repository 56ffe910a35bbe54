#pragma once

#include <chrono>
#include <map>
#include <string>

namespace portcullis::fault {

/// How far calls go beyond what they were allowed, by what the peer does.
struct CallsOver {
    struct Over {
        std::chrono::nanoseconds most{0};
        std::chrono::nanoseconds machine{0};  ///< what plain sleeps took too long meanwhile
    };
    std::map<std::string, Over> by_peer;
    std::size_t calls = 0;
};

/// Asks peers that hang, drip, babble or are not there, on a line, over TCP and behind a terminal server, so many times
/// with each of three times allowed. What goes beyond the aim while plain sleeps do too is the machine's, and measured
/// again, a few times at most.
[[nodiscard]] CallsOver measure_calls(int rounds, std::chrono::nanoseconds aim);

}  // namespace portcullis::fault
