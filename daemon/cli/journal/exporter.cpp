#include "cli/journal/exporter.hpp"

#include <algorithm>
#include <utility>

#include "cli/journal/export_format.hpp"
#include "codec/canonical.hpp"
#include "core/time_text.hpp"
#include "trust/hash.hpp"

namespace portcullis::cli {
namespace {

std::string text_of_event(const std::string& published, std::string_view name) {
    const auto event = codec::parse_value(published, {longest_export_line, 32});
    const auto* value = event ? event->find(name) : nullptr;
    const auto* text = value == nullptr ? nullptr : value->get<std::string>();
    return text == nullptr ? std::string{} : *text;
}

/// Writes lines and keeps their digest.
class LineWriter {
public:
    explicit LineWriter(const std::function<bool(std::string_view)>& line) : line_(line) {}

    void write(std::string_view line) {
        going_ = going_ && line_(line);
        digest_.add(line);
        digest_.add("\n");
    }
    [[nodiscard]] bool going() const { return going_; }
    [[nodiscard]] Hash256 digest() const { return digest_.value(); }

private:
    const std::function<bool(std::string_view)>& line_;
    trust::Sha256 digest_;
    bool going_ = true;
};

/// Where the export begins: 1, or behind a signed entry.
Result<std::pair<std::int64_t, std::optional<store::HeadRow>>, std::string> beginning(JournalSource& source,
                                                                                      std::int64_t from) {
    auto where = source.page(std::max<std::int64_t>(from, 1));
    if (!where) {
        return Failure{where.error()};
    }
    const auto first = std::max(from, where->first);
    if (first > where->last) {
        return Failure{"there is no entry " + std::to_string(first) + ": the newest is " + std::to_string(where->last)};
    }
    if (first == 1) {
        return std::pair{std::int64_t{1}, std::optional<store::HeadRow>{}};
    }
    auto signed_before = source.head_up_to(first - 1);
    if (!signed_before) {
        return Failure{signed_before.error()};
    }
    if (!signed_before->heads.empty() && signed_before->heads.front().sequence >= where->first - 1) {
        return std::pair{signed_before->heads.front().sequence + 1, std::optional{signed_before->heads.front()}};
    }
    if (where->first == 1) {
        return std::pair{std::int64_t{1}, std::optional<store::HeadRow>{}};
    }
    return Failure{"the head of entry " + std::to_string(where->first - 1) +
                   ", from which the kept entries are checkable, is missing"};
}

}  // namespace

std::optional<std::string> export_journal(JournalSource& source, ExportRange range, WallTime now,
                                          const std::function<bool(std::string_view)>& line) {
    const auto begin = beginning(source, range.from);
    if (!begin) {
        return begin.error();
    }
    const auto page = source.page(begin->first);
    if (!page) {
        return page.error();
    }
    range.to = std::min(range.to, page->last);
    if (page->entries.empty() || page->entries.front().sequence != begin->first || range.to < begin->first) {
        return "there is no entry from " + std::to_string(begin->first) + " to " + std::to_string(range.to);
    }
    const auto newest = source.page(range.to);
    if (!newest || newest->entries.empty()) {
        return newest ? "entry " + std::to_string(range.to) + " is missing" : newest.error();
    }
    ExportHeader header{page->stream, begin->first, {}, page->head_key, {}, time_text(now)};
    header.gate = text_of_event(newest->entries.front().published, "source");
    header.previous =
        hash256_from_hex(text_of_event(page->entries.front().published, "previoushash")).value_or(Hash256{});
    LineWriter lines{line};
    ExportEnd end;
    const auto write_head = [&](const store::HeadRow& head) {
        // What is no JSON is written as the text that it is: an export hides no damage.
        lines.write(head_line(head.envelope).value_or(head.envelope));
        ++end.heads;
    };
    lines.write(header_line(header));
    if (begin->second) {
        write_head(*begin->second);
    }
    auto wrong = visit_entries(
        source, begin->first, range.to,
        [&](const gate::JournalPage::Entry& entry) {
            lines.write(event_line(entry.published, entry.hash));
            ++end.events;
            end.sequence = entry.sequence;
            end.hash = entry.hash;
            return lines.going();
        },
        write_head);
    if (wrong || !lines.going()) {
        return wrong;
    }
    end.sha256 = lines.digest();
    static_cast<void>(line(end_line(end)));
    return std::nullopt;
}

}  // namespace portcullis::cli
