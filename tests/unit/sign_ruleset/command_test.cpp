#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "codec/envelope.hpp"
#include "codec/ruleset.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"
#include "tests/unit/store/temporary_directory.hpp"
#include "trust/base64.hpp"

using namespace portcullis;
using portcullis::testing::contains_text;
using portcullis::testing::file_text;
using store::testing::TemporaryDirectory;
namespace fs = std::filesystem;

namespace {

/// The folder of the built programs: CTest names it.
std::string programs() {
    const auto* folder = std::getenv("PORTCULLIS_BIN");  // NOLINT(concurrency-mt-unsafe): nobody sets it
    return fs::absolute(folder == nullptr ? "build/release/bin" : folder).string();
}

/// The exit code of shell commands in `folder`.
int shell(const TemporaryDirectory& folder, const std::string& commands) {
    const auto script = folder / "script";
    std::ofstream{script} << "set -e\ncd " << (folder / "").string() << "\n" << commands;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): a test has one thread
    return WEXITSTATUS(std::system(("PATH=" + programs() + ":$PATH sh " + script.string() + " 2>" +
                                    (folder / "err").string() + " >" + (folder / "out").string())
                                       .c_str()));
}

}  // namespace

TEST_CASE("The commands of docs/ruleset.md do what it says") {
    const TemporaryDirectory folder;
    fs::copy_file("config/rulesets/example.yaml", folder / "example.yaml");
    const auto page = file_text("docs/ruleset.md");
    std::string script;
    const std::string fence = "```";
    for (auto begin = page.find(fence + "sh\n"); begin != std::string::npos; begin = page.find(fence + "sh\n", begin)) {
        begin += fence.size() + 3;
        script += page.substr(begin, page.find(fence, begin) - begin);
    }
    REQUIRE_THAT(script, contains_text("ruleset build"));
    REQUIRE(shell(folder, script) == 0);
    const auto envelope =
        codec::read_envelope(file_text(folder / "ruleset-1.json"), "ruleset", codec::most_ruleset_bytes * 2).value();
    CHECK(envelope.signatures.size() == 2);
    const auto payload = trust::from_base64(envelope.payload).value();
    CHECK(payload == file_text(folder / "payload.json"));
    CHECK(codec::read_ruleset(payload)->ruleset.rules.size() == 33);
}

TEST_CASE("Nothing is built or signed that a gate would refuse") {
    const TemporaryDirectory folder;
    fs::copy_file("config/rulesets/example.yaml", folder / "example.yaml");
    REQUIRE(shell(folder,
                  "portcullis-sign keygen --out a.key\nportcullis-sign ruleset build example.yaml --out p.json\n") ==
            0);
    CHECK(shell(folder,
                "sed 's/rules: .Q01, Q02./rules: [Q01]/' example.yaml >bad.yaml\n"
                "portcullis-sign ruleset build bad.yaml --out bad.json\n") == 1);
    CHECK_THAT(file_text(folder / "err"), contains_text("bad.yaml:"));
    CHECK_FALSE(fs::exists(folder / "bad.json"));
    CHECK(shell(folder,
                "sed 's/\"outcome\":\"release\"/\"outcome\":\"hold\"/' p.json >q.json\n"
                "portcullis-sign ruleset sign q.json --key a.key\n") == 1);
    CHECK_THAT(file_text(folder / "err"), contains_text("comes out otherwise than it says; nothing was signed"));
    CHECK(shell(folder, "portcullis-sign ruleset sign p.json --key a.key --key a.key\n") == 1);
    CHECK_THAT(file_text(folder / "err"), contains_text("twice"));
    CHECK(shell(folder, "portcullis-sign ruleset sign p.json\n") == 2);
    CHECK(shell(folder, "portcullis-sign ruleset build example.yaml --out r.json\ncmp p.json r.json\n") == 0);
}
