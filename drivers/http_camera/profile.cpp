#include "drivers/http_camera/profile.hpp"

#include <algorithm>

namespace portcullis::drivers {

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t largest_picture = std::int64_t{8} * 1024 * 1024;

/// Printable, without a blank, from the root: what a request line can hold.
bool is_target(std::string_view text) {
    constexpr std::size_t longest = 512;
    return text.starts_with('/') && text.size() <= longest &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f' && c != '#'; });
}

void read_path(const ConfigNode& options, const ConfigNode& profile, HttpCameraSettings& settings,
               ConfigProblems& problems) {
    const auto* usual = profile.find("path");
    const auto* own = options.find("path");
    const auto* path = own != nullptr ? own : usual;
    if (path == nullptr) {
        options.report(problems,
                       "`path` is missing: this profile does not know at which address the camera gives a picture",
                       "look it up in the camera's manual, try it in a browser, and write it like /snapshot.jpg");
        return;
    }
    settings.path = path->text(problems);
    if (!is_target(settings.path)) {
        path->report(problems, "`" + settings.path + "` is no path of an address", "write it like /snapshot.jpg");
    }
}

void read_authentication(const ConfigNode& profile, HttpCameraSettings& settings, ConfigProblems& problems) {
    const auto* node = profile.find("authentication");
    if (node == nullptr) {
        return;
    }
    settings.digest = false;
    for (const auto& item : node->items()) {
        const auto word = item.text(problems);
        settings.digest = settings.digest || word == "digest";
        settings.basic = settings.basic || word == "basic";
        if (word != "digest" && word != "basic") {
            item.report(problems, "`" + word + "` is no way to show a password", "write [digest], [basic] or both");
        }
    }
}

}  // namespace

HttpCameraSettings read_http_camera_settings(const ConfigNode& options, const ConfigNode& profile,
                                             ConfigProblems& problems) {
    HttpCameraSettings settings;
    settings.facts = read_profile_facts(profile, {"path", "authentication"}, problems);
    read_path(options, profile, settings, problems);
    read_authentication(profile, settings, problems);
    if (const auto* most = profile.find("most")) {
        settings.limits.most = static_cast<std::size_t>(most->bytes(problems, 1024, largest_picture));
    }
    if (const auto* answer = profile.find("answer_within")) {
        settings.limits.answer = answer->duration(problems, milliseconds{100}, milliseconds{10'000});
    }
    if (const auto* probe = options.find("probe")) {
        settings.probe = probe->duration(problems, milliseconds{5'000}, milliseconds{3'600'000});
    }
    return settings;
}

}  // namespace portcullis::drivers
