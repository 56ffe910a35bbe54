#include "cli/journal/export_verifier.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/cli/sample_export.hpp"

using namespace portcullis;
using namespace portcullis::cli;
using namespace portcullis::cli::testing;
using portcullis::testing::contains_text;

TEST_CASE_METHOD(SampleExport, "A whole export is good, and says what nothing vouches for") {
    const auto lines = exported(*source);
    const auto verdict = this->verdict(lines);
    CHECK_FALSE(verdict.defect);
    CHECK(verdict.summary.first == 1);
    CHECK(verdict.summary.last == 62);
    CHECK(verdict.summary.hash == sample.journal().last().hash);
    CHECK(verdict.summary.erased == 3);
    CHECK(verdict.summary.unexplained_erasures == 0);
    CHECK(verdict.summary.heads == 3);
    CHECK(verdict.summary.signed_to == 60);
    CHECK(verdict.summary.source == SampleJournal::source);
    CHECK(lines.size() == 1 + 62 + 3 + 1);
}

TEST_CASE_METHOD(SampleExport, "Heads and keys that were kept elsewhere agree with a whole export") {
    const auto lines = exported(*source);
    auto trusted = with_heads();
    trusted.keys.push_back(sample.key().public_key());
    const auto verdict = this->verdict(lines, trusted);
    CHECK_FALSE(verdict.defect);
    CHECK(verdict.summary.outside_heads == 3);
    CHECK(verdict.summary.outside_before == 0);
}

TEST_CASE_METHOD(SampleExport, "No flipped bit passes") {
    const auto text = text_of(exported(*source));
    for (std::size_t i = 0; i < text.size(); i += 7) {
        auto changed = text;
        changed[i] = static_cast<char>(changed[i] ^ (1 << (i / 7 % 8)));
        CAPTURE(i);
        CHECK(text_verdict(changed).defect);
    }
}

TEST_CASE_METHOD(SampleExport, "Lines that are missing, doubled, exchanged or too many are seen, sealed anew or not") {
    const auto whole = exported(*source);
    for (std::size_t i = 0; i < whole.size(); ++i) {
        CAPTURE(i, whole[i]);
        auto without = whole;
        without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
        CHECK(verdict(without).defect);
        auto doubled = whole;
        doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(i), whole[i]);
        CHECK(verdict(doubled).defect);
        if (i > 0 && i + 2 < whole.size() && i + 3 != whole.size()) {
            if (!read_head_line(whole[i])) {  // a head that is left out leaves less signed, and says so
                seal(without);
                CHECK(verdict(without).defect);
            }
            seal(doubled);
            CHECK(verdict(doubled).defect);
            auto swapped = whole;
            std::swap(swapped[i], swapped[i + 1]);
            seal(swapped);
            CHECK(verdict(swapped).defect);
        }
    }
    auto more = whole;
    more.push_back(whole[1]);
    CHECK_THAT(defect(more), contains_text("something follows the end"));
}

TEST_CASE_METHOD(SampleExport, "A file that was cut anywhere is seen") {
    const auto text = text_of(exported(*source));
    for (std::size_t size = 0; size < text.size(); size += 13) {
        CAPTURE(size);
        CHECK(text_verdict(text.substr(0, size)).defect);
    }
    CHECK_THAT(text_verdict(text.substr(0, text.size() - 1)).defect->text(), contains_text("has no end"));
}

TEST_CASE_METHOD(SampleExport, "A sealed truncation shows against heads that were kept elsewhere, and only there") {
    auto lines = exported(*source);
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(line_of(lines, 45)), lines.end() - 1);
    seal(lines);
    const auto alone = verdict(lines);
    CHECK_FALSE(alone.defect);
    CHECK(alone.summary.last == 44);
    CHECK(alone.summary.signed_to == 40);
    CHECK(defect(lines, with_heads()) == "entry 44: it is the last one, and a head of entry 60 was kept elsewhere");
}

