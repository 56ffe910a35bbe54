#include "gate/evidence_desk.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <fstream>
#include <map>

#include "codec/canonical.hpp"
#include "core/time_text.hpp"
#include "core/value_members.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/unit/store/temporary_directory.hpp"
#include "trust/hash.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;

const LaneName pictured_lane{"out-1"};

/// A desk on real files, a lane that binds what it is told to, and the notes of the journal.
class EvidenceBench {
public:
    EvidenceBench() { start(); }

    void start() {
        desk.reset();
        worker.reset();
        context.restart();
        worker = std::make_unique<runtime::Worker>(runtime::Worker::Settings{"evidence", 256, 30s}, clock);
        EvidenceDesk::Ports ports;
        ports.submit = [this](Submission submission) { take(std::move(submission)); };
        ports.give = [this](std::size_t, const lane::Observed& seen) { see(seen); };
        ports.lane_fields = [](const LaneName& name) { return Object{{"lane", name.text()}}; };
        desk = std::make_unique<EvidenceDesk>(EvidenceDesk::Surroundings{context, clock, log, *worker}, settings,
                                              store::EvidenceFiles{folder / "evidence", 0}, ports);
        std::vector<store::NoteRow> rows;
        for (const auto& [key, body] : notes) {
            rows.push_back({LaneName{}, key, body});
        }
        desk->recall(rows);
        settle();
    }

    /// Until the worker and the context have nothing to do.
    void settle() {
        for (int quiet = 0; quiet < 3;) {
            context.restart();
            const bool moved = context.run_one_for(1ms) > 0;
            const auto progress = worker->progress();
            quiet = moved || progress.busy_since || progress.waiting > 0 ? 0 : quiet + 1;
        }
    }

    /// A camera answers for a passage with a picture of so many bytes.
    std::string picture(std::uint8_t passage, const std::string& what, std::size_t size = 1000) {
        auto bytes = std::make_shared<std::vector<std::uint8_t>>(size, std::uint8_t{0});
        std::copy(what.begin(), what.end(), bytes->begin());
        Picture picture;
        picture.passage = PassageId{{passage}};
        picture.asked = clock.now().instant;
        picture.kind = "jpeg";
        picture.size = static_cast<std::int64_t>(size);
        picture.bytes = bytes;
        desk->take(0, {Role::camera_front, {DeviceName{"cam"}, {}, clock.now().instant, picture}});
        settle();
        return hex_text(trust::sha256({reinterpret_cast<const char*>(bytes->data()), bytes->size()}));
    }
    void end(std::uint8_t passage, const char* outcome, const char* verdict) {
        Submission submission;
        submission.events.push_back(
            {"passage.ended", "lane/out-1", clock.now(),
             Object{{"passage", PassageId{{passage}}.text()}, {"outcome", outcome}, {"verdict", verdict}},
             std::nullopt});
        desk->follow(pictured_lane, submission);
        take(std::move(submission));
        settle();
    }
    [[nodiscard]] bool has_file(const std::string& sha256) const {
        return std::filesystem::exists(folder / "evidence" / sha256.substr(0, 2) / sha256);
    }
    [[nodiscard]] bool has_note(const std::string& sha256) const { return notes.contains("evidence/" + sha256); }
    [[nodiscard]] std::vector<std::string> causes(std::string_view type) const {
        std::vector<std::string> found;
        for (const auto& event : events) {
            if (event.type == type) {
                found.push_back(text_member(event.data, "cause"));
            }
        }
        return found;
    }

