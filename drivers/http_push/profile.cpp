#include "drivers/http_push/profile.hpp"

#include <algorithm>

namespace portcullis::drivers {

namespace {

using std::chrono::milliseconds;

bool is_push_path(std::string_view text) {
    return text.starts_with('/') && text.size() > 1 && text.size() <= 128 &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      std::string_view{"/._-"}.find(c) != std::string_view::npos;
           });
}

void read_pointer(const ConfigNode& fields, const char* name, std::string& pointer, ConfigProblems& problems) {
    const auto* node = fields.find(name);
    if (node == nullptr) {
        return;
    }
    pointer = node->text(problems);
    if (!is_json_pointer(pointer)) {
        node->report(problems, "`" + pointer + "` is no JSON pointer", "write it like /plate or /results/0/plate");
    }
}

void read_fields(const ConfigNode& profile, PushedFields& fields, ConfigProblems& problems) {
    const auto* node = profile.require("fields", problems);
    if (node == nullptr || !node->expect(ConfigNode::Kind::map, problems) ||
        node->require("text", problems) == nullptr) {
        return;
    }
    read_pointer(*node, "text", fields.text, problems);
    read_pointer(*node, "confidence", fields.confidence, problems);
    read_pointer(*node, "time", fields.time, problems);
    read_pointer(*node, "alive", fields.alive, problems);
}

}  // namespace

HttpPushSettings read_http_push_settings(const ConfigNode& options, const ConfigNode& profile,
                                         ConfigProblems& problems) {
    HttpPushSettings settings;
    settings.facts = read_profile_facts(profile, {"fields"}, problems);
    auto& meaning = settings.meaning;
    if (const auto* kind = profile.require("kind", problems)) {
        meaning.kind = kind->word<ReadingKind>(problems).value_or(ReadingKind::plate);
    }
    read_fields(profile, meaning.fields, problems);
    if (const auto* scale = profile.find("confidence_scale")) {
        meaning.confidence_scale = static_cast<double>(scale->integer(problems, 1, 65'535));
    }
    if (const auto* unread = profile.find("unread")) {
        for (const auto& item : unread->items()) {
            meaning.unread.insert(item.text(problems));
        }
    }
    const auto* usual_face = profile.find("face");
    const auto* own_face = options.find("face");
    if (const auto* face = own_face != nullptr ? own_face : usual_face) {
        meaning.face = face->word<Face>(problems).value_or(Face::not_applicable);
    }
    if (const auto* silent = profile.find("silent_after")) {
        settings.silent_after = silent->duration(problems, milliseconds{1'000}, milliseconds{3'600'000});
    }
    if (const auto* path = options.require("path", problems)) {
        settings.path = path->text(problems);
        if (!is_push_path(settings.path)) {
            path->report(problems, "`" + settings.path + "` is no path to push to", "write it like /lpr/front");
        }
    }
    return settings;
}

}  // namespace portcullis::drivers