namespace {

/// Entries from `from` on with another lane's name in them, chained anew: what whoever has no key can make.
void rewrite(const SampleExport& with, Lines& lines, std::int64_t from) {
    Hash256 previous = read_event_line(lines[SampleExport::line_of(lines, from - 1)])->hash;
    const codec::EventWriter& writer = with.sample.writer();
    for (auto i = SampleExport::line_of(lines, from); i + 1 < lines.size(); ++i) {
        const auto entry = read_event_line(lines[i]);
        if (!entry) {
            continue;
        }
        auto stored = writer.read(entry->published).value();
        stored.stamp.previous = previous;
        stored.event.subject = "gate";
        if (!stored.stamp.salt) {
            stored.stamp.salt.emplace();
            stored.event = {"passage.detected", "gate", stored.event.at, Object{}, std::nullopt};
        }
        const auto written = writer.write(stored.event, stored.stamp).value();
        previous = trust::chain_hash(previous, written.record);
        lines[i] = event_line(written.published, previous);
    }
}

}  // namespace

TEST_CASE_METHOD(SampleExport, "A rewritten tail breaks at the first head that signs it, in the file or elsewhere") {
    auto lines = exported(*source);
    rewrite(*this, lines, 35);
    seal(lines);
    CHECK(defect(lines) == "entry 40: it is not what its head has signed");

    lines = exported(*source);
    rewrite(*this, lines, 61);
    seal(lines);
    const auto behind_the_last = verdict(lines);
    CHECK_FALSE(behind_the_last.defect);
    CHECK(behind_the_last.summary.signed_to == 60);

    lines = exported(*source);
    rewrite(*this, lines, 35);
    std::erase_if(lines, [](const std::string& line) { return read_head_line(line).has_value(); });
    seal(lines);
    CHECK_FALSE(verdict(lines).defect);
    CHECK(defect(lines, with_heads()) == "entry 40: it is not what the head that was kept elsewhere has signed");
}

TEST_CASE_METHOD(SampleExport, "Another's key does not pass for the gate's") {
    const auto lines = exported(*source);
    const store::testing::TemporaryDirectory other_folder;
    SampleJournal forger{other_folder.path(), 2};
    forger.write(60);
    const auto forged_source = open_source(forger.journal(), forger.head_key());
    const auto forged = exported(*forged_source);
    CHECK_FALSE(verdict(forged).defect);  // whose journal it is, only the key tells

    Trusted trusted;
    trusted.keys.push_back(sample.key().public_key());
    CHECK_FALSE(verdict(lines, trusted).defect);
    CHECK_THAT(defect(forged, trusted), contains_text("another head key than the one given"));

    auto renamed = forged;
    renamed[0] = lines[0];
    seal(renamed);
    CHECK_THAT(defect(renamed, trusted), contains_text("entry 20: its head is not signed with the gate's key"));
    CHECK_THAT(defect(forged, with_heads()), contains_text("entry 20: the head that was kept elsewhere is not signed"));
}

TEST_CASE_METHOD(SampleExport, "Heads of another stream do not vouch for this one") {
    auto trusted = with_heads();
    for (auto& head : trusted.heads) {
        head.stream = StreamId{{9}};
    }
    CHECK_THAT(defect(exported(*source), trusted), contains_text("none of the heads that were kept elsewhere"));
    trusted.heads.clear();
    CHECK_THAT(defect(exported(*source), trusted), contains_text("none of the heads that were kept elsewhere"));
}

TEST_CASE_METHOD(SampleExport, "A journal that was cut begins at the head before the cut, and cannot without it") {
    REQUIRE(sample.journal().cut_through(20) == store::StoreOutcome::committed);
    const auto lines = exported(*source);
    const auto verdict = this->verdict(lines, with_heads());
    CHECK_FALSE(verdict.defect);
    CHECK(verdict.summary.first == 21);
    CHECK(verdict.summary.heads == 3);
    CHECK(verdict.summary.outside_heads == 3);
    REQUIRE(read_head_line(lines[1]));

    auto without = lines;
    without.erase(without.begin() + 1);
    seal(without);
    CHECK(defect(without) == "entry 21: it is not the stream's first, and no signed head stands before it");
    auto twice = lines;
    twice.insert(twice.begin() + 1, twice[1]);
    seal(twice);
    CHECK(defect(twice) == "entry 20: it has two heads");
}

