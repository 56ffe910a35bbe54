#include "gate/journal_questions.hpp"

#include <deque>

#include "codec/canonical.hpp"
#include "gate/journal_page.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_journal.hpp"
#include "tests/unit/store/temporary_directory.hpp"

using namespace portcullis;
using namespace portcullis::gate;
using portcullis::testing::contains_text;
using portcullis::testing::SampleJournal;

namespace {

/// The questions beside a journal whose worker does its work when a test says so.
struct Desk {
    store::testing::TemporaryDirectory folder;
    SampleJournal sample{folder.path()};
    ControlDesk desk;
    std::deque<JournalQuestions::Work> works;
    std::vector<Event> recorded;
    std::int64_t stored_by_all = 1000;
    std::vector<std::pair<std::string, std::int64_t>> replays;
    JournalQuestions questions{sample.writer(), SampleJournal::source, sample.head_key(), ports()};

    Desk() {
        sample.write(100);
        questions.add_to(desk);
    }

    JournalQuestions::Ports ports() {
        JournalQuestions::Ports ports;
        ports.on_journal = [this](JournalQuestions::Work work) { works.push_back(std::move(work)); };
        ports.submit = [this](const Submission& submission) {
            recorded.insert(recorded.end(), submission.events.begin(), submission.events.end());
            submission.committed();
        };
        ports.now = [] { return Now{}; };
        ports.stored_by_all = [this] { return stored_by_all; };
        ports.replay = [this](const std::string& name, std::int64_t from) -> std::optional<std::string> {
            replays.emplace_back(name, from);
            return name == "nobody" ? std::optional<std::string>{"there is no such destination"} : std::nullopt;
        };
        ports.erased = [] {};
        ports.fatal = [](const std::string& why) { FAIL(why); };
        return ports;
    }
    void work() {
        while (!works.empty()) {
            const auto next = std::move(works.front());
            works.pop_front();
            next(sample.journal())();
        }
    }
    std::string answer(std::string_view question) {
        std::string answered;
        desk.answer(question, [&](std::string text) { answered = std::move(text); });
        work();
        return answered;
    }
    std::string erase(const std::string& what) {
        return answer(R"({"actor":"A113","ask":"erase",)" + what + R"(,"reason":"asked"})");
    }
};

}  // namespace

TEST_CASE_METHOD(Desk,
                 "Pages tell the whole journal with its heads, and nothing is answered before its worker has read") {
    std::string answered;
    desk.answer(R"({"ask":"journal","from":1})", [&](std::string text) { answered = std::move(text); });
    CHECK(answered.empty());
    work();
    const auto page = read_page(answered).value();
    CHECK(page.stream == sample.journal().start().stream);
    CHECK(page.head_key == sample.head_key());
    CHECK(page.source == SampleJournal::source);
    CHECK(page.first == 1);
    CHECK(page.last == 101);
    REQUIRE(page.entries.size() == 101);
    CHECK(page.entries[100].hash == sample.journal().last().hash);
    CHECK(page.heads.size() == 5);

    const auto rest = read_page(answer(R"({"ask":"journal","from":90})")).value();
    CHECK(rest.entries.size() == 12);
    REQUIRE(rest.heads.size() == 1);
    CHECK(rest.heads[0].sequence == 100);
    CHECK(read_page(answer(R"({"ask":"journal","from":102})")).value().entries.empty());
}

TEST_CASE_METHOD(Desk, "A page is bounded, so that a commit never waits long") {
    sample.write(900, 1000);
    const auto page = read_page(answer(R"({"ask":"journal","from":1})")).value();
    std::size_t bytes = 0;
    for (const auto& entry : page.entries) {
        bytes += entry.published.size();
    }
    CHECK(bytes <= page_bytes);
    CHECK(page.entries.size() < 1000);
    CHECK(page.last == 1001);
}

TEST_CASE_METHOD(Desk, "The newest head up to an entry is found") {
    const auto page = read_page(answer(R"({"ask":"journal","head_up_to":59})")).value();
    REQUIRE(page.heads.size() == 1);
    CHECK(page.heads[0].sequence == 40);
    CHECK(read_page(answer(R"({"ask":"journal","head_up_to":3})")).value().heads.empty());
    CHECK_THAT(answer(R"({"ask":"journal"})"), contains_text("error"));
    CHECK_FALSE(read_page("{}"));
    CHECK(read_page(R"({"error":"why not"})").error() == "the daemon says: why not");
}

