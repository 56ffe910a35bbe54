#include "cli/device/profile_skeleton.hpp"

#include <algorithm>

namespace portcullis::cli {

using drivers::CheckCoding;
using drivers::CheckPlace;
using drivers::FieldOrder;
using drivers::FramingKind;
using drivers::FramingSettings;

namespace {

std::string quoted_mark(const drivers::Mark& mark) {
    return "\"" + spaced_hex(mark) + "\"";
}

std::string check_yaml(const drivers::CheckSettings& check) {
    std::string text = "check:\n  kind: " + std::string{text_of(check.kind)} + "\n";
    if (check.coding != CheckCoding::binary) {
        text += "  coding: " + std::string{text_of(check.coding)} + "\n";
    }
    if (check.order != FieldOrder::high_first) {
        text += "  order: " + std::string{text_of(check.order)} + "\n";
    }
    if (check.place != CheckPlace::before_end) {
        text += "  place: " + std::string{text_of(check.place)} + "\n";
    }
    return text + (check.from > 0 ? "  from: " + std::to_string(check.from) + "\n" : "");
}

}  // namespace

std::string framing_yaml(const FramingSettings& framing) {
    std::string text = "framing:\n";
    if (framing.kind != FramingKind::line) {
        text += "  kind: " + std::string{text_of(framing.kind)} + "\n";
    }
    if (!framing.begin.empty()) {
        text += "  begin: " + quoted_mark(framing.begin) + "\n";
    }
    if (framing.ends.size() == 1) {
        text += "  end: " + quoted_mark(framing.ends.front()) + "\n";
    } else if (!framing.ends.empty()) {
        std::string marks;
        for (const auto& end : framing.ends) {
            marks += (marks.empty() ? "" : ", ") + quoted_mark(end);
        }
        text += "  end: [" + marks + "]\n";
    }
    if (framing.kind == FramingKind::length) {
        const auto& field = framing.length;
        text += "  length: { at: " + std::to_string(field.at) + ", width: " + std::to_string(field.width);
        text += field.order == FieldOrder::low_first ? ", order: low_first" : "";
        text += ", plus: " + std::to_string(field.plus) + " }\n";
    }
    if (framing.kind == FramingKind::fixed) {
        text += "  total: " + std::to_string(framing.total) + "\n";
    }
    text += "  max_length: " + std::to_string(framing.max_length) + "\n";
    return text + (framing.check ? check_yaml(*framing.check) : "");
}

std::string profile_skeleton(const FramingCandidate& candidate) {
    constexpr std::size_t least = 32;
    auto framing = candidate.framing;
    std::size_t longest = 0;
    for (const auto& example : candidate.examples) {
        longest = std::max(longest, example.size());
    }
    framing.max_length = std::clamp<std::size_t>(longest * 2, least, 1024);
    std::string text =
        "# FILL IN what this device is, and what it writes\n"
        "product: FILL IN maker and model\n"
        "driver: text_reader\n"
        "source: heard on the line; FILL IN the manual, its page, and the date\n"
        "verified: []\n";
    text += framing_yaml(framing);
    text +=
        "encoding: utf-8       # or gbk\n"
        "pattern: \"{text}\"     # FILL IN the fields of a frame (docs/profiles.md)\n"
        "kind: document        # FILL IN container, plate, seal, tag or document\n";
    return text;
}

std::vector<HeardPiece> heard_in(const std::vector<RecordedPiece>& pieces) {
    std::vector<HeardPiece> heard;
    for (const auto& piece : pieces) {
        switch (piece.what) {
            case RecordedPiece::What::bytes:
                heard.push_back({HeardPiece::What::bytes, piece.bytes});
                break;
            case RecordedPiece::What::silence:
            case RecordedPiece::What::wait:
                heard.push_back({HeardPiece::What::silence, {}});
                break;
            case RecordedPiece::What::damaged:
                heard.push_back({HeardPiece::What::damaged, {}});
                break;
            case RecordedPiece::What::sent:
            case RecordedPiece::What::show:
                break;
        }
    }
    return heard;
}

}  // namespace portcullis::cli
