#include "tests/fault/tampers/cases.hpp"

#include <algorithm>
#include <utility>

#include "cli/journal/export_format.hpp"
#include "cli/journal/signed_head.hpp"
#include "tests/support/sample_journal.hpp"
#include "trust/hash.hpp"

namespace portcullis::fault {
namespace {

using Take = std::function<void(const Case&)>;

bool is_event(const std::string& line) {
    return cli::read_event_line(line).has_value();
}

/// What differs between two exports: one stretch of lines, and the last line.
std::vector<Edit> edits_between(const Lines& before, const Lines& after) {
    const auto both = std::min(before.size(), after.size());
    std::size_t same = 0;
    while (same < both && before[same] == after[same]) {
        ++same;
    }
    std::size_t end = 1;  // lines that are the same at the end, not counting the last
    while (end < both - std::min(both, same) && before[before.size() - 1 - end] == after[after.size() - 1 - end]) {
        ++end;
    }
    const auto offset = [&](std::size_t line) {
        return text_of(Lines{before.begin(), before.begin() + static_cast<std::ptrdiff_t>(line)}).size();
    };
    const auto part = [](const Lines& lines, std::size_t from, std::size_t to) {
        return from >= to ? std::string{}
                          : text_of(Lines{lines.begin() + static_cast<std::ptrdiff_t>(from),
                                          lines.begin() + static_cast<std::ptrdiff_t>(to)});
    };
    if (same == both) {  // one goes on where the other ends
        return {{offset(same), part(before, same, before.size()).size(), part(after, same, after.size())}};
    }
    const auto end_of = [&](const Lines& lines) { return std::max(same, lines.size() - end); };
    std::vector<Edit> edits{
        {offset(same), part(before, same, end_of(before)).size(), part(after, same, end_of(after))}};
    if (before.back() != after.back() && end_of(before) < before.size()) {
        edits.push_back({offset(before.size() - 1), before.back().size() + 1, after.back() + "\n"});
    }
    return edits;
}

/// Makes cases of one base, each as it is and with the end that fits it.
class Tamperer {
public:
    Tamperer(const Base& base, const Take& take) : base_(base), take_(take) {}

    void as_it_is(const std::string& what, const Lines& lines) { give(what, lines); }
    void sealed(const std::string& what, Lines lines) {
        seal(lines);
        give(what + ", sealed", lines);
    }
    void both(const std::string& what, const Lines& lines) {
        as_it_is(what, lines);
        sealed(what, lines);
    }

private:
    void give(const std::string& what, const Lines& lines) {
        if (lines != base_.lines) {
            take_({&base_, what, true, edits_between(base_.lines, lines)});
        }
    }

