#include <sstream>

#include "cli/sign/import/classes_command.hpp"
#include "cli/sign/import/edifact_source.hpp"
#include "cli/sign/import/text_encoding.hpp"
#include "cli/sign/receipts/receipts_command.hpp"
#include "core/config_node.hpp"
#include "settings/yaml_reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/bridges/import_rig.hpp"

using namespace portcullis;
using namespace portcullis::testing;
using sign::ImportExit;

namespace {

/// The events of one passage, as docs/events publishes them, one a line.
std::string example_passage() {
    std::string lines;
    for (const auto* type : {"passage.detected", "reading.taken", "passage.identified", "load.judged", "verdict.issued",
                             "permission.began", "arm.moved", "passage.ended"}) {
        const auto example = file_text(std::string{"docs/events/examples/"} + type + ".json");
        lines += boost::json::serialize(boost::json::parse(example)) + "\n";
    }
    return lines;
}

std::string replaced(std::string text, const std::string& old, const std::string& now) {
    for (auto at = text.find(old); at != std::string::npos; at = text.find(old, at + now.size())) {
        text.replace(at, old.size(), now);
    }
    return text;
}

struct Written {
    ImportExit exit;
    std::string text;
    std::string errors;
};

Written receipts_of(const std::string& events, sign::ReceiptsOptions options = {}) {
    options.files = {"-"};
    std::istringstream in{events};
    std::ostringstream out;
    std::ostringstream errors;
    const auto exit = sign::write_receipts(options, in, out, errors);
    return {exit, out.str(), errors.str()};
}

sign::ReceiptsOptions codeco() {
    sign::ReceiptsOptions options;
    options.format = "codeco";
    options.sender = "XMHT";
    options.recipient = "CARRIER01";
    options.reference = "7";
    options.prepared = "2026-11-23T01:05:00.000Z";
    return options;
}

std::string line_of(const std::string& text, int number) {
    std::istringstream lines{text};
    std::string line;
    for (int i = 0; i < number; ++i) {
        std::getline(lines, line);
    }
    return line;
}

}  // namespace

TEST_CASE("A passage of exported events becomes one gate report") {
    const auto written = receipts_of(example_passage());
    INFO(written.errors);
    CHECK(written.exit == ImportExit::done);
    CHECK_THAT(line_of(written.text, 1), contains_text("回执号,卡口号,通道号,进出标志,过卡时间,车牌号"));
    const auto ended = boost::json::parse(file_text("docs/events/examples/passage.ended.json"));
    const auto sequence = std::stoll(std::string{ended.at("sequence").as_string()});
    CHECK(line_of(written.text, 2) ==
          "g07-" + std::to_string(sequence) +
              ",g07,out-1,E,2026-11-23 09:03:17,闽D12345,闽D1234挂,,,,CSQU3054383,45R1,,,F,,,,,R-2026-000123,放行,"
              "order_released,自动,,4f2d8b6c0a91e37d5b7c1e0f9a3846d2c5e8f7b10a2d4c6e8091b3d5f7a9c0e2,cleared\r");
    CHECK(line_of(written.text, 3).empty());
}

TEST_CASE("The lines of an export are read as they are and what is no event is named") {
    auto events = example_passage();
    std::string lines = R"({"export":{"format":"portcullis-journal"}})"
                        "\n";
    std::istringstream in{events};
    for (std::string line; std::getline(in, line);) {
        lines += R"({"event":)" + line +
                 R"(,"hash":"00"})"
                 "\n";
    }
    const auto wrapped = receipts_of(lines + R"({"head":{}})"
                                             "\n"
                                             R"({"end":{}})"
                                             "\n");
    CHECK(wrapped.exit == ImportExit::done);
    CHECK(wrapped.text == receipts_of(events).text);
    const auto bad = receipts_of(lines + "{\"event\":\n{}\n");
    CHECK(bad.exit == ImportExit::some_refused);
    CHECK_THAT(bad.errors, contains_text("stdin:10: is no event"));
    CHECK_THAT(bad.errors, contains_text("stdin:11: is neither an event"));
}

TEST_CASE("What became of a box in a zone, and what a result took, make no other report") {
    auto events = example_passage();
    const auto plain = receipts_of(events);
    for (const auto* type : {"zone.directed", "zone.arrived", "zone.left"}) {
        const auto example = file_text(std::string{"docs/events/examples/"} + type + ".json");
        events += boost::json::serialize(boost::json::parse(example)) + "\n";
    }
    const auto places =
        std::string{R"("orders_used":[)"} +
        R"({"authority":"zone_result","order_id":"ZR-1","container":"CSQU3054383","control_point":"g07"},)" +
        R"({"authority":"targeting","order_id":"ciq:T-1","container":"none","control_point":"g07"},)";
    const auto inspected = receipts_of(replaced(events, R"("orders_used":[)", places));
    CHECK(inspected.text == plain.text);
    CHECK(inspected.errors == plain.errors);
    CHECK(inspected.exit == plain.exit);
}

TEST_CASE("Reports are written in GBK and what it has no character for is refused") {
    sign::ReceiptsOptions options;
    options.encoding = "gbk";
    const auto written = receipts_of(example_passage(), options);
    CHECK(sign::TextConverter{"UTF-8", "GBK"}.convert(written.text).value() == receipts_of(example_passage()).text);
    const auto foreign = receipts_of(replaced(example_passage(), "R-2026-000123", "R-2026-\xF0\x9F\x9A\x9A"), options);
    CHECK(foreign.exit == ImportExit::nothing);
    CHECK_THAT(foreign.errors, contains_text("gbk has no character"));
}

