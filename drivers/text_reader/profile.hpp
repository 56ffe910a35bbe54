#pragma once

#include <memory>
#include <set>
#include <string>

#include "drivers/device_plan.hpp"
#include "drivers/text_decoder.hpp"
#include "drivers/text_reader/line_pattern.hpp"
#include "drivers/text_reader/line_splitter.hpp"

namespace portcullis::drivers {

/// A reader that writes a line when it has seen something.
struct TextReaderSettings {
    ProfileFacts facts;
    ReadingKind kind = ReadingKind::plate;
    Face face = Face::not_applicable;
    Framing framing;
    std::chrono::milliseconds idle{500};  ///< a line that stands still for so long will not end
    Encoding encoding = Encoding::utf8;
    LinePattern pattern;
    std::set<std::string> unread;  ///< texts that mean "nothing read"
    double confidence_scale = 100;
};

/// `face` may be given by the device; everything else is the profile's.
[[nodiscard]] TextReaderSettings read_text_reader_settings(const ConfigNode& options, const ConfigNode& profile,
                                                           ConfigProblems& problems);

/// The registry's row: always a plan; what is wrong is in `problems`.
[[nodiscard]] std::unique_ptr<DevicePlan> plan_text_reader(const ConfigNode& options, const ConfigNode& profile,
                                                           ConfigProblems& problems);

}  // namespace portcullis::drivers