    store::testing::TemporaryDirectory folder;
    boost::asio::io_context context;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> stays{context.get_executor()};
    portcullis::testing::ManualClock clock;
    runtime::Log log{runtime::Log::Form::plain, runtime::LogLevel::error};
    settings::EvidenceSettings settings;
    std::unique_ptr<runtime::Worker> worker;
    std::unique_ptr<EvidenceDesk> desk;
    std::map<std::string, std::string> notes;
    std::vector<Event> events;
    std::vector<std::string> refused;  ///< what the lane was told instead of a picture
    bool binds = true;
    bool commits = true;

private:
    void see(const lane::Observed& seen) {
        const auto& picture = std::get<Picture>(seen.observation.what);
        if (!picture.missing.empty()) {
            refused.push_back(picture.missing);
            return;
        }
        if (!binds) {
            return;
        }
        Submission submission;
        submission.events.push_back({"evidence.bound", "lane/out-1", clock.now(),
                                     Object{{"passage", picture.passage.text()},
                                            {"sha256", hex_text(picture.sha256)},
                                            {"device", "cam"},
                                            {"role", "camera_front"},
                                            {"kind", "jpeg"},
                                            {"captured_at", time_text(clock.now().wall)},
                                            {"bytes", picture.size}},
                                     std::nullopt});
        desk->follow(pictured_lane, submission);
        take(std::move(submission));
    }
    void take(Submission submission) {
        events.insert(events.end(), submission.events.begin(), submission.events.end());
        for (const auto& note : submission.gate_notes) {
            if (note.body) {
                notes[note.key] = codec::canonical_text(*note.body).value();
            } else {
                notes.erase(note.key);
            }
        }
        if (commits && submission.committed) {
            submission.committed();
        }
    }
};

}  // namespace

TEST_CASE("a picture that its lane binds has a file and a note") {
    EvidenceBench bench;
    const auto sha256 = bench.picture(1, "truck-1");
    CHECK(bench.has_file(sha256));
    CHECK(bench.has_note(sha256));
    CHECK(bench.desk->view().bytes == 1000);
}

TEST_CASE("a picture that its lane does not bind leaves nothing") {
    EvidenceBench bench;
    bench.binds = false;
    const auto sha256 = bench.picture(1, "truck-1");
    CHECK_FALSE(bench.has_file(sha256));
    CHECK(bench.notes.empty());
    CHECK(bench.desk->view().pictures == 0);
}

TEST_CASE("a camera that gives the same picture again gives none: it may show the truck before") {
    EvidenceBench bench;
    const auto sha256 = bench.picture(1, "frozen");
    bench.picture(2, "frozen");
    CHECK(bench.refused == std::vector<std::string>{"repeated"});
    CHECK(bench.has_file(sha256));
    CHECK(bench.desk->view().pictures == 1);
}

