#include <sstream>

#include "cli/sign/key_file.hpp"
#include "cli/sign/ruleset/compile_vehicles.hpp"
#include "cli/sign/ruleset/vehicles_command.hpp"
#include "cli/sign/trust_documents.hpp"
#include "codec/vehicles_document.hpp"
#include "core/time_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"
#include "tests/unit/store/temporary_directory.hpp"
#include "trust/sodium.hpp"

using namespace portcullis;
using portcullis::testing::contains_text;
using portcullis::testing::file_text;

namespace {

const std::string vehicles_head = R"(version: 1
terminal: xmht
gates: [g07]
time_zone: "+08:00"
issued: 2026-11-23
expires: 2026-12-31
vehicles:
)";

std::string vehicle_problems(const std::string& text) {
    ConfigProblems problems;
    const auto list = sign::compile_vehicles(text, "vehicles.yaml", problems);
    CHECK(list.has_value() == problems.empty());
    std::string all;
    for (const auto& problem : problems.all()) {
        all += problem.message() + "\n";
    }
    return all;
}

}  // namespace

TEST_CASE("The shipped vehicle list is one, and reads again as it is written") {
    ConfigProblems problems;
    const auto list = sign::compile_vehicles(file_text("config/vehicles.yaml"), "config/vehicles.yaml", problems);
    REQUIRE(list);
    REQUIRE(list->vehicles.size() == 3);
    CHECK(list->vehicles[0].covers == TareCovers::vehicle);
    CHECK(list->vehicles[0].tare_kg == 14'500);
    CHECK(list->vehicles[2].covers == TareCovers::trailer);
    CHECK(codec::read_vehicles(codec::write_vehicles(*list)).value() == *list);
}

TEST_CASE("Everything that is wrong with a vehicle list is told at its line and column, and no plate") {
    const auto told = vehicle_problems(vehicles_head +
                                       "  - { plate: 闽D12345, tare_kg: 14500 }\n"
                                       "  - { plate: 闽D12345, tare_kg: 14600 }\n"
                                       "  - { plate: 闽D8888I, tare_kg: 0, colour: red }\n");
    CHECK_THAT(told, contains_text("vehicles.yaml:9:"));
    CHECK_THAT(told, contains_text("has the plate of another entry too"));
    CHECK_THAT(told, contains_text("letter I or O"));
    CHECK_THAT(told, contains_text("colour"));
    CHECK(told.find("闽") == std::string::npos);
    CHECK_THAT(vehicle_problems("version: 1\n"), contains_text("terminal"));
}

TEST_CASE("A vehicle list is built, signed by each key, and inspected") {
    const store::testing::TemporaryDirectory directory;
    const auto key_file = directory.path() / "vehicles.key";
    const trust::Sodium sodium;
    REQUIRE(sign::write_key_file(key_file.string(), trust::SigningKey::generate(sodium)).empty());
    std::ostringstream out;
    std::ostringstream errors;
    const sign::AuthoredOptions build{"config/vehicles.yaml", directory.path() / "payload.json", {}};
    REQUIRE(sign::build_vehicles(build, out, errors) == 0);
    CHECK_THAT(errors.str(), contains_text("3 vehicles"));
    const sign::AuthoredOptions made{build.out, directory.path() / "vehicles-1.json", {key_file}};
    REQUIRE(sign::sign_vehicles(made, out, errors) == 0);
    const auto seen = sign::inspect(made.out, {}, time_from_text("2026-11-25T00:00:00.000Z"));
    REQUIRE(seen.ok());
    CHECK_THAT(seen->text, contains_text("vehicles 1 for terminal xmht"));
    CHECK(seen->accepted);
}
