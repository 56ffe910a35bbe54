#include <fstream>
#include <iterator>
#include <sstream>

#include "cli/sign/key_file.hpp"
#include "cli/sign/ruleset/compile_passes.hpp"
#include "cli/sign/ruleset/passes_command.hpp"
#include "cli/sign/trust_documents.hpp"
#include "codec/envelope.hpp"
#include "codec/passes_document.hpp"
#include "core/time_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"
#include "tests/unit/store/temporary_directory.hpp"
#include "trust/sodium.hpp"

using namespace portcullis;
using portcullis::testing::contains_text;
using portcullis::testing::file_text;

namespace {

const std::string list_head = R"(version: 1
terminal: xmht
gates: [g07]
time_zone: "+08:00"
issued: 2026-11-23
expires: 2026-12-31
passes:
)";

std::string list_problems(const std::string& text) {
    ConfigProblems problems;
    const auto list = sign::compile_passes(text, "passes.yaml", problems);
    CHECK(list.has_value() == problems.empty());
    std::string all;
    for (const auto& problem : problems.all()) {
        all += problem.message() + "\n";
    }
    return all;
}

}  // namespace

TEST_CASE("The shipped pass list is one, with days of its own time zone") {
    ConfigProblems problems;
    const auto list = sign::compile_passes(file_text("config/passes.yaml"), "config/passes.yaml", problems);
    REQUIRE(list);
    REQUIRE(list->passes.size() == 3);
    CHECK(list->passes[0].kind == PassKind::standing);
    CHECK(time_text(list->passes[0].valid_from) == "2025-12-31T16:00:00.000Z");
    CHECK(list->passes[1].hours == DayWindow{22 * 60, 6 * 60});
    CHECK(list->passes[2].kind == PassKind::visitor);
    CHECK(list->passes[2].count == 2);
    CHECK(list->passes[2].lanes == std::vector{LaneName{"in-1"}});
}

TEST_CASE("Everything that is wrong with a pass list is told at its line and column") {
    const auto told = list_problems(list_head +
                                    "  - { pass: P-1, plate: 闽D8888I, valid_from: 2026-11-01, valid_to: 2026-12-31 }\n"
                                    "  - { pass: P-2, kind: visitor, plate: 闽D12345, valid_from: 2026-11-24, "
                                    "valid_to: 2026-11-24 }\n"
                                    "  - { pass: P-3, plate: 闽D12345, valid_from: 2026-11-24, valid_to: 2026-11-20, "
                                    "colour: red }\n");
    CHECK_THAT(told, contains_text("passes.yaml:8:25: passes[0].plate"));
    CHECK_THAT(told, contains_text("letter I or O"));
    CHECK_THAT(told, contains_text("a visitor needs a count"));
    CHECK_THAT(told, contains_text("is not after valid_from"));
    CHECK_THAT(told, contains_text("colour"));
    CHECK_THAT(list_problems("version: 1\n"), contains_text("terminal"));
}

TEST_CASE("A pass list is built, signed by each key, and inspected") {
    const store::testing::TemporaryDirectory directory;
    const auto key_file = directory.path() / "passes.key";
    const trust::Sodium sodium;
    REQUIRE(sign::write_key_file(key_file.string(), trust::SigningKey::generate(sodium)).empty());
    std::ostringstream out;
    std::ostringstream errors;
    const sign::AuthoredOptions build{"config/passes.yaml", directory.path() / "payload.json", {}};
    REQUIRE(sign::build_passes(build, out, errors) == 0);
    CHECK_THAT(errors.str(), contains_text("3 passes, 1 of visitors"));
    const sign::AuthoredOptions made{build.out, directory.path() / "passes-1.json", {key_file}};
    REQUIRE(sign::sign_passes(made, out, errors) == 0);
    const auto seen = sign::inspect(made.out, {}, time_from_text("2026-11-25T00:00:00.000Z"));
    REQUIRE(seen.ok());
    CHECK_THAT(seen->text, contains_text("passes 1 for terminal xmht"));
    CHECK(seen->accepted);

    std::ofstream{build.out, std::ios::app} << "{}";
    CHECK(sign::sign_passes(made, out, errors) == 1);
    CHECK_THAT(errors.str(), contains_text("nothing was signed"));
}