    const Base& base_;
    const Take& take_;
};

void flip_bits(const Base& base, const HowMany& how_many, const Take& take) {
    const auto text = base.text();
    for (std::size_t bit = 0; bit < text.size() * 8; bit += how_many.bit_step) {
        const auto at = bit / 8;
        const auto changed = static_cast<char>(static_cast<unsigned char>(text[at]) ^ (1U << (bit % 8)));
        take({&base, "flip", false, {{at, 1, std::string(1, changed)}}});
    }
}

Lines replaced(const Lines& lines, std::size_t at, std::string line) {
    auto changed = lines;
    changed[at] = std::move(line);
    return changed;
}

std::string with(std::string text, std::string_view before, const std::string& put, std::size_t length) {
    const auto at = text.find(before);
    return at == std::string::npos ? text : text.replace(at + before.size(), length, put);
}

/// One entry or head after the other is left out, doubled, exchanged, foreign, or changed and hashed anew.
void tamper_with_line(const Base& base, const Base& foreign, const codec::EventWriter& writer, std::size_t at,
                      Tamperer& tamperer) {
    const auto& lines = base.lines;
    const auto place = static_cast<std::ptrdiff_t>(at);
    auto without = lines;
    without.erase(without.begin() + place);
    tamperer.as_it_is("delete", without);
    if (is_event(lines[at])) {
        tamperer.sealed("delete", without);  // a head that is left out changes no entry, and the kept one vouches
    }
    auto doubled = lines;
    doubled.insert(doubled.begin() + place, lines[at]);
    tamperer.both("duplicate", doubled);
    if (at + 2 < lines.size()) {
        auto swapped = lines;
        std::swap(swapped[at], swapped[at + 1]);
        tamperer.both("swap", swapped);
    }
    auto inserted = lines;
    inserted.insert(inserted.begin() + place, foreign.lines[std::min(at, foreign.lines.size() - 2)]);
    tamperer.both("insert", inserted);
    tamperer.as_it_is("truncate", Lines{lines.begin(), lines.begin() + place});
    auto truncated = Lines{lines.begin(), lines.begin() + place};
    truncated.push_back(lines.back());
    if (is_event(lines[at])) {
        tamperer.both("truncate", truncated);
    }
    const auto entry = cli::read_event_line(lines[at]);
    if (!entry) {
        return;
    }
    const std::string zeros(64, '0');
    tamperer.both("hash", replaced(lines, at, with(lines[at], "},\"hash\":\"", zeros, 64)));
    tamperer.both("hash", replaced(lines, at, cli::event_line(entry->published, trust::sha256("other"))));
    tamperer.both("previous hash",
                  replaced(lines, at, with(lines[at], "\"previoushash\":\"", std::string(64, 'a'), 64)));
    auto stored = writer.read(entry->published).value();
    stored.event.at.wall += std::chrono::milliseconds{1};
    if (stored.stamp.salt) {
        const auto written = writer.write(stored.event, stored.stamp).value();
        tamperer.both(
            "changed entry",
            replaced(lines, at,
                     cli::event_line(written.published, trust::chain_hash(stored.stamp.previous, written.record))));
    }
}

/// All entries from line `from` on say something else and are chained anew; heads of them are `forge`d, or left out.
Lines rewritten(const Base& base, const codec::EventWriter& writer, std::size_t from,
                const std::function<std::string(const codec::EventStamp&, const Hash256&)>& forge) {
    Lines lines{base.lines.begin(), base.lines.begin() + static_cast<std::ptrdiff_t>(from)};
    codec::EventStamp stamp;
    Hash256 hash{};
    for (auto i = from; i + 1 < base.lines.size(); ++i) {
        if (const auto entry = cli::read_event_line(base.lines[i])) {
            auto stored = writer.read(entry->published).value();
            stamp = stored.stamp;
            stamp.previous = i == from ? stamp.previous : hash;
            stored.event.at.wall += std::chrono::milliseconds{1};
            if (!stamp.salt) {
                stamp.salt.emplace();
                stored.event.type = "stream.closing";
                stored.event.data = Object{{"reason", "signal"}, {"open_passages", 0}};
            }
            const auto written = writer.write(stored.event, stamp).value();
            hash = trust::chain_hash(stamp.previous, written.record);
            lines.push_back(cli::event_line(written.published, hash));
        } else if (const auto head = forge(stamp, hash); !head.empty()) {
            lines.push_back(head == "kept" ? base.lines[i] : cli::head_line(head).value());
        }
    }
    lines.push_back(base.lines.back());
    return lines;
}

void rewrite_tails(const Base& base, const codec::EventWriter& writer, const HowMany& how_many, Tamperer& tamperer) {
    const auto forger = trust::SigningKey::from_seed(std::string(64, '7')).value();
    std::size_t entries = 0;
    for (std::size_t at = 1; at + 1 < base.lines.size(); ++at) {
        if (!is_event(base.lines[at]) || entries++ % how_many.tail_step != 0) {
            continue;
        }
        const auto keep = [](const codec::EventStamp&, const Hash256&) { return std::string{"kept"}; };
        const auto drop = [](const codec::EventStamp&, const Hash256&) { return std::string{}; };
        const auto sign = [&](const codec::EventStamp& stamp, const Hash256& hash) {
            return portcullis::testing::signed_head(forger, stamp.stream, stamp.sequence, hash);
        };
        tamperer.sealed("rewrite, heads kept", rewritten(base, writer, at, keep));
        tamperer.sealed("rewrite, heads left out", rewritten(base, writer, at, drop));
        auto forged = rewritten(base, writer, at, sign);
        tamperer.sealed("rewrite, heads forged", forged);
        forged[0] = with(forged[0], "\"head_key\":\"", forger.public_key().text(), 64);
        tamperer.sealed("rewrite, heads and key forged", forged);
    }
}

void tamper_with_header(const Base& base, const Base& foreign, Tamperer& tamperer) {
    const auto& header = base.lines[0];
    tamperer.both("header", replaced(base.lines, 0, foreign.lines[0]));
    tamperer.both("header", replaced(base.lines, 0, with(header, "\"head_key\":\"", foreign.head_key, 64)));
    tamperer.both("header", replaced(base.lines, 0, with(header, "\"head_key\":", "\"none\"", 66)));
    tamperer.both("header", replaced(base.lines, 0, with(header, "\"first\":", "7", 1)));
    tamperer.both("header", replaced(base.lines, 0, with(header, "\"previous\":\"", std::string(64, 'b'), 64)));
    tamperer.both("header", replaced(base.lines, 0, with(header, "\"stream\":\"", std::string(32, 'c'), 32)));
    tamperer.both("header", replaced(base.lines, 0, with(header, "\"gate\":\"/", "P", 1)));
    tamperer.both("header", replaced(base.lines, 0, with(header, "\"version\":", "2", 1)));
}

}  // namespace

void each_tamper(const Bases& bases, const codec::EventWriter& writer, const HowMany& how_many, const Take& take) {
    flip_bits(bases.small, how_many, take);
    for (const auto* base : {&bases.whole, &bases.cut}) {
        Tamperer tamperer{*base, take};
        tamper_with_header(*base, bases.foreign, tamperer);
        for (std::size_t at = 1; at + 1 < base->lines.size(); at += how_many.line_step) {
            tamper_with_line(*base, bases.foreign, writer, at, tamperer);
        }
        rewrite_tails(*base, writer, how_many, tamperer);
        auto after = base->lines;
        after.push_back(after[1]);
        tamperer.as_it_is("after the end", after);
    }
    // Signed by the gate itself, each good alone: only what somebody kept shows that something else had followed.
    take({&bases.older_image, "older image", true, {}});
    take({&bases.fork, "older image that went on", true, {}});
    Tamperer foreign{bases.whole, take};
    foreign.as_it_is("another gate's", bases.foreign.lines);
}

void each_truncation_without_heads(const Bases& bases, const HowMany& how_many, const Take& take) {
    const auto& lines = bases.whole.lines;
    for (std::size_t at = 2; at + 1 < lines.size(); at += how_many.line_step) {
        Lines truncated{lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(at)};
        truncated.push_back(lines.back());
        seal(truncated);
        if (truncated.size() < lines.size() && is_event(lines[at])) {
            take({&bases.whole, "truncate, sealed, nothing kept", false, edits_between(lines, truncated)});
        }
    }
}

std::string text_of(const Case& one, const std::string& base_text) {
    std::string text;
    std::size_t at = 0;
    for (const auto& edit : one.edits) {
        text.append(base_text, at, edit.at - at).append(edit.put);
        at = edit.at + edit.cut;
    }
    return text.append(base_text, at);
}

}  // namespace portcullis::fault