TEST_CASE("over the budget the oldest cleared picture goes first, is said to be gone, and then is") {
    EvidenceBench bench;
    bench.settings.budget = 10'000;
    bench.start();
    const auto held = bench.picture(1, "held", 3000);
    bench.end(1, "turned_away", "hold");
    bench.clock.advance(1s);
    const auto cleared = bench.picture(2, "cleared", 3000);
    bench.end(2, "cleared", "release");
    bench.clock.advance(1s);
    const auto newest = bench.picture(3, "cleared too", 3000);
    bench.end(3, "cleared", "release");

    SECTION("and the file goes when that is durable") {
        bench.picture(4, "newest", 2000);
        CHECK(bench.causes("evidence.erased") == std::vector<std::string>{"budget"});
        CHECK(text_member(bench.events[bench.events.size() - 2].data, "sha256") == cleared);
        CHECK_FALSE(bench.has_file(cleared));
        CHECK_FALSE(bench.has_note(cleared));
        CHECK(bench.has_file(held));
        CHECK(bench.has_file(newest));
        CHECK(bench.desk->view().bytes <= 10'000);
    }
    SECTION("and not before") {
        bench.commits = false;
        bench.picture(4, "newest", 2000);
        CHECK(bench.has_file(cleared));
        bench.start();  // the process ended in between: said to be gone, and so it goes
        CHECK_FALSE(bench.has_file(cleared));
    }
}

TEST_CASE("pictures of passages that have not ended are never removed for room: the new one is missing") {
    EvidenceBench bench;
    bench.settings.budget = 10'000;
    bench.start();
    const auto open = bench.picture(1, "open", 6000);
    bench.picture(2, "too much", 6000);
    CHECK(bench.refused == std::vector<std::string>{"budget"});
    CHECK(bench.has_file(open));
    CHECK(bench.causes("evidence.erased").empty());
}

TEST_CASE("a picture is kept as long as the end of its passage says, by a clock that is right") {
    EvidenceBench bench;
    const auto cleared = bench.picture(1, "cleared");
    bench.end(1, "cleared", "release");
    const auto held = bench.picture(2, "held");
    bench.end(2, "cleared", "hold");
    bench.start();  // what the notes say is what counts
    auto later = bench.clock.now();
    later.instant += 1h;
    later.wall += 8 * 24h;
    later.clock_state = ClockState::unsynchronised;
    bench.desk->tick(later);
    CHECK(bench.has_file(cleared));
    later.clock_state = ClockState::synchronised;
    bench.desk->tick(later);
    bench.settle();
    CHECK_FALSE(bench.has_file(cleared));
    CHECK(bench.has_file(held));
    CHECK(bench.causes("evidence.erased") == std::vector<std::string>{"retention"});
}

TEST_CASE("at a start files of nobody go, and pictures without their file are told of") {
    EvidenceBench bench;
    const auto kept = bench.picture(1, "kept");
    const auto lost = bench.picture(2, "lost");
    const auto short_one = bench.picture(3, "cut short");
    const std::string nobody(64, 'a');
    std::filesystem::create_directories(bench.folder / "evidence" / "aa");
    std::ofstream{bench.folder / "evidence" / "aa" / nobody} << "of nobody";
    std::ofstream{bench.folder / "evidence" / "aa" / (nobody + ".new")} << "half";
    std::filesystem::remove(bench.folder / "evidence" / lost.substr(0, 2) / lost);
    std::filesystem::resize_file(bench.folder / "evidence" / short_one.substr(0, 2) / short_one, 10);
    bench.start();
    CHECK(bench.has_file(kept));
    CHECK_FALSE(bench.has_file(nobody));
    CHECK_FALSE(std::filesystem::exists(bench.folder / "evidence" / "aa" / (nobody + ".new")));
    CHECK(bench.causes("evidence.missing") == std::vector<std::string>{"lost", "lost"});
    CHECK_FALSE(bench.has_note(lost));
    CHECK_FALSE(bench.has_file(short_one));
    CHECK(bench.desk->view().pictures == 1);
    bench.start();
    CHECK(bench.causes("evidence.missing").size() == 2);  // told once
}

TEST_CASE("a person's request removes a picture, whatever its passage is") {
    EvidenceBench bench;
    const auto sha256 = bench.picture(1, "open");
    bench.desk->erase_on_request({sha256, std::string(64, 'b'), "no hash"});
    bench.settle();
    CHECK_FALSE(bench.has_file(sha256));
    CHECK(bench.causes("evidence.erased") == std::vector<std::string>{"request"});
    bench.picture(2, "open");  // the same bytes again, after the file has gone
    CHECK(bench.has_file(sha256));
}

TEST_CASE("a disk that takes nothing costs the picture and nothing else") {
    EvidenceBench bench;
    std::ofstream{bench.folder / "evidence"} << "in the way";
    bench.picture(1, "truck-1");
    CHECK(bench.refused == std::vector<std::string>{"storage"});
    std::filesystem::remove(bench.folder / "evidence");
    const auto sha256 = bench.picture(2, "truck-2");
    CHECK(bench.has_file(sha256));
}

TEST_CASE("what waits for the disk is bounded") {
    EvidenceBench bench;
    bench.settings.budget = std::int64_t{1024} * 1024 * 1024;
    bench.start();
    Picture large;
    large.bytes = std::make_shared<std::vector<std::uint8_t>>(16);
    large.size = EvidenceDesk::most_waiting;
    bench.desk->take(0, {Role::camera_front, {DeviceName{"cam"}, {}, bench.clock.now().instant, large}});
    bench.desk->take(0, {Role::camera_front, {DeviceName{"cam"}, {}, bench.clock.now().instant, large}});
    CHECK(bench.refused == std::vector<std::string>{"busy"});
    bench.settle();
}

}  // namespace portcullis::gate