TEST_CASE("A test passage is no report and values that were erased are left empty and counted") {
    CHECK(line_of(receipts_of(replaced(example_passage(), R"("test":"no")", R"("test":"yes")")).text, 2).empty());
    const std::string digest = "sha256:" + std::string(64, 'a');
    const auto erased =
        receipts_of(replaced(example_passage(), R"("tractor":"闽D12345")", R"("tractor":")" + digest + "\""));
    CHECK_THAT(line_of(erased.text, 2), contains_text("09:03:17,,闽D1234挂,"));
    CHECK_THAT(erased.errors, contains_text("values withheld 1"));
}

TEST_CASE("An export that begins within a passage still reports it and says that it is not whole") {
    const auto events = example_passage();
    const auto written = receipts_of(events.substr(events.rfind("{\"specversion")));
    CHECK_THAT(line_of(written.text, 2), contains_text("闽D12345,闽D1234挂,,,,CSQU3054383,,"));
    CHECK_THAT(written.errors, contains_text("without their first event 1"));
}

TEST_CASE("A CODECO of the way back is read by the reader of the way in") {
    const auto written = receipts_of(example_passage(), codeco());
    INFO(written.text);
    CHECK(written.exit == ImportExit::done);
    CHECK_THAT(written.text, contains_text("UNB+UNOW:4+XMHT+CARRIER01+261123:0905+7'"));
    sign::Columns columns;
    std::map<std::string, std::string> expected{{"BGM.1.1", "36"},
                                                {"EQD.2.1", "CSQU3054383"},
                                                {"EQD.3.1", "45R1"},
                                                {"EQD.5.1", "3"},
                                                {"EQD.6.1", "5"},
                                                {"RFF(RE).1.2", "R-2026-000123"},
                                                {"RFF(AAE).1.2", "390200261000123"},
                                                {"DTM(7).1.2", "202611230903"},
                                                {"TDT(1).8.1", "闽D12345"}};
    for (const auto& [path, value] : expected) {
        columns.id(path);
    }
    std::istringstream in{written.text};
    sign::EdifactSource rows{in, *sign::find_encoding("utf-8"), columns};
    sign::Row row;
    REQUIRE(rows.next(row));
    CHECK(row.problems.empty());
    for (const auto& [path, value] : expected) {
        INFO(path);
        CHECK(row.cell(*columns.find(path)) == value);
    }
    CHECK_FALSE(rows.next(row));
    CHECK(rows.problem().empty());
}

TEST_CASE("A vehicle that was turned away is a report and no CODECO") {
    const auto turned = replaced(example_passage(), R"("outcome":"cleared")", R"("outcome":"turned_away")");
    CHECK_THAT(line_of(receipts_of(turned).text, 2), contains_text(",turned_away\r"));
    CHECK_THAT(receipts_of(turned, codeco()).text, contains_text("UNZ+0+7'"));
    auto incomplete = codeco();
    incomplete.prepared.clear();
    CHECK(receipts_of(turned, incomplete).exit == ImportExit::nothing);
}

TEST_CASE("A table of enterprises becomes the classes of a ruleset") {
    const ImportFolder folder;
    sign::ClassesOptions options;
    options.mapping = "config/mappings/enterprise-classes.yaml";
    options.files = {"config/mappings/samples/enterprise-classes.csv"};
    options.at = "2026-11-23T00:00:00.000Z";
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream errors;
    CHECK(sign::import_classes(options, in, out, errors) == ImportExit::some_refused);
    CHECK_THAT(errors.str(), contains_text("csv:4: column 统一社会信用代码 (2): \"91350200M00004001X\"") &&
                                 contains_text("its check must be 5"));
    CHECK_THAT(errors.str(), contains_text("csv:5: column 信用等级 (4): \"E\""));
    ConfigProblems problems;
    const auto yaml = settings::read_yaml(out.str(), "classes.yaml", problems);
    REQUIRE(yaml);
    const auto* const classes = yaml->find("classes");
    const auto* const enterprises = classes->find("enterprises");
    REQUIRE(enterprises->members().size() == 3);
    CHECK(enterprises->find("91350200M000040015")->find("class")->text(problems) == "AA");
    CHECK(enterprises->find("3502960177")->find("class")->text(problems) == "C");
    CHECK(enterprises->find("3502960123")->find("since")->text(problems) == "2025-12-31T16:00:00.000Z");
    CHECK(problems.empty());

    options.at = "2027-01-01T00:00:00.000Z";
    std::ostringstream later;
    static_cast<void>(sign::import_classes(options, in, later, errors));
    CHECK_THAT(later.str(), contains_text("enterprises: {}"));
}

TEST_CASE("The check of a unified social credit code finds each changed character") {
    const std::string good = "91350200M000040015";
    CHECK(sign::uscc_defect(good).empty());
    int missed = 0;
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto wrong = good;
        wrong[i] = wrong[i] == '7' ? '8' : '7';
        missed += sign::uscc_defect(wrong).empty() ? 1 : 0;
    }
    CHECK(missed == 0);
    CHECK_FALSE(sign::uscc_defect("91350200M00004001O").empty());
    CHECK_FALSE(sign::uscc_defect("9135020").empty());
}
