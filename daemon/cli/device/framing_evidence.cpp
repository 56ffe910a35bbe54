#include "cli/device/framing_evidence.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "drivers/framing/framer.hpp"

namespace portcullis::cli {

using drivers::CheckCoding;
using drivers::CheckKind;
using drivers::FramingKind;
using drivers::FramingSettings;
using drivers::Mark;

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr double bits_of_a_byte = 8;
constexpr std::size_t most_examples = 3;

/// What a framing makes of all that was heard.
struct Cut {
    std::vector<Bytes> frames;
    std::vector<bool> whole_piece;  ///< the frame is what came between two pauses
    std::set<Bytes> spoilt;         ///< frames whose marks hold and whose check does not, each once
    std::size_t left_over = 0;      ///< bytes
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
                            .refused =
                                [&](std::string_view kind, const Bytes& bytes) {
                                    // Where only pauses mark a frame nothing held but the check.
                                    if (kind == "check" && framing.kind != FramingKind::silence) {
                                        made.spoilt.insert(bytes);
                                        framed += bytes.size();
                                    }
                                }}};
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

/// Bits of one frame that the framing foretells, without its check.
double foretold(const FramingSettings& framing, bool is_long) {
    double bits = bits_of_a_byte * static_cast<double>(framing.begin.size());
    if (framing.ends.size() == 1) {
        bits += bits_of_a_byte * static_cast<double>(framing.ends.front().size());
    }
    if (framing.kind == FramingKind::length) {
        // The high byte of a length says something only where a frame is long: else it may be anything that stays 0.
        bits += bits_of_a_byte * (is_long ? static_cast<double>(framing.length.width) : 1);
    }
    return bits + (framing.kind == FramingKind::silence ? 1 : 0);
}

/// Bits that one of several ends foretells, over all frames: less what it takes to say which one came.
double foretold_by_ends(const std::set<Bytes>& frames, const FramingSettings& framing) {
    std::map<std::size_t, double> counts;
    double bits = 0;
    for (const auto& frame : frames) {
        const auto end = std::find_if(framing.ends.begin(), framing.ends.end(), [&frame](const Mark& mark) {
            return frame.size() >= mark.size() && std::equal(mark.rbegin(), mark.rend(), frame.rbegin());
        });
        if (end != framing.ends.end()) {
            bits += bits_of_a_byte * static_cast<double>(end->size());
            counts[static_cast<std::size_t>(end - framing.ends.begin())] += 1;
        }
    }
    for (const auto& [end, count] : counts) {
        bits += count * std::log2(count / static_cast<double>(frames.size()));
    }
    return bits;
}

/// Bytes that end lines, in the middle of lines.
double ends_within(const std::set<Bytes>& frames) {
    std::ptrdiff_t within = 0;
    for (const auto& frame : frames) {
        const auto last =
            std::find_if(frame.rbegin(), frame.rend(), [](auto byte) { return byte != 0x0D && byte != 0x0A; });
        within += std::count_if(last, frame.rend(), [](auto byte) { return byte == 0x0D || byte == 0x0A; });
    }
    return static_cast<double>(within);
}

double foretold_by(const drivers::CheckSettings& check) {
    const auto width = static_cast<double>(drivers::check_width(check));
    return check.coding == CheckCoding::ascii_hex ? width * bits_of_a_byte / 2 : width * bits_of_a_byte;
}

/// What it costs to have chosen this one among its like: the more there are, the easier one fits by chance.
double price(const FramingSettings& framing) {
    // Nearly all devices mark their frames: pauses are the last thing to believe in.
    double bits = framing.kind == FramingKind::line ? 4 : 10;
    bits += framing.ends.size() > 1 ? bits_of_a_byte : 0;
    bits += bits_of_a_byte * static_cast<double>(framing.begin.size());
    if (framing.kind == FramingKind::length) {
        bits += 0.25 * static_cast<double>(framing.length.at + framing.length.plus + framing.length.width);
    }
    if (framing.check) {
        // Of two that hold alike the plainer one is meant. But 7 bits would fail every other time if they were 8.
        const bool of_7_bits = framing.check->kind == CheckKind::twos_complement_7;
        bits += 7 + (of_7_bits ? 0 : 0.25 * static_cast<double>(framing.check->kind));
        bits += 0.5 * static_cast<double>(framing.check->from);
    }
    return bits;
}

}  // namespace

FramingCandidate weigh_framing(const std::vector<HeardPiece>& heard, const FramingSettings& framing) {
    const auto made = cut(heard, framing);
    FramingCandidate candidate{.framing = framing,
                               .frames = made.frames.size(),
                               .explained = bytes_heard(heard) - made.left_over,
                               .heard = bytes_heard(heard),
                               .evidence = 0,
                               .examples = {}};
    constexpr std::size_t short_frame = 255;
    constexpr double of_a_spoilt_frame = 5;  // one in thirty is
    const auto different = distinct(made.frames);
    const bool is_long =
        std::any_of(different.begin(), different.end(), [](const Bytes& frame) { return frame.size() > short_frame; });
    const auto structure = foretold(framing, is_long);
    for (const auto& frame : different) {
        candidate.evidence += structure + (framing.check ? foretold_by(*framing.check) : 0);
        if (candidate.examples.size() < most_examples) {
            candidate.examples.push_back(frame);
        }
    }
    if (framing.ends.size() > 1) {
        candidate.evidence += foretold_by_ends(different, framing);
    }
    if (framing.kind == FramingKind::line) {
        constexpr double of_an_end_within = 12;
        candidate.evidence -= of_an_end_within * ends_within(different);
    }
    candidate.evidence += (structure - of_a_spoilt_frame) * static_cast<double>(made.spoilt.size());
    // Pauses stand where frames end; and that all are of one length is more than that.
    const auto whole = static_cast<double>(std::count(made.whole_piece.begin(), made.whole_piece.end(), true));
    candidate.evidence += whole * (framing.kind == FramingKind::fixed ? 5 : 2);
    candidate.evidence -= price(framing);
    candidate.evidence -= 4 * static_cast<double>(made.left_over);
    return candidate;
}

}  // namespace portcullis::cli
