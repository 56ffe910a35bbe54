#include "cli/device/framing_guess.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "cli/device/framing_evidence.hpp"

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

constexpr std::size_t most_candidates = 10;
constexpr std::size_t most_looked_at = std::size_t{16} * 1024;  // bytes: more of the same proves nothing more
constexpr std::size_t checked_further = 20;                     // structures whose checks are looked for

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
        auto candidates = best(most_candidates);
        const auto good = std::find_if(candidates.begin(), candidates.end(),
                                       [](const FramingCandidate& one) { return one.evidence <= 0; });
        candidates.erase(good == candidates.begin() && good != candidates.end() ? good + 1 : good, candidates.end());
        return candidates;
    }

private:
    static FramingSettings base(FramingKind kind) {
        FramingSettings framing;
        framing.kind = kind;
        framing.max_length = 1024;
        return framing;
    }

    void consider(const FramingSettings& framing) {
        auto candidate = weigh_framing(heard_, framing);
        if (candidate.frames > 0) {
            found_.push_back(std::move(candidate));
        }
    }

    static bool is_printable(char byte) { return byte > 0x20 && byte < 0x7F; }

    /// The first one or two bytes of most pieces, and the marks that devices use.
    [[nodiscard]] std::vector<Mark> begins() const {
        std::map<std::string, std::size_t> counts;
        std::size_t pieces = 0;
        for (const auto& piece : heard_) {
            const std::string front{
                piece.bytes.begin(),
                piece.bytes.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(piece.bytes.size(), 2))};
            pieces += front.empty() ? std::size_t{0} : std::size_t{1};
            // A letter or digit behind the mark is content that did not change yet.
            const std::size_t most = front.size() > 1 && !is_printable(front[1]) ? 2 : 1;
            for (std::size_t length = 1; length <= std::min(most, front.size()); ++length) {
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
                    framing.check.reset();
                    consider(framing);
                    for (const auto& check : checks_for(framing, CheckPlace::after_end)) {
                        framing.check = check;
                        consider(framing);
                    }
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
        return {found_.begin(), found_.begin() + static_cast<std::ptrdiff_t>(std::min(most, found_.size()))};
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
    std::vector<HeardPiece> first;
    std::size_t left = most_looked_at;
    for (const auto& piece : heard) {
        first.push_back(piece);
        first.back().bytes.resize(std::min(piece.bytes.size(), left));
        left -= first.back().bytes.size();
        if (left == 0) {
            break;
        }
    }
    return Guess{first}.made();
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
