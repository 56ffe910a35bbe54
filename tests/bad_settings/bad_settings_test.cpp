#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"

namespace portcullis {
namespace {

struct Ended {
    int exit_code = -1;
    std::string output;  ///< both streams
};

Ended run(const std::string& command) {
    Ended ended;
    auto* const pipe = popen((command + " 2>&1").c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::array<char, 4096> part{};
    while (const auto length = std::fread(part.data(), 1, part.size(), pipe)) {
        ended.output.append(part.data(), length);
    }
    const int status = pclose(pipe);
    ended.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ended;
}

/// The command of the program `name` that was built.
std::string program(const std::string& name) {
    const char* const folder = std::getenv("PORTCULLIS_BIN");  // NOLINT(concurrency-mt-unsafe): one thread
    REQUIRE(folder != nullptr);
    return std::string{folder} + "/" + name;
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::vector<std::filesystem::path> corpus() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{"tests/bad_settings"}) {
        if (entry.path().extension() == ".yaml") {
            files.push_back(entry.path());
        }
    }
    std::ranges::sort(files);
    return files;
}

}  // namespace

TEST_CASE("each bad file is refused with its expected message, and with nothing else") {
    const auto files = corpus();
    REQUIRE(files.size() >= 60);
    for (const auto& file : files) {
        CAPTURE(file.string());
        auto expected = file;
        expected.replace_extension(".expected");
        const auto ended = run(program("portcullis") + " check --profiles config/profiles -- " + file.string());
        CHECK(ended.exit_code == 1);
        CHECK(ended.output == text_of(expected));
        CHECK_FALSE(ended.output.empty());
    }
}

TEST_CASE("no daemon starts on a bad file, and it says what the check says") {
    for (const auto& file : corpus()) {
        CAPTURE(file.string());
        auto expected = file;
        expected.replace_extension(".expected");
        const auto ended =
            run("timeout 20 " + program("portcullisd") + " --profiles config/profiles --settings " + file.string());
        CHECK(ended.exit_code == 1);
        CHECK(ended.output == text_of(expected));
    }
}

TEST_CASE("good settings are said to be good, and the command's use is told") {
    const auto good = run(program("portcullis") + " check --profiles config/profiles -- config/gate.yaml");
    CHECK(good.exit_code == 0);
    CHECK(good.output ==
          "config/gate.yaml: good: 1 lane, 3 devices on 2 buses, 1 destination\n"
          "io: Advantech ADAM-6050, not proved on a device yet: inputs, outputs, watchdog\n"
          "io: inputs are taken for wet contacts; write `contact: wet` or `contact: dry` as they are wired\n"
          "plate_front: Plate camera with GBK lines, not proved on a device yet: framing, pattern\n"
          "ocr_rear: Container reader with text in registers, not proved on a device yet: registers\n");
    CHECK(run(program("portcullis") + " --help").exit_code == 0);
    CHECK_THAT(run(program("portcullis") + " --version").output, testing::contains_text("portcullis "));
    CHECK(run(program("portcullis")).exit_code == 2);
    CHECK(run(program("portcullis") + " chekc").exit_code == 2);
    CHECK(run(program("portcullis") + " check --efective config/gate.yaml").exit_code == 2);
}

}  // namespace portcullis
