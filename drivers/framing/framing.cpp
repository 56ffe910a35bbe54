#include "drivers/framing/framing.hpp"

#include <algorithm>
#include <charconv>

namespace portcullis::drivers {

using std::chrono::milliseconds;

namespace {

constexpr std::int64_t longest_frame = 1024;

Mark read_mark(const ConfigNode& node, ConfigProblems& problems) {
    constexpr std::size_t longest = 8;
    const auto bytes = hex_bytes(node.text(problems));
    if (!bytes || bytes->empty() || bytes->size() > longest) {
        node.report(problems, "not one to eight bytes in hex", "write them like \"0D 0A\"");
        return {0x0A};
    }
    return *bytes;
}

void read_ends(const ConfigNode& node, FramingSettings& framing, ConfigProblems& problems) {
    if (node.kind() != ConfigNode::Kind::sequence) {
        framing.ends.push_back(read_mark(node, problems));
        return;
    }
    for (const auto& item : node.items()) {
        framing.ends.push_back(read_mark(item, problems));
    }
    if (framing.ends.empty() || framing.kind != FramingKind::line) {
        node.report(problems, "only a line ends with one of several marks, and with one at least");
    }
}

LengthField read_length_field(const ConfigNode& node, ConfigProblems& problems) {
    constexpr std::int64_t furthest = 16;
    LengthField field;
    if (!node.expect(ConfigNode::Kind::map, problems)) {
        return field;
    }
    if (const auto* at = node.require("at", problems)) {
        field.at = static_cast<std::size_t>(at->integer(problems, 0, furthest));
    }
    if (const auto* width = node.find("width")) {
        field.width = static_cast<std::size_t>(width->integer(problems, 1, 2));
    }
    if (const auto* order = node.find("order")) {
        field.order = order->word<FieldOrder>(problems).value_or(field.order);
    }
    if (const auto* plus = node.require("plus", problems)) {
        field.plus = static_cast<std::size_t>(plus->integer(problems, 0, furthest));
    }
    return field;
}

void read_limits(const ConfigNode& node, FramingSettings& framing, ConfigProblems& problems) {
    if (const auto* most = node.find("max_length")) {
        framing.max_length = static_cast<std::size_t>(most->integer(problems, 1, longest_frame));
    }
    if (const auto* idle = node.find("idle")) {
        framing.idle = idle->duration(problems, milliseconds{5}, milliseconds{10'000});
    }
}

/// What no device can be told apart by, or what would end a frame in its own check.
void refuse_what_cannot_be(const ConfigNode& node, const FramingSettings& framing, ConfigProblems& problems) {
    if (framing.kind == FramingKind::line && framing.check && framing.check->coding == CheckCoding::binary &&
        framing.check->place == CheckPlace::before_end) {
        node.report(problems, "a binary check before the end mark can look like the end mark",
                    "frame it by `fixed` or `length`");
    }
    if (framing.check && framing.check->place == CheckPlace::after_end && framing.ends.empty()) {
        node.report(problems, "the check stands after an end mark that is not there",
                    "give `end`, or leave out `place`");
    }
}

}  // namespace

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

FramingSettings read_framing(const ConfigNode& profile, ConfigProblems& problems) {
    FramingSettings framing;
    const auto* node = profile.require("framing", problems);
    if (node == nullptr || !node->expect(ConfigNode::Kind::map, problems)) {
        return framing;
    }
    if (const auto* kind = node->find("kind")) {
        framing.kind = kind->word<FramingKind>(problems).value_or(framing.kind);
    }
    if (const auto* begin = node->find("begin")) {
        framing.begin = read_mark(*begin, problems);
    }
    if (const auto* end = framing.kind == FramingKind::line ? node->require("end", problems) : node->find("end")) {
        read_ends(*end, framing, problems);
    }
    if (framing.kind == FramingKind::length) {
        if (const auto* field = node->require("length", problems)) {
            framing.length = read_length_field(*field, problems);
        }
    }
    if (framing.kind == FramingKind::fixed) {
        if (const auto* total = node->require("total", problems)) {
            framing.total = static_cast<std::size_t>(total->integer(problems, 1, longest_frame));
        }
    }
    read_limits(*node, framing, problems);
    if (const auto* check = profile.find("check")) {
        framing.check = read_check(*check, problems);
    }
    refuse_what_cannot_be(*node, framing, problems);
    return framing;
}

std::vector<std::uint8_t> framed(const FramingSettings& framing, std::span<const std::uint8_t> content) {
    constexpr unsigned low = 0xFF;
    std::vector<std::uint8_t> frame = framing.begin;
    frame.insert(frame.end(), content.begin(), content.end());
    const auto& end = framing.ends.empty() ? Mark{} : framing.ends.front();
    const auto width = framing.check ? check_width(*framing.check) : 0;
    if (framing.kind == FramingKind::length && framing.length.at + framing.length.width <= frame.size()) {
        const auto counted = frame.size() + end.size() + width - framing.length.plus;
        for (std::size_t i = 0; i < framing.length.width; ++i) {
            const auto from_low = framing.length.order == FieldOrder::low_first ? i : framing.length.width - 1 - i;
            frame[framing.length.at + i] = static_cast<std::uint8_t>((counted >> (8U * from_low)) & low);
        }
    }
    const bool after = framing.check && framing.check->place == CheckPlace::after_end;
    if (after) {
        frame.insert(frame.end(), end.begin(), end.end());
    }
    if (framing.check) {
        const auto from = std::min(framing.check->from, frame.size());
        const auto check = check_bytes(*framing.check, std::span{frame}.subspan(from));
        frame.insert(frame.end(), check.begin(), check.end());
    }
    if (!after) {
        frame.insert(frame.end(), end.begin(), end.end());
    }
    return frame;
}

}  // namespace portcullis::drivers
