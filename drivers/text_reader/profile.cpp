#include "drivers/text_reader/profile.hpp"

#include <charconv>

namespace portcullis::drivers {

using std::chrono::milliseconds;

namespace {

/// `0D 0A` to bytes; nothing when it is not pairs of hex digits with spaces between.
std::optional<std::vector<std::uint8_t>> hex_bytes(std::string_view text) {
    std::vector<std::uint8_t> bytes;
    while (!text.empty()) {
        std::uint8_t byte = 0;
        const auto pair = text.substr(0, 2);
        const auto [end, failed] = std::from_chars(pair.data(), pair.data() + pair.size(), byte, 16);
        if (pair.size() != 2 || failed != std::errc{} || end != pair.data() + 2) {
            return std::nullopt;
        }
        bytes.push_back(byte);
        text.remove_prefix(2);
        if (!text.empty()) {
            if (text.front() != ' ' || text.size() < 3) {
                return std::nullopt;
            }
            text.remove_prefix(1);
        }
    }
    return bytes;
}

std::vector<std::uint8_t> read_mark(const ConfigNode& node, ConfigProblems& problems) {
    constexpr std::size_t longest = 4;
    const auto bytes = hex_bytes(node.text(problems));
    if (!bytes || bytes->empty() || bytes->size() > longest) {
        node.report(problems, "not one to four bytes in hex", "write them like \"0D 0A\"");
        return {0x0A};
    }
    return *bytes;
}

void read_framing(const ConfigNode& node, TextReaderSettings& settings, ConfigProblems& problems) {
    if (const auto* begin = node.find("begin")) {
        settings.framing.begin = read_mark(*begin, problems);
    }
    if (const auto* end = node.require("end", problems)) {
        settings.framing.end = read_mark(*end, problems);
    }
    if (const auto* most = node.find("max_length")) {
        settings.framing.max_length = static_cast<std::size_t>(most->integer(problems, 1, 256));
    }
    if (const auto* idle = node.find("idle")) {
        settings.idle = idle->duration(problems, milliseconds{20}, milliseconds{10'000});
    }
}

void read_meaning(const ConfigNode& profile, TextReaderSettings& settings, ConfigProblems& problems) {
    if (const auto* kind = profile.require("kind", problems)) {
        settings.kind = kind->word<ReadingKind>(problems).value_or(ReadingKind::plate);
    }
    if (const auto* encoding = profile.require("encoding", problems)) {
        settings.encoding = encoding->word<Encoding>(problems).value_or(Encoding::utf8);
    }
    if (const auto* pattern = profile.require("pattern", problems)) {
        auto parsed = LinePattern::parse(pattern->text(problems));
        if (parsed) {
            settings.pattern = std::move(*parsed);
        } else {
            pattern->report(problems, parsed.error(), "describe a line like {text},{confidence}");
        }
    }
    if (const auto* scale = profile.find("confidence_scale")) {
        settings.confidence_scale = static_cast<double>(scale->integer(problems, 1, 65'535));
    }
    if (const auto* unread = profile.find("unread")) {
        for (const auto& item : unread->items()) {
            settings.unread.insert(item.text(problems));
        }
    }
}

}  // namespace

TextReaderSettings read_text_reader_settings(const ConfigNode& options, const ConfigNode& profile,
                                             ConfigProblems& problems) {
    TextReaderSettings settings;
    settings.facts = read_profile_facts(profile, {"framing", "pattern"}, problems);
    if (const auto* framing = profile.require("framing", problems)) {
        read_framing(*framing, settings, problems);
    }
    read_meaning(profile, settings, problems);
    const auto* profile_face = profile.find("face");
    const auto* face = options.find("face");
    if (face = face != nullptr ? face : profile_face; face != nullptr) {
        settings.face = face->word<Face>(problems).value_or(Face::not_applicable);
    }
    return settings;
}

}  // namespace portcullis::drivers
