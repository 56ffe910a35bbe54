#include "tests/fault/tampers/bases.hpp"

#include <stdexcept>
#include <utility>

#include "cli/journal/export_format.hpp"
#include "cli/journal/exporter.hpp"
#include "core/time_text.hpp"
#include "tests/support/sample_journal.hpp"
#include "trust/hash.hpp"

namespace portcullis::fault {
namespace {

using portcullis::testing::SampleJournal;

constexpr std::int64_t small_entries = 36;
constexpr std::int64_t head_every = 20;

Base exported(const std::string& name, SampleJournal& sample) {
    Base base;
    base.name = name;
    base.head_key = sample.head_key();
    const auto source = cli::open_source(sample.journal(), sample.head_key());
    const auto wrong = cli::export_journal(*source, {}, time_from_text("2026-11-24T00:00:00.000Z").value(),
                                           [&](std::string_view line) {
                                               base.lines.emplace_back(line);
                                               return true;
                                           });
    if (wrong) {
        throw std::runtime_error{name + ": " + *wrong};
    }
    const auto heads = sample.journal().heads_from(1, 1'000'000).value();
    for (const auto& head : heads) {
        base.heads.push_back(head.envelope);
    }
    return base;
}

std::filesystem::path fresh(const std::filesystem::path& folder, const char* name) {
    auto path = folder / name;
    std::filesystem::create_directory(path);
    return path;
}

}  // namespace

std::string text_of(const Lines& lines) {
    std::string text;
    for (const auto& line : lines) {
        text.append(line).push_back('\n');
    }
    return text;
}

std::string Base::text() const {
    return text_of(lines);
}

cli::Trusted Base::trusted(bool with_heads) const {
    cli::Trusted trusted;
    if (with_heads) {
        trusted.heads_given = true;
        for (const auto& head : heads) {
            trusted.heads.push_back(cli::read_head(head).value());
        }
        trusted.keys.push_back(trust::PublicKey::parse(head_key).value());
    }
    return trusted;
}

void seal(Lines& lines) {
    lines.pop_back();
    const auto header = cli::read_header_line(lines.front());
    cli::ExportEnd end;
    for (const auto& line : lines) {
        if (const auto event = cli::read_event_line(line)) {
            ++end.events;
            end.hash = event->hash;
        } else if (cli::read_head_line(line)) {
            ++end.heads;
        }
    }
    end.sequence = (header ? header->first : 1) - 1 + end.events;
    end.sha256 = trust::sha256(text_of(lines));
    lines.push_back(cli::end_line(end));
}

Bases make_bases(const std::filesystem::path& folder, std::int64_t entries) {
    Bases bases;
    {
        SampleJournal sample{fresh(folder, "small")};
        sample.write(small_entries - 6);
        sample.erase({17, 18, 25});
        sample.write(3);
        sample.sign_last();
        bases.small = exported("small", sample);
    }
    {
        SampleJournal sample{fresh(folder, "whole")};
        sample.write(entries / 2);
        sample.erase({12, 13, 30});
        sample.write(entries - entries / 2);
        sample.sign_last();
        bases.whole = exported("whole", sample);
        if (sample.journal().cut_through(head_every) != store::StoreOutcome::committed) {
            throw std::runtime_error{"the sample could not be cut"};
        }
        const auto all_heads = bases.whole.heads;
        bases.cut = exported("cut", sample);
        bases.cut.heads = all_heads;
    }
    const auto original = fresh(folder, "original");
    const auto image = folder / "image";
    {
        SampleJournal sample{original};
        sample.write(entries / 4);
        sample.sign_last();
        bases.older_image = exported("older_image", sample);
    }
    std::filesystem::copy(original, image, std::filesystem::copy_options::recursive);
    SampleJournal went_on{original, 1, "went on"};
    went_on.write(entries / 4);
    went_on.sign_last();
    bases.older_image.heads = exported("original", went_on).heads;
    SampleJournal restored{image, 1, "restored"};
    restored.write(entries / 4);
    restored.sign_last();
    bases.fork = exported("fork", restored);
    bases.fork.heads = bases.older_image.heads;
    SampleJournal other{fresh(folder, "foreign"), 2, "foreign"};
    other.write(entries);
    other.sign_last();
    bases.foreign = exported("foreign", other);
    return bases;
}

}  // namespace portcullis::fault
