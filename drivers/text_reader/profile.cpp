#include "drivers/text_reader/profile.hpp"

namespace portcullis::drivers {

using std::chrono::milliseconds;

SameAgain read_same_again(const ConfigNode& node, ConfigProblems& problems) {
    constexpr milliseconds least{100};
    constexpr milliseconds most{3'600'000};
    SameAgain same;
    if (!node.expect(ConfigNode::Kind::map, problems)) {
        return same;
    }
    if (const auto* window = node.require("window", problems)) {
        same.window = window->duration(problems, least, most);
    }
    if (const auto* refresh = node.require("refresh", problems)) {
        same.refresh = refresh->duration(problems, least, most);
    }
    return same;
}

TextReaderSettings read_text_reader_settings(const ConfigNode& options, const ConfigNode& profile,
                                             ConfigProblems& problems) {
    TextReaderSettings settings;
    const bool by_position = profile.find("fields") != nullptr;
    settings.facts = read_profile_facts(profile, {"framing", by_position ? "fields" : "pattern"}, problems);
    settings.talk = read_talk(profile, problems);
    settings.meaning = read_meaning(profile, problems);
    if (const auto* face = options.find("face")) {
        settings.meaning.face = face->word<Face>(problems).value_or(settings.meaning.face);
    }
    settings.clock = read_device_clock(profile, options, problems);
    if (const auto* same = profile.find("same_again")) {
        settings.same_again = read_same_again(*same, problems);
    }
    return settings;
}

}  // namespace portcullis::drivers
