#include "cli/device/recording.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/device/play_recording.hpp"
#include "settings/yaml_reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::cli {

using portcullis::store::testing::TemporaryDirectory;
using portcullis::testing::contains_text;

namespace {

namespace fs = std::filesystem;

std::optional<Recording> read(const std::string& text, ConfigProblems& problems) {
    const auto root = settings::read_yaml(text, "recording.yaml", problems);
    return root ? read_recording(*root, problems) : std::nullopt;
}

std::vector<std::string> problems_of(const std::string& text) {
    ConfigProblems problems;
    CHECK_FALSE(read(text, problems));
    std::vector<std::string> messages;
    for (const auto& problem : problems.all()) {
        messages.push_back(problem.message());
    }
    return messages;
}

struct Folder {
    TemporaryDirectory folder;
    std::ostringstream out;
    std::ostringstream errors;

    fs::path write(const std::string& name, const std::string& text) const {
        auto path = folder.path() / name;
        std::ofstream{path} << text;
        return path;
    }
    std::string text_of(const fs::path& path) const {
        std::ifstream file{path};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
};

const std::string seals = "config/profiles/seal-line.yaml";

}  // namespace

TEST_CASE("A recording is written as it is read") {
    Recording stream{.about = "a \"seal\" reader",
                     .device = std::nullopt,
                     .options = {},
                     .points = {},
                     .exchanges = {},
                     .pieces = {{RecordedPiece::What::bytes, {0x02, 0x41}, {}},
                                {RecordedPiece::What::silence, {}, {}},
                                {RecordedPiece::What::damaged, {}, {}},
                                {RecordedPiece::What::sent, {0x06}, {}},
                                {RecordedPiece::What::wait, {}, std::chrono::milliseconds{2000}}},
                     .expect = std::vector<std::string>{"online", "reading 沪A"}};
    ConfigProblems problems;
    const auto again = read(recording_text(stream), problems);
    REQUIRE(again);
    CHECK(again->about == stream.about);
    CHECK(again->pieces == stream.pieces);
    CHECK(again->expect == stream.expect);
    Recording modbus{.about = "two units",
                     .device = std::nullopt,
                     .options = {},
                     .points = {},
                     .exchanges = {{{0, 0, 0, 0, 0, 6, 1, 1, 0, 0, 0, 6}, {0, 0, 0, 0, 0, 4, 1, 1, 1, 5}, true},
                                   {{0, 0, 0, 0, 0, 6, 2, 1, 0, 0, 0, 6}, {}, true},
                                   {{1, 1, 0, 0, 0, 8, 0x3D, 0xCC}, {1, 1, 1, 5, 0x91, 0x8B}, false}},
                     .pieces = {},
                     .expect = std::nullopt};
    const auto exchanges = read(recording_text(modbus), problems);
    REQUIRE(exchanges);
    CHECK(exchanges->exchanges == modbus.exchanges);
    CHECK_FALSE(exchanges->expect);
}

TEST_CASE("A recording that is wrong says where") {
    CHECK_THAT(problems_of("about: x\nbytes: [ \"0G\" ]\n").front(), contains_text("recording.yaml:2:10: bytes"));
    CHECK_THAT(problems_of("about: x\nbytes: [ \"wait 2\" ]\n").front(), contains_text("recording.yaml:2:10"));
    CHECK_THAT(problems_of("about: x\nbytes: []\nexchanges: []\n").front(), contains_text("either `exchanges`"));
    CHECK_THAT(problems_of("about: x\nbytes: []\nexpct: []\n").front(), contains_text("did you mean `expect`?"));
    CHECK_THAT(problems_of("about: x\nexchanges: [ { ask: \"TT TT\" } ]\n").front(), contains_text("answer"));
}

TEST_CASE_METHOD(Folder, "A recording plays through a profile, and what differs from what was expected is told") {
    const auto good = write("good.yaml", "about: x\nbytes: [ \"43 4E 37 0D 0A\" ]\nexpect: [ online, reading CN7 ]\n");
    CHECK(play_recording({good, seals, {}, false}, out, errors) == 0);
    CHECK(out.str() == "online\nreading CN7\n");
    const auto bad = write("bad.yaml", "about: x\nbytes: [ \"43 4E 37 0D 0A\" ]\nexpect: [ online, reading CN8 ]\n");
    CHECK(play_recording({bad, "seal-line", {"config/profiles"}, false}, out, errors) == 1);
    CHECK_THAT(errors.str(), contains_text("bad.yaml: observation 2: 'reading CN7' where 'reading CN8' is expected"));
}

TEST_CASE_METHOD(Folder, "What a profile makes of a new recording is put into it when that is asked") {
    const auto file = write("new.yaml", "about: x\nbytes: [ \"43 4E 37 0D 0A\", \"FF 0D 0A\" ]\n");
    CHECK(play_recording({file, seals, {}, false}, out, errors) == 0);
    CHECK_THAT(out.str(), contains_text("nothing was expected"));
    CHECK(play_recording({file, seals, {}, true}, out, errors) == 0);
    CHECK_THAT(text_of(file), contains_text("expect:\n  - \"online\"\n  - \"reading CN7\"\n  - \"bad encoding\"\n"));
    CHECK(check_profile({seals, {file}}, out, errors) == 0);
    CHECK(errors.str().empty());
}

TEST_CASE_METHOD(Folder, "A recording over HTTP is read, and said to be played elsewhere") {
    const auto file =
        write("camera.yaml", "about: x\nanswers: [ { status: 200, body: \"FF\" } ]\nexpect: [ online ]\n");
    CHECK(play_recording({file, seals, {}, false}, out, errors) == 1);
    CHECK_THAT(errors.str(), contains_text("by the drivers' own tests only"));
    errors.str({});
    CHECK(check_profile({seals, {file}}, out, errors) == 0);
    CHECK(errors.str().empty());
}

TEST_CASE_METHOD(Folder, "A profile that is wrong says everything at once with its places") {
    const auto profile = write("p.yaml",
                               "product: x\ndriver: text_reader\nsource: y\nverified: []\n"
                               "framing: { kind: lines, end: \"0D\" }\nencoding: utf-8\n"
                               "pattern: \"{txt}\"\nkind: seal\nmax: 3\n");
    CHECK(check_profile({profile, {}}, out, errors) == 1);
    CHECK_THAT(errors.str(), contains_text("p.yaml:5:18: framing.kind"));
    CHECK_THAT(errors.str(), contains_text("p.yaml:7:10: pattern"));
    CHECK_THAT(errors.str(), contains_text("p.yaml:9:1: max"));
    const auto nobody = write("q.yaml", "product: x\ndriver: text_raeder\nsource: y\nverified: []\n");
    CHECK(check_profile({nobody, {}}, out, errors) == 1);
    CHECK_THAT(errors.str(), contains_text("q.yaml:2:9: driver: no driver 'text_raeder'; did you mean text_reader?"));
    CHECK(check_profile({folder.path() / "none.yaml", {}}, out, errors) == 1);
}

// At the pace of the devices: those that wait for seconds are played by the drivers' own tests, on a clock of theirs.
TEST_CASE("Every recording of this repository that does not wait for long plays as it expects") {
    const auto waits = [](const fs::path& file) {
        ConfigProblems problems;
        const auto recording = read_recording_file(file, problems);
        std::chrono::milliseconds sum{0};
        for (const auto& piece : recording ? recording->pieces : std::vector<RecordedPiece>{}) {
            sum += piece.wait;
        }
        return sum;
    };
    for (const auto& entry : fs::directory_iterator("tests/recordings")) {
        const auto profile = fs::path{"config/profiles"} / (entry.path().filename().string() + ".yaml");
        if (!entry.is_directory() || !fs::exists(profile)) {
            continue;
        }
        std::vector<fs::path> files;
        for (const auto& file : fs::directory_iterator(entry.path())) {
            if (waits(file.path()) <= std::chrono::seconds{1}) {
                files.push_back(file.path());
            }
        }
        std::ostringstream out;
        std::ostringstream errors;
        const auto code = check_profile({profile, files}, out, errors);
        INFO(entry.path().string());
        CHECK(errors.str() == "");
        CHECK(code == 0);
    }
}

}  // namespace portcullis::cli
