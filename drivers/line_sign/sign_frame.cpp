#include "drivers/line_sign/sign_frame.hpp"

#include <algorithm>

#include "core/utf8.hpp"
#include "drivers/text_encoder.hpp"

namespace portcullis::drivers {

using std::chrono::milliseconds;

namespace {

constexpr std::string_view text_gap = "{text}";
constexpr std::string_view colour_gap = "{colour}";

/// C0, DEL and C1, or a byte of the sign's own commands, is never text.
bool is_printable(char32_t c) {
    return c >= U' ' && c != 0x7FU && (c < 0x80U || c > 0x9FU);
}

/// One character in the sign's bytes; nothing when it has none for it.
std::optional<std::string> bytes_of(char32_t c, const LineSignSettings& sign, TextEncoder& encoder) {
    if (!is_printable(c) || (c < 0x80U && sign.forbidden.find(static_cast<char>(c)) != std::string::npos)) {
        return std::nullopt;
    }
    auto utf8 = to_utf8(std::u32string_view{&c, 1});
    if (sign.encoding == SignEncoding::ascii) {
        return c < 0x80U ? std::optional{utf8} : std::nullopt;
    }
    return encoder.encode(std::move(utf8));
}

struct SignWritten {
    std::string utf8;
    std::string bytes;
};

SignWritten written_on(const LineSignSettings& sign, std::string_view words) {
    TextEncoder encoder{sign.encoding == SignEncoding::gbk ? Encoding::gbk : Encoding::utf8};
    SignWritten written;
    for (const auto c : code_points(words).value_or(std::u32string{})) {
        const auto bytes = bytes_of(c, sign, encoder);
        const auto sent = bytes.value_or(" ");
        if (written.bytes.size() + sent.size() > sign.longest) {
            break;
        }
        written.bytes += sent;
        written.utf8 += bytes ? to_utf8(std::u32string_view{&c, 1}) : " ";
    }
    return written;
}

void put(std::string& content, std::string_view gap, std::string_view value) {
    if (const auto at = content.find(gap); at != std::string::npos) {
        content.replace(at, gap.size(), value);
    }
}

std::map<SignColour, std::string> read_colours(const ConfigNode& node, ConfigProblems& problems) {
    std::map<SignColour, std::string> colours;
    if (!node.expect(ConfigNode::Kind::map, problems)) {
        return colours;
    }
    for (const auto& row : enum_texts<SignColour>) {
        if (const auto* colour = node.require(row.text, problems)) {
            colours[row.value] = colour->text(problems);
        }
    }
    return colours;
}

void read_content(const ConfigNode& profile, LineSignSettings& sign, ConfigProblems& problems) {
    const auto* content = profile.require("content", problems);
    if (content == nullptr) {
        return;
    }
    sign.content = content->text(problems);
    if (sign.content.find(text_gap) == std::string::npos) {
        content->report(problems, "no place for the text", "write `{text}` where it stands, as in `000{text}`");
    }
    const bool coloured = sign.content.find(colour_gap) != std::string::npos;
    if (const auto* colours = profile.find("colours")) {
        sign.colours = read_colours(*colours, problems);
        if (!coloured) {
            colours->report(problems, "no place for the colour in `content`", "write `{colour}` there");
        }
    } else if (coloured) {
        content->report(problems, "nobody knows what stands for a colour",
                        "add `colours: { red: ..., amber: ..., green: ... }`");
    }
}

}  // namespace

std::string shown_as(const LineSignSettings& sign, std::string_view words) {
    return written_on(sign, words).utf8;
}

std::vector<std::uint8_t> sign_frame(const LineSignSettings& sign, const SignFace& face) {
    auto content = sign.content;
    if (const auto colour = sign.colours.find(face.colour); colour != sign.colours.end()) {
        put(content, colour_gap, colour->second);
    }
    put(content, text_gap, written_on(sign, face.words).bytes);
    return framed(sign.framing, std::vector<std::uint8_t>{content.begin(), content.end()});
}

LineSignSettings read_line_sign_settings(const ConfigNode& profile, ConfigProblems& problems) {
    constexpr std::int64_t longest_text = 512;
    LineSignSettings sign;
    sign.facts = read_profile_facts(profile, {"framing", "check", "content"}, problems);
    sign.framing = read_framing(profile, problems);
    read_content(profile, sign, problems);
    if (const auto* encoding = profile.find("encoding")) {
        sign.encoding = encoding->word<SignEncoding>(problems).value_or(sign.encoding);
    }
    if (const auto* forbidden = profile.find("forbidden")) {
        sign.forbidden = forbidden->text(problems);
    }
    if (const auto* longest = profile.find("longest")) {
        sign.longest = static_cast<std::size_t>(longest->integer(problems, 1, longest_text));
    }
    if (const auto* refresh = profile.find("refresh")) {
        sign.refresh = refresh->duration(problems, milliseconds{1000}, milliseconds{3'600'000});
    }
    if (const auto* pause = profile.find("pause")) {
        sign.pause = pause->duration(problems, milliseconds{20}, milliseconds{10'000});
    }
    return sign;
}

}  // namespace portcullis::drivers
