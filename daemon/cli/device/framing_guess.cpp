#include "cli/device/framing_guess.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "drivers/framing/framer.hpp"

namespace portcullis::cli {

using drivers::CheckCoding;
using drivers::CheckKind;
using drivers::CheckPlace;
using drivers::CheckSettings;
using drivers::FieldOrder;
using drivers::FramingKind;
using drivers::FramingSettings;
using drivers::Mark;

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr double bits_of_a_byte = 8;
constexpr std::size_t most_candidates = 10;
constexpr std::size_t most_examples = 3;
constexpr std::size_t checked_further = 12;  // structures whose checks are looked for

/// What a framing makes of all that was heard.
struct Cut {
    std::vector<Bytes> frames;
    std::vector<bool> whole_piece;  ///< the frame is what came between two pauses
    std::size_t refused = 0;
    std::size_t left_over = 0;  ///< bytes
};

std::size_t bytes_heard(const std::vector<HeardPiece>& heard) {
    std::size_t count = 0;
    for (const auto& piece : heard) {
        count += piece.bytes.size();
    }
    return count;
}

Cut cut(const std::vector<HeardPiece>& heard, const FramingSettings& framing) {
    Cut made;
    std::size_t framed = 0;
    drivers::Framer framer{framing,
                           {.frame =
                                [&](const drivers::Frame& frame) {
                                    made.frames.push_back(frame.bytes);
                                    framed += frame.bytes.size();
                                },
                            .refused = [&](std::string_view /*kind*/, const Bytes& /*bytes*/) { ++made.refused; }}};
    Instant at{};
    for (const auto& piece : heard) {
        at += std::chrono::milliseconds{1};
        switch (piece.what) {
            case HeardPiece::What::bytes: {
                const auto before = made.frames.size();
                framer.bytes(piece.bytes, at);
                if (framing.kind == FramingKind::silence) {
                    framer.silence();
                }
                for (auto i = before; i < made.frames.size(); ++i) {
                    made.whole_piece.push_back(made.frames[i].size() == piece.bytes.size());
                }
                break;
            }
            case HeardPiece::What::silence:
                framer.silence();
                break;
            case HeardPiece::What::damaged:
                framer.damaged(at);
                break;
        }
        made.whole_piece.resize(made.frames.size(), false);
    }
    framer.silence();
    made.whole_piece.resize(made.frames.size(), false);
    const auto all = bytes_heard(heard);
    made.left_over = all - std::min(all, framed);
    return made;
}

/// Frames that say something new: a repeated one proves nothing again.
std::set<Bytes> distinct(const std::vector<Bytes>& frames) {
    return {frames.begin(), frames.end()};
}

/// Bits of one frame that the framing foretells.
double foretold(const FramingSettings& framing) {
    double bits = bits_of_a_byte * static_cast<double>(framing.begin.size());
    if (!framing.ends.empty()) {
        bits += bits_of_a_byte * static_cast<double>(framing.ends.front().size());
    }
    switch (framing.kind) {
        case FramingKind::line:
            break;
        case FramingKind::length:
            bits += bits_of_a_byte * static_cast<double>(framing.length.width);
            break;
        case FramingKind::fixed:
            bits += 2;
            break;
        case FramingKind::silence:
            bits += 1;
            break;
    }
    if (framing.check) {
        const auto width = static_cast<double>(drivers::check_width(*framing.check));
        bits += framing.check->coding == CheckCoding::ascii_hex ? width * bits_of_a_byte / 2 : width * bits_of_a_byte;
    }
    return bits;
}

/// What it costs to have chosen this one among its like: the more there are, the easier one fits by chance.
double price(const FramingSettings& framing) {
    double bits = 0;
    switch (framing.kind) {
        case FramingKind::line:
            bits += 4;
            break;
        case FramingKind::length:
            bits += 12;
            break;
        case FramingKind::fixed:
            bits += 10;
            break;
        case FramingKind::silence:
            bits += 4;
            break;
    }
    bits += bits_of_a_byte * static_cast<double>(framing.begin.size());
    bits += framing.check ? 7 : 0;
    if (framing.check) {
        // Of two that hold alike the plainer one is meant.
        bits += 0.25 * static_cast<double>(framing.check->kind) + 0.5 * static_cast<double>(framing.check->from);
    }
    bits +=
        framing.kind == FramingKind::length ? 0.25 * static_cast<double>(framing.length.at + framing.length.plus) : 0;
    return bits;
}

FramingCandidate judged(const std::vector<HeardPiece>& heard, const FramingSettings& framing) {
    const auto made = cut(heard, framing);
    FramingCandidate candidate{.framing = framing,
                               .frames = made.frames.size(),
                               .explained = bytes_heard(heard) - made.left_over,
                               .heard = bytes_heard(heard),
                               .evidence = 0,
                               .examples = {}};
    const auto different = distinct(made.frames);
    for (const auto& frame : different) {
        candidate.evidence += foretold(framing);
        if (candidate.examples.size() < most_examples) {
            candidate.examples.push_back(frame);
        }
    }
    const auto whole = static_cast<double>(std::count(made.whole_piece.begin(), made.whole_piece.end(), true));
    candidate.evidence += 2 * whole;  // pauses stand where frames end
    candidate.evidence -= price(framing);
    candidate.evidence -= 4 * static_cast<double>(made.left_over) + 2 * static_cast<double>(made.refused);
    return candidate;
}

/// Ways that checks are made, for frames of this shape.
std::vector<CheckSettings> checks_for(const FramingSettings& framing, CheckPlace place) {
    std::vector<CheckSettings> checks;
    std::set<std::size_t> froms{0, framing.begin.size()};
    if (framing.begin.size() != 1) {
        froms.insert(1);
    }
    for (const auto& row : enum_texts<CheckKind>) {
        const bool is_crc = row.value >= CheckKind::crc16_modbus;
        for (const auto coding : {CheckCoding::binary, CheckCoding::ascii_hex}) {
            // A binary check before the end mark of a line could look like that mark: no device does so.
            if (framing.kind == FramingKind::line && coding == CheckCoding::binary && place == CheckPlace::before_end) {
                continue;
            }
            for (const auto order : {FieldOrder::low_first, FieldOrder::high_first}) {
                if (!is_crc && order == FieldOrder::low_first) {
                    continue;
                }
                for (const auto from : froms) {
                    checks.push_back({row.value, coding, order, place, from});
                }
            }
        }
    }
    return checks;
}

class Guess {
public:
    explicit Guess(const std::vector<HeardPiece>& heard) : heard_(heard) {}

