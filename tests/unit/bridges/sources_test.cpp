#include <sstream>

#include "cli/sign/import/cell_value.hpp"
#include "cli/sign/import/edifact_source.hpp"
#include "cli/sign/import/mapping.hpp"
#include "cli/sign/import/text_encoding.hpp"
#include "cli/sign/import/time_form.hpp"
#include "cli/sign/import/time_zone.hpp"
#include "core/time_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/bridges/import_rig.hpp"

using namespace portcullis;
using namespace portcullis::testing;
using sign::ImportExit;

namespace {

Imported import_bytes(const std::string& bytes, const std::string& input) {
    const ImportFolder folder;
    sign::ImportOptions options;
    options.mapping = folder.with("small.yaml", small_mapping(input));
    options.files = {folder.with("table", bytes)};
    return import_with(options, folder);
}

std::string encoded(const char* encoding, const std::string& text) {
    return sign::TextConverter{encoding, "UTF-8"}.convert(text).value();
}

const std::string table = "order,box,state,from\r\nR-闽1,CSQU3054383,ok,2026-11-23\r\n";

std::string defect_of(const std::string& mapping) {
    ConfigProblems problems;
    static_cast<void>(sign::read_mapping_text(mapping, "m.yaml", problems));
    std::string all;
    for (const auto& problem : problems.all()) {
        all += problem.message() + "\n";
    }
    return all;
}

std::string utc(const char* zone, const char* local) {
    const sign::TimeForms forms{{"%Y-%m-%d %H:%M:%S"}, sign::TimeZone::open(zone).value()};
    const auto time = forms.read(local, false);
    return time ? time_text(*time) : time.error();
}

}  // namespace

TEST_CASE("A table is read the same in every encoding and with its byte order mark") {
    for (const auto& [name, bytes] :
         std::vector<std::pair<std::string, std::string>>{{"utf-8", table},
                                                          {"utf-8", "\xEF\xBB\xBF" + table},
                                                          {"gb18030", encoded("GB18030", table)},
                                                          {"gbk", encoded("GBK", table)},
                                                          {"utf-16le", "\xFF\xFE" + encoded("UTF-16LE", table)},
                                                          {"utf-16be", encoded("UTF-16BE", table)}}) {
        INFO(name);
        const auto imported = import_bytes(bytes, "format: csv, encoding: " + name);
        REQUIRE(imported.orders.size() == 1);
        CHECK(imported.member(0, "order") == "R-闽1");
    }
}

TEST_CASE("A file of another encoding than the mapping says is not read as what it is not") {
    const auto marked = import_bytes("\xEF\xBB\xBF" + table, "format: csv, encoding: gb18030");
    CHECK(marked.exit == ImportExit::nothing);
    CHECK_THAT(marked.errors, contains_text("begins with the mark of utf-8, and the mapping says gb18030"));
    const auto gbk = import_bytes(encoded("GBK", table), "format: csv, encoding: utf-8");
    CHECK(gbk.count("rows_refused") == 1);
    CHECK_THAT(gbk.errors, contains_text("table:2: the line is no text of utf-8"));
}

TEST_CASE("A byte that is no text refuses its row and no other") {
    const auto imported = import_bytes(
        "order,box,state,from\nR-1\xFF,CSQU3054383,ok,2026-11-23\n"
        "R-2,CSQU3054383,ok,2026-11-23\n",
        "format: csv, encoding: gb18030");
    CHECK(imported.orders.size() == 1);
    CHECK_THAT(imported.errors, contains_text("table:2: byte 4 of the line is no text of gb18030"));
}

TEST_CASE("Quoted fields hold delimiters and quotes and line ends") {
    const auto imported = import_bytes(
        "order;box;state;from\n\"R;\"\"1\"\"\";CSQU3054383;ok;2026-11-23\n"
        "\"R-\n2\";CSQU3054383;ok;2026-11-23\nR-3;\"CSQU3054383\"x;ok;2026-11-23\n",
        "format: csv, delimiter: \";\", encoding: utf-8");
    REQUIRE(imported.orders.size() == 1);
    CHECK(imported.member(0, "order") == "R;\"1\"");
    CHECK_THAT(imported.errors, contains_text("table:3: column order (1): /order"));
    CHECK_THAT(imported.errors, contains_text("table:5: field 2 has text behind its closing quote"));
}

