#pragma once

#include <memory>
#include <optional>

#include "drivers/device_clock.hpp"
#include "drivers/device_plan.hpp"
#include "drivers/framed_stream.hpp"
#include "drivers/text_reader/frame_meaning.hpp"

namespace portcullis::drivers {

/// Of a reader that sees the same thing many times a second.
struct SameAgain {
    std::chrono::milliseconds window{};   ///< away for so long = another time
    std::chrono::milliseconds refresh{};  ///< still there: told again
};

/// A reader that writes a frame when it has seen something, or when it is asked.
struct TextReaderSettings {
    ProfileFacts facts;
    TalkSettings talk;
    MeaningSettings meaning;
    std::optional<DeviceClock> clock;
    std::optional<SameAgain> same_again;
};

/// `face` may be given by the device; everything else is the profile's.
[[nodiscard]] TextReaderSettings read_text_reader_settings(const ConfigNode& options, const ConfigNode& profile,
                                                           ConfigProblems& problems);

/// `same_again: { window: 5 s, refresh: 2 s }`.
[[nodiscard]] SameAgain read_same_again(const ConfigNode& node, ConfigProblems& problems);

/// The registry's row: always a plan; what is wrong is in `problems`.
[[nodiscard]] std::unique_ptr<DevicePlan> plan_text_reader(const ConfigNode& options, const ConfigNode& profile,
                                                           ConfigProblems& problems);

}  // namespace portcullis::drivers