    std::vector<FramingCandidate> made() {
        lines();
        lengths();
        fixed();
        consider(base(FramingKind::silence));
        with_checks();
        return best(most_candidates);
    }

private:
    static FramingSettings base(FramingKind kind) {
        FramingSettings framing;
        framing.kind = kind;
        framing.max_length = 1024;
        return framing;
    }

    void consider(const FramingSettings& framing) {
        auto candidate = judged(heard_, framing);
        if (candidate.frames > 0) {
            found_.push_back(std::move(candidate));
        }
    }

    /// The first one or two bytes of most pieces, and the marks that devices use.
    [[nodiscard]] std::vector<Mark> begins() const {
        std::map<std::string, std::size_t> counts;
        std::size_t pieces = 0;
        for (const auto& piece : heard_) {
            const std::string front{
                piece.bytes.begin(),
                piece.bytes.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(piece.bytes.size(), 2))};
            pieces += front.empty() ? 0 : 1;
            for (std::size_t length = 1; length <= front.size(); ++length) {
                ++counts[front.substr(0, length)];
            }
        }
        std::vector<Mark> begins{{}};
        for (const auto& [mark, count] : counts) {
            if (count * 2 > pieces) {
                begins.emplace_back(mark.begin(), mark.end());
            }
        }
        return begins;
    }

    void lines() {
        const std::vector<Mark> ends{{0x0D, 0x0A}, {0x0A}, {0x0D}, {0x03}, {0x03, 0x0D, 0x0A}, {0x03, 0x0D}};
        const std::vector<Mark> starts{{}, {0x02}, {0x01}, {0x0A}};
        for (const auto& end : ends) {
            for (const auto& begin : starts) {
                auto framing = base(FramingKind::line);
                framing.begin = begin;
                framing.ends = {end};
                consider(framing);
                for (const auto& check : checks_for(framing, CheckPlace::after_end)) {
                    framing.check = check;
                    consider(framing);
                }
            }
        }
        lines_with_any_end();
    }

    /// A device whose firmware versions end their lines otherwise.
    void lines_with_any_end() {
        auto framing = base(FramingKind::line);
        framing.ends = {{0x0D, 0x0A}, {0x0D}, {0x0A}};
        consider(framing);
        if (!found_.empty()) {
            found_.back().evidence -= bits_of_a_byte;  // less is said by it
        }
    }