TEST_CASE("A quote that never closes costs its own row") {
    std::string many = "order,box,state,from\n\"R-0,CSQU3054383,ok,2026-11-23\n";
    for (int i = 1; i <= 300; ++i) {
        many += "R-" + std::to_string(i) + ",CSQU3054383,ok,2026-11-23\n";
    }
    const auto imported = import_bytes(many, csv_input);
    CHECK(imported.orders.size() == 300);
    CHECK(imported.count("rows_read") == 301);
    CHECK_THAT(imported.errors, contains_text("table:2: a quote that opens in this row is never closed"));
}

TEST_CASE("A line without an end is refused in bounded memory and the next is read") {
    const auto imported = import_bytes(
        "order,box,state,from\n" + std::string(3'000'000, 'x') + "\nR-2,CSQU3054383,ok,2026-11-23", csv_input);
    CHECK(imported.orders.size() == 1);
    CHECK_THAT(imported.errors, contains_text("table:2: the line is longer than"));
}

TEST_CASE("JSON that is cut or says a member twice is refused") {
    const std::string good = R"({"order":"R-1","box":"CSQU3054383","state":"ok","from":"2026-11-23"})";
    CHECK(import_bytes("[" + good + "]", "format: json, encoding: utf-8").orders.size() == 1);
    CHECK(import_bytes("[" + good, "format: json, encoding: utf-8").exit == ImportExit::nothing);
    CHECK(import_bytes("{\"data\":[" + good + "]}", "format: json, encoding: utf-8").exit == ImportExit::nothing);
    const auto twice = import_bytes(R"({"order":"R-1","order":"R-2"})"
                                    "\n" +
                                        good + "\n{\"order\":\n",
                                    "format: json-lines, encoding: utf-8");
    CHECK(twice.orders.size() == 1);
    CHECK_THAT(twice.errors, contains_text("table:1: the member order stands there twice"));
    CHECK_THAT(twice.errors, contains_text("table:3: is no JSON"));
}

TEST_CASE("An interchange that is cut or miscounted is not taken for whole") {
    const std::string message = "UNH+1+COPARN:D:95B:UN'BGM+11+A-1+9'EQD+CN+CSQU3054383+22G1+++5'UNT+4+1'";
    const auto import_edi = [](const std::string& bytes) {
        const ImportFolder folder;
        sign::ImportOptions options;
        options.mapping =
            folder.with("edi.yaml",
                        "mapping: edi\nlayout: documented\nmakes: movement\nauthority: terminal\n"
                        "input: { format: edifact, encoding: utf-8, time_zone: UTC }\n"
                        "fields: { order: BGM.2.1, movement: { constant: export_laden }, container: EQD.2.1,\n"
                        "  valid_from: { constant: 2026-11-23 }, officer: UNB.2.1,\n"
                        "  decided: { constant: 2026-11-23 } }\n");
        options.files = {folder.with("table", bytes)};
        return import_with(options, folder);
    };
    CHECK(import_edi("UNB+UNOA:2+ME+YOU+261123:0800+1'" + message + "UNZ+1+1'").orders.size() == 1);
    const auto cut = import_edi("UNB+UNOA:2+ME+YOU+261123:0800+1'" + message);
    CHECK(cut.exit == ImportExit::nothing);
    CHECK_THAT(cut.errors, contains_text("cut short"));
    CHECK(import_edi("UNB+UNOA:2+ME+YOU+261123:0800+1'" + message + "UNZ+2+1'").exit == ImportExit::nothing);
    auto short_message = message;
    short_message.replace(short_message.find("UNT+4"), 5, "UNT+5");
    const auto counted = import_edi("UNB+UNOA:2+ME+YOU+261123:0800+1'" + short_message + "UNZ+1+1'");
    CHECK(counted.count("rows_refused") == 1);
    CHECK(import_edi("ISA*00*").exit == ImportExit::nothing);
}

TEST_CASE("Places in a message are written as tag and qualifiers and element and component") {
    const auto path = sign::EdifactPath::parse("MEA(AAE+G).3.2").value();
    CHECK(path.tag == "MEA");
    CHECK(path.qualifiers == std::vector<std::string>{"AAE", "G"});
    CHECK(path.element == 3);
    CHECK(path.component == 2);
    for (const auto* wrong : {"EQD", "EQD.", "EQD.0", "EQD.1.", "eqd.1", "EQD(1.1", "EQD.1.1.1", ""}) {
        INFO(wrong);
        CHECK_FALSE(sign::EdifactPath::parse(wrong));
    }
}

