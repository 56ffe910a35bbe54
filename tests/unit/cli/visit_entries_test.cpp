#include <algorithm>
#include <limits>

#include "cli/journal/journal_source.hpp"
#include "tests/support/catch.hpp"

using namespace portcullis;
using namespace portcullis::cli;

namespace {

/// Pages of three entries of a journal that a test makes up.
class MadeUpSource final : public JournalSource {
public:
    std::vector<std::int64_t> sequences;
    std::vector<std::int64_t> heads;
    std::int64_t first = 1;
    std::int64_t last = 0;
    std::function<void()> before_page = [] {};

    Result<gate::JournalPage, std::string> page(std::int64_t from) override {
        before_page();
        gate::JournalPage page;
        page.first = first;
        page.last = last;
        for (const auto sequence : sequences) {
            if (sequence >= from && page.entries.size() < 3) {
                page.entries.push_back({sequence, {}, std::to_string(sequence)});
            }
        }
        for (const auto head : heads) {
            if (!page.entries.empty() && head >= page.entries.front().sequence &&
                head <= page.entries.back().sequence) {
                page.heads.push_back({head, {}, "head"});
            }
        }
        return page;
    }
    Result<gate::JournalPage, std::string> head_up_to(std::int64_t) override { return Failure{std::string{"no"}}; }
};

/// `1 2 3h 4`: what was visited, with heads behind their entries, and what was wrong.
std::string visited(MadeUpSource& source, std::int64_t from = 1,
                    std::int64_t to = std::numeric_limits<std::int64_t>::max(), std::size_t most = 100) {
    std::string text;
    std::size_t count = 0;
    const auto wrong = visit_entries(
        source, from, to,
        [&](const gate::JournalPage::Entry& entry) {
            text += (text.empty() ? "" : " ") + entry.published;
            return ++count < most;
        },
        [&](const store::HeadRow&) { text += "h"; });
    return text + (wrong ? " (" + *wrong + ")" : "");
}

}  // namespace

TEST_CASE("All entries of all pages are visited, with the heads behind them") {
    MadeUpSource source;
    source.sequences = {1, 2, 3, 4, 5, 6, 7};
    source.heads = {3, 5, 7};
    source.last = 7;
    CHECK(visited(source) == "1 2 3h 4 5h 6 7h");
    CHECK(visited(source, 3, 5) == "3h 4 5h");
    CHECK(visited(source, 8).empty());
    CHECK(visited(source, 1, 100, 2) == "1 2");
}

TEST_CASE("A journal that was cut is visited from its first entry, and what comes meanwhile is not") {
    MadeUpSource source;
    source.sequences = {4, 5, 6, 7, 8, 9};
    source.first = 4;
    source.last = 8;
    source.before_page = [&] { ++source.last; };
    CHECK(visited(source) == "4 5 6 7 8 9");
    source.sequences.push_back(10);
    source.last = 8;
    CHECK(visited(source) == "4 5 6 7 8 9");
}

TEST_CASE("A missing entry is told, wherever it is missing") {
    MadeUpSource source;
    source.last = 7;
    for (const auto missing : {1, 2, 3, 4, 6, 7}) {
        source.sequences.clear();
        for (std::int64_t i = 1; i <= source.last; ++i) {
            if (i != missing) {
                source.sequences.push_back(i);
            }
        }
        CAPTURE(missing);
        CHECK_THAT(visited(source),
                   portcullis::testing::contains_text("entry " + std::to_string(missing) + " is missing"));
    }
}

TEST_CASE("Entries that retention removes meanwhile are told as that") {
    MadeUpSource source;
    source.sequences = {1, 2, 3, 4, 5, 6, 7, 8};
    source.last = 8;
    int pages = 0;
    source.before_page = [&] {
        if (++pages == 2) {
            source.sequences = {6, 7, 8};
            source.first = 6;
        }
    };
    CHECK(visited(source) == "1 2 3 (entry 4 was removed by retention meanwhile; start again)");
}