TEST_CASE_METHOD(SampleExport, "A part of a journal begins behind a signed entry") {
    const auto lines = exported(*source, {47, 50});
    const auto verdict = this->verdict(lines);
    CHECK_FALSE(verdict.defect);
    CHECK(verdict.summary.first == 41);
    CHECK(verdict.summary.last == 50);
    CHECK(exported(*source, {7, 9}).size() == 1 + 9 + 1);
    CHECK_THROWS_WITH(exported(*source, {63, 70}), "there is no entry 63: the newest is 62");
}

TEST_CASE_METHOD(SampleExport, "An erasure that no entry explains is counted") {
    auto lines = exported(*source);
    auto& line = lines[line_of(lines, 45)];
    const auto entry = read_event_line(line).value();
    line = event_line(sample.writer().erase(entry.published).value(), entry.hash);
    CHECK_THAT(defect(lines), contains_text("another SHA-256"));
    seal(lines);
    const auto verdict = this->verdict(lines);
    CHECK_FALSE(verdict.defect);
    CHECK(verdict.summary.erased == 4);
    CHECK(verdict.summary.unexplained_erasures == 1);
}

TEST_CASE_METHOD(SampleExport, "The header's words are held by what they describe") {
    const auto whole = exported(*source);
    const auto with = [&](const std::function<void(ExportHeader&)>& change) {
        auto lines = whole;
        auto header = read_header_line(lines[0]).value();
        change(header);
        lines[0] = header_line(header);
        seal(lines);
        return defect(lines);
    };
    CHECK(with([](ExportHeader&) {}).empty());
    CHECK_THAT(with([](ExportHeader& header) { header.stream = StreamId{{9}}; }), contains_text("it is of stream"));
    CHECK_THAT(with([](ExportHeader& header) { header.first = 2; }), contains_text("no signed head stands before it"));
    CHECK_THAT(with([](ExportHeader& header) { header.previous[3] = 1; }), contains_text("follows nothing"));
    CHECK_THAT(with([](ExportHeader& header) { header.gate = "/portcullis/xmht/g08"; }), contains_text("g08"));
    CHECK_THAT(defect({}), contains_text("it is empty"));
    CHECK_THAT(defect({"{}"}), contains_text("line 1 is none of a journal's export"));
    CHECK_THAT(text_verdict(std::string(longest_export_line + 1, 'x')).defect->text(),
               contains_text("longer than any"));
    auto newer = whole;
    newer[0].replace(newer[0].find("\"version\":1"), 11, "\"version\":2");
    CHECK_THAT(defect(newer), contains_text("version 2 of the format"));
}

TEST_CASE_METHOD(SampleExport, "What only the digest of the file holds is what docs/journal.md says, and no more") {
    const auto whole = exported(*source);
    const auto sealed = [&](std::size_t at, const std::string& before, char put) {
        auto lines = whole;
        auto& digit = lines[at][lines[at].find(before) + before.size()];
        digit = digit == put ? 'f' : put;
        CHECK(verdict(lines).defect);
        seal(lines);
        return !verdict(lines).defect;
    };
    CHECK(sealed(0, "\"time\":\"2026-11-2", '5'));
    std::size_t free_salts = 0;
    for (std::size_t i = 1; i + 1 < whole.size(); ++i) {
        const auto entry = read_event_line(whole[i]);
        if (!entry || entry->published.find("\"salt\":") == std::string_view::npos) {
            continue;
        }
        const bool has_person = sample.writer().erase(entry->published).value().find("\"sha256:") != std::string::npos;
        CAPTURE(whole[i]);
        CHECK(sealed(i, "\"salt\":\"", '0') == !has_person);
        free_salts += has_person ? 0 : 1;
        CHECK_FALSE(sealed(i, "\"previoushash\":\"", '0'));
        CHECK_FALSE(sealed(i, "\"time\":\"2026-11-2", '5'));
    }
    CHECK(free_salts > 10);
}