TEST_CASE_METHOD(Desk, "A replay is passed on, and what is wrong with it comes back") {
    CHECK_THAT(answer(R"({"ask":"replay","destination":"supervision","from":7})"), contains_text("asked"));
    CHECK_THAT(answer(R"({"ask":"replay","from":8})"), contains_text("asked"));
    CHECK(replays == std::vector<std::pair<std::string, std::int64_t>>{{"supervision", 7}, {"", 8}});
    CHECK_THAT(answer(R"({"ask":"replay","destination":"nobody","from":7})"), contains_text("no such destination"));
    CHECK_THAT(answer(R"({"ask":"replay"})"), contains_text("error"));
    CHECK_THAT(answer(R"({"ask":"replay","from":0})"), contains_text("error"));
}

TEST_CASE_METHOD(Desk, "Entries are erased where all have stored them, after it is on record who asked for it") {
    stored_by_all = 60;
    const auto answered = erase(R"("before":"2030-01-01T00:00:00.000Z","from":1)");
    REQUIRE(recorded.size() == 1);
    CHECK(recorded[0].type == "journal.erased");
    const auto number = [&](const char* name) { return *recorded[0].data.find(name)->get<std::int64_t>(); };
    CHECK(number("events") > 5);
    CHECK(number("last") <= 60);
    CHECK(*recorded[0].data.find("actor")->get<std::string>() == "A113");
    CHECK(*recorded[0].data.find("reason_text")->get<std::string>() == "asked");
    CHECK_THAT(answered, contains_text("\"erased\":" + std::to_string(number("events"))) &&
                             contains_text("\"next\":61") && contains_text("\"through\":60"));
    std::int64_t erased = 0;
    const auto rows = sample.journal().read_from(1, 1000, std::size_t{1} << 20U).value();
    for (const auto& row : rows) {
        const auto stored = sample.writer().read(row.published).value();
        erased += stored.stamp.salt ? 0 : 1;
        CHECK((stored.stamp.salt || row.sequence <= 60));
    }
    CHECK(erased == number("events"));
    CHECK_THAT(erase(R"("before":"2030-01-01T00:00:00.000Z","from":1)"), contains_text("\"erased\":0"));
    CHECK(recorded.size() == 1);
}

TEST_CASE_METHOD(Desk, "Only what was named is erased") {
    CHECK_THAT(erase(R"("from":1,"plate":"闽D99999")"), contains_text("\"erased\":0"));
    CHECK_THAT(erase(R"("before":"2020-01-01T00:00:00.000Z","from":1)"), contains_text("\"erased\":0"));
    CHECK(recorded.empty());
    std::string plate;
    const auto rows = sample.journal().read_from(1, 1000, std::size_t{1} << 20U).value();
    for (const auto& row : rows) {
        if (row.type == "reading.taken" && row.published.find("\"plate\"") != std::string::npos) {
            plate = *sample.writer().read(row.published)->event.data.find("normalised")->get<std::string>();
            break;
        }
    }
    CHECK_THAT(erase(R"("from":1,"plate":")" + plate + "\""), contains_text("\"erased\":1"));
}

TEST_CASE_METHOD(Desk, "An erasure without a reason, an actor or anything named is none") {
    CHECK_THAT(answer(R"({"actor":"A113","ask":"erase","plate":"x"})"), contains_text("error"));
    CHECK_THAT(answer(R"({"ask":"erase","plate":"x","reason":"asked"})"), contains_text("error"));
    const auto digest = "sha256:" + std::string(64, '0');  // no event may hold it
    CHECK_THAT(answer(R"({"actor":")" + digest + R"(","ask":"erase","plate":"x","reason":"asked"})"),
               contains_text("error"));
    CHECK_THAT(answer(R"({"actor":"A113","ask":"erase","plate":"x","reason":")" + digest + "\"}"),
               contains_text("error"));
    CHECK_THAT(erase(R"("from":1)"), contains_text("error"));
    CHECK_THAT(erase(R"("before":"yesterday")"), contains_text("is no time"));
    CHECK(recorded.empty());
}

TEST_CASE_METHOD(Desk, "A long erasure is done piece by piece") {
    sample.write(1500, 1000);
    stored_by_all = 1601;
    const auto answered = erase(R"("before":"2030-01-01T00:00:00.000Z","from":1)");
    CHECK_THAT(answered, contains_text("\"erased\":200"));
    CHECK_THAT(answered, !contains_text("\"next\":1602"));
}
