#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "cli/journal/export_verifier.hpp"
#include "cli/journal/exporter.hpp"
#include "core/time_text.hpp"
#include "tests/support/sample_journal.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::cli::testing {

using portcullis::testing::SampleJournal;

/// An export's lines, without their line ends.
using Lines = std::vector<std::string>;

inline std::string text_of(const Lines& lines) {
    std::string text;
    for (const auto& line : lines) {
        text += line + "\n";
    }
    return text;
}

inline Lines exported(JournalSource& source, ExportRange range = {}) {
    Lines lines;
    const auto wrong =
        export_journal(source, range, time_from_text("2026-11-24T00:00:00.000Z").value(), [&](std::string_view line) {
            lines.emplace_back(line);
            return true;
        });
    if (wrong) {
        throw std::runtime_error{*wrong};
    }
    return lines;
}

/// The end of an export as it must be for the lines before it: what anybody can write.
inline void seal(Lines& lines) {
    const auto read = read_end_line(lines.back());
    ExportEnd end = read ? *read : ExportEnd{};
    lines.pop_back();
    end.events = 0;
    end.heads = 0;
    for (const auto& line : lines) {
        if (const auto event = read_event_line(line)) {
            ++end.events;
            end.hash = event->hash;
        } else if (read_head_line(line)) {
            ++end.heads;
        }
    }
    end.sequence = read_header_line(lines.front())->first - 1 + end.events;
    end.sha256 = trust::sha256(text_of(lines));
    lines.push_back(end_line(end));
}

/// A journal of a few dozen entries, three heads, one of its entries erased.
struct SampleExport {
    store::testing::TemporaryDirectory folder;
    SampleJournal sample{folder.path()};
    std::unique_ptr<JournalSource> source = open_source(sample.journal(), sample.head_key());

    SampleExport() {
        sample.write(50);
        sample.erase({30, 31, 33});
        sample.write(10);
    }
    [[nodiscard]] Verdict verdict(const Lines& lines, Trusted trusted = {}) const {
        return text_verdict(text_of(lines), std::move(trusted));
    }
    [[nodiscard]] Verdict text_verdict(const std::string& text, Trusted trusted = {}) const {
        std::istringstream file{text};
        return verify_export(file, sample.writer(), std::move(trusted));
    }
    [[nodiscard]] std::string defect(const Lines& lines, Trusted trusted = {}) const {
        const auto found = verdict(lines, std::move(trusted)).defect;
        return found ? found->text() : std::string{};
    }
    /// The heads of the journal, as somebody who keeps them has them.
    [[nodiscard]] Trusted with_heads() {
        Trusted trusted;
        trusted.heads_given = true;
        const auto kept = sample.journal().heads_from(1, 1000).value();
        for (const auto& head : kept) {
            trusted.heads.push_back(read_head(head.envelope).value());
        }
        return trusted;
    }
    /// The line of an entry.
    [[nodiscard]] static std::size_t line_of(const Lines& lines, std::int64_t sequence) {
        auto left = sequence - read_header_line(lines.front())->first + 1;
        for (std::size_t i = 1; i < lines.size(); ++i) {
            left -= read_event_line(lines[i]) ? 1 : 0;
            if (left == 0) {
                return i;
            }
        }
        throw std::out_of_range{"there is no such entry"};
    }
};

}  // namespace portcullis::cli::testing