    void lengths() {
        constexpr std::size_t furthest = 4;
        constexpr std::size_t most_plus = 7;
        for (const auto& begin : begins()) {
            for (std::size_t at = begin.size(); at <= begin.size() + furthest; ++at) {
                for (const std::size_t width : {1U, 2U}) {
                    for (const auto order : {FieldOrder::high_first, FieldOrder::low_first}) {
                        if (width == 1 && order == FieldOrder::low_first) {
                            continue;
                        }
                        for (std::size_t plus = 0; plus <= most_plus; ++plus) {
                            auto framing = base(FramingKind::length);
                            framing.begin = begin;
                            framing.length = {at, width, order, plus};
                            consider(framing);
                        }
                    }
                }
            }
        }
    }

    void fixed() {
        std::set<std::size_t> totals;
        for (const auto& piece : heard_) {
            if (piece.bytes.size() > 2) {
                totals.insert(piece.bytes.size());
            }
        }
        for (const auto total : totals) {
            if (totals.size() > 8) {
                break;  // pieces of every length are no frames of one
            }
            for (const auto& begin : begins()) {
                auto framing = base(FramingKind::fixed);
                framing.begin = begin;
                framing.total = total;
                consider(framing);
                for (const auto end : std::array<std::uint8_t, 3>{0x03, 0x0D, 0x0A}) {
                    framing.ends = {{end}};
                    consider(framing);
                }
            }
        }
    }

    void with_checks() {
        for (const auto& structure : best(checked_further)) {
            if (structure.framing.check) {
                continue;
            }
            auto framing = structure.framing;
            for (const auto& check : checks_for(framing, CheckPlace::before_end)) {
                framing.check = check;
                consider(framing);
            }
        }
    }

    [[nodiscard]] std::vector<FramingCandidate> best(std::size_t most) {
        std::stable_sort(found_.begin(), found_.end(),
                         [](const auto& one, const auto& other) { return one.evidence > other.evidence; });
        std::vector<FramingCandidate> first;
        for (const auto& candidate : found_) {
            if (first.size() >= most) {
                break;
            }
            if (candidate.evidence > 0 || first.empty()) {
                first.push_back(candidate);
            }
        }
        return first;
    }

    const std::vector<HeardPiece>& heard_;
    std::vector<FramingCandidate> found_;
};

std::string mark_text(const Mark& mark) {
    static const std::map<std::uint8_t, std::string> names{
        {0x01, "SOH"}, {0x02, "STX"}, {0x03, "ETX"}, {0x0A, "LF"}, {0x0D, "CR"}};
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (const auto byte : mark) {
        const auto name = names.find(byte);
        text += text.empty() ? "" : " ";
        text += name != names.end() ? name->second : std::string{digits[byte >> 4U], digits[byte & 15U]};
    }
    return text;
}

}  // namespace

std::vector<FramingCandidate> guess_framing(const std::vector<HeardPiece>& heard) {
    return Guess{heard}.made();
}

std::string framing_text(const FramingSettings& framing) {
    std::string text = framing.begin.empty() ? "" : mark_text(framing.begin) + " … ";
    switch (framing.kind) {
        case FramingKind::line: {
            std::string ends;
            for (const auto& end : framing.ends) {
                ends += (ends.empty() ? "" : " or ") + mark_text(end);
            }
            text += "lines that end with " + ends;
            break;
        }
        case FramingKind::length:
            text += "frames whose byte " + std::to_string(framing.length.at) +
                    (framing.length.width == 2 ? " and the next one count" : " counts") + " them less " +
                    std::to_string(framing.length.plus);
            break;
        case FramingKind::fixed:
            text += "frames of " + std::to_string(framing.total) + " bytes";
            text += framing.ends.empty() ? "" : " that end with " + mark_text(framing.ends.front());
            break;
        case FramingKind::silence:
            text += "frames between pauses";
            break;
    }
    if (framing.check) {
        text += ", " + std::string{text_of(framing.check->kind)};
        text += framing.check->coding == CheckCoding::ascii_hex ? " in hex digits" : "";
        text += framing.check->place == CheckPlace::after_end ? " after the end mark" : "";
        text += framing.check->from > 0 ? " from byte " + std::to_string(framing.check->from) : "";
    }
    return text;
}

}  // namespace portcullis::cli