TEST_CASE("Local times become UTC by the zone of their day") {
    CHECK(utc("+08:00", "2026-11-23 08:00:00") == "2026-11-23T00:00:00.000Z");
    CHECK(utc("Asia/Shanghai", "2026-11-23 08:00:00") == "2026-11-23T00:00:00.000Z");
    CHECK(utc("Asia/Shanghai", "1990-07-01 08:00:00") == "1990-06-30T23:00:00.000Z");  // summer time of those years
    CHECK(utc("America/New_York", "2026-07-01 08:00:00") == "2026-07-01T12:00:00.000Z");
    CHECK_THAT(utc("America/New_York", "2026-03-08 02:30:00"), contains_text("never was"));
    CHECK_THAT(utc("America/New_York", "2026-11-01 01:30:00"), contains_text("was twice"));
    CHECK_THAT(utc("America/New_York", "2090-07-01 08:00:00"), contains_text("lies beyond"));
    CHECK_THAT(utc("UTC", "2026-02-29 08:00:00"), contains_text("no day"));
    CHECK_FALSE(sign::TimeZone::open("../../etc/passwd"));
    CHECK_FALSE(sign::TimeZone::open("Asia/Xiamen"));
    CHECK_FALSE(sign::TimeZone::read("TZif2"));
}

TEST_CASE("A day alone may mean its end") {
    const sign::TimeForms forms{{"rfc3339", "%y/%m/%d"}, sign::TimeZone::open("+08:00").value()};
    CHECK(time_text(forms.read("26/11/23", true).value()) == "2026-11-23T15:59:59.999Z");
    CHECK(time_text(forms.read("26/11/23", false).value()) == "2026-11-22T16:00:00.000Z");
    CHECK(time_text(forms.read("2026-11-23T08:00:00.25+08:00", true).value()) == "2026-11-23T00:00:00.250Z");
    CHECK_FALSE(forms.read("2026/11/23", false));
}

TEST_CASE("Masses are whole kilograms and rounded half up") {
    CHECK(sign::whole_number("28,410", ',', 1).value() == 28'410);
    CHECK(sign::whole_number("28.4105", 0, 1000).value() == 28'411);
    CHECK(sign::whole_number("28.4104", 0, 1000).value() == 28'410);
    CHECK(sign::whole_number("0.5", 0, 1).value() == 1);
    for (const auto* wrong : {"", ".", "-1", "1e3", "28,410", "1.2.3", "9999999999999999"}) {
        INFO(wrong);
        CHECK_FALSE(sign::whole_number(wrong, 0, 1));
    }
}

TEST_CASE("What is wrong with a mapping is said at its place with what to do") {
    const auto good = small_mapping(csv_input);
    CHECK(defect_of(good).empty());
    const auto with = [&](const std::string& old, const std::string& now) {
        auto text = good;
        text.replace(text.find(old), old.size(), now);
        return defect_of(text);
    };
    CHECK_THAT(with("encoding: utf-8", "encoding: gb1830"),
               contains_text("m.yaml:5:") && contains_text("did you mean `gb18030`?"));
    CHECK_THAT(with("makes: release", "makes: releases"), contains_text("m.yaml:3:8: makes: `releases` is none of"));
    CHECK_THAT(with("  container: box", "  contaner: box"),
               contains_text("m.yaml:9:3:") && contains_text("did you mean `container`?"));
    CHECK_THAT(with("  officer: { constant: A1 }\n", ""), contains_text("`officer` is missing"));
    CHECK_THAT(with("{ constant: A1 }", "{ constant: A1, column: who }"),
               contains_text("either a column or a constant"));
    CHECK_THAT(with("codes: { ok: released, no: held, gone: revoked }", "codes: states"),
               contains_text("there is no table `states`"));
    CHECK_THAT(with("Asia/Shanghai", "Asia/Shangai"), contains_text("there is no zone"));
    CHECK_THAT(with("  valid_from: from", "  valid_from: { column: from, times: \"%Q\" }"),
               contains_text("is followed by none of"));
    CHECK_THAT(with("format: csv", "format: edifact"), contains_text("is no place in a message"));
    CHECK_THAT(defect_of(small_mapping(csv_input, "skip: { column: state, is: no }\n")),
               contains_text("does not say why"));
}
