#include <map>

#include "tests/support/catch.hpp"
#include "tests/unit/bridges/import_rig.hpp"

using namespace portcullis;
using portcullis::testing::contains_text;
using portcullis::testing::import_with;
using portcullis::testing::ImportFolder;

namespace {

/// What the export that ships beside a mapping becomes.
struct Shipped {
    std::string mapping;
    std::string sample;
    std::int64_t read, taken, set_aside, refused, put, revoked;
    std::vector<std::string> says;  ///< of the refused rows
};

const std::vector<Shipped>& shipped() {
    static const std::vector<Shipped> all{
        {"ciq2000-declarations",
         "csv",
         5,
         3,
         0,
         2,
         2,
         1,
         {"csv:4: column 箱号 (5): /container: \"MSKU0028236\"", "csv:5: column 状态 (23): \"7\" is no code"}},
        {"review-releases", "tsv", 5, 3, 1, 1, 2, 1, {"tsv:6: column 审单结论 (4): \"待定\" is no code"}},
        {"review-targeting",
         "csv",
         6,
         4,
         0,
         2,
         3,
         1,
         {"csv:5: column 匹配方式 (4): \"RANGE\" a gate matches no ranges",
          "csv:6: column 布控类别/匹配方式: \"1/PREFIX\""}},
        {"lrp2000-inspections", "jsonl", 3, 1, 1, 1, 2, 0, {"jsonl:3: column containers: /container: \"FCIU5212364\""}},
        {"eciq-receipts",
         "json",
         4,
         2,
         1,
         1,
         2,
         0,
         {"json:16: column status: \"99\"", "json:16: column grossWeight: \"18 t\" is no number"}},
        {"eport-terminal-releases", "csv", 6, 4, 1, 1, 3, 1, {"csv:8: column 作业类型 (2): \"换箱\""}},
        {"coparn-pre-advice", "edi", 4, 3, 0, 1, 3, 0, {"edi:28: column EQD.2.1: /container: \"MSCU6639871\""}},
        {"codeco-gate-in", "edi", 2, 1, 1, 0, 1, 0, {}},
    };
    return all;
}

testing::Imported import_sample(const std::string& mapping, const std::string& sample, const ImportFolder& folder) {
    sign::ImportOptions options;
    options.mapping = "config/mappings/" + mapping + ".yaml";
    options.files = {"config/mappings/samples/" + mapping + "." + sample};
    return import_with(options, folder);
}

}  // namespace

TEST_CASE("Each shipped mapping reads its sample export and names every row that it refuses") {
    const ImportFolder folder;
    for (const auto& one : shipped()) {
        INFO(one.mapping);
        const auto imported = import_sample(one.mapping, one.sample, folder);
        INFO(imported.errors);
        CHECK(imported.exit == (one.refused == 0 ? sign::ImportExit::done : sign::ImportExit::some_refused));
        CHECK(imported.count("rows_read") == one.read);
        CHECK(imported.count("rows_taken") == one.taken);
        CHECK(imported.count("rows_set_aside") == one.set_aside);
        CHECK(imported.count("rows_refused") == one.refused);
        CHECK(one.read == one.taken + one.set_aside + one.refused);
        CHECK(imported.count("orders_put") == one.put);
        CHECK(imported.count("orders_revoked") == one.revoked);
        CHECK(imported.orders.size() == static_cast<std::size_t>(one.put + one.revoked));
        for (const auto& text : one.says) {
            CHECK_THAT(imported.errors, contains_text(text));
        }
    }
}

TEST_CASE("No mapping ships without a sample") {
    std::size_t mappings = 0;
    for (const auto& entry : std::filesystem::directory_iterator{"config/mappings"}) {
        if (entry.path().extension() != ".yaml") {
            continue;
        }
        ++mappings;
        const auto name = entry.path().stem().string();
        const bool tested =
            std::any_of(shipped().begin(), shipped().end(), [&](const auto& one) { return one.mapping == name; });
        CHECK((tested || name == "enterprise-classes"));
    }
    CHECK(mappings == shipped().size() + 1);
}

TEST_CASE("A declaration of a GB18030 table becomes a release with all that it says") {
    const ImportFolder folder;
    const auto imported = import_sample("ciq2000-declarations", "csv", folder);
    CHECK(imported.orders.at(1) == boost::json::parse(R"({
        "op":"put","order":"R-2026-000124","kind":"release","status":"inspect","movement":"import_laden",
        "container":"MAEU0396497","declarations":["390200261000124"],"enterprise":"3502960177","hs":["6802230000"],
        "origin":"JP","origin_region":"JP-07","last_port":"JPTYO","size_type":"22G1","fullness":"full","gross_kg":21750,
        "mass_basis":"goods","wood":true,"ippc":true,"reefer":false,"seals":["CN123457","CN123458"],"draw":"at_gate",
        "zone":"Z2","gates":["g07","g08"],"valid_from":"2026-11-22T16:00:00.000Z",
        "valid_to":"2026-11-26T15:59:59.999Z","officer":"A113","decided":"2026-11-22T08:05:00.000Z",
        "tractor_plates":["闽D23456"],"attributes":{"clearance_no":"350200261000124"}})"));
    CHECK(imported.orders.at(0).at("trailer_plates") == boost::json::parse(R"(["闽D1234挂"])"));
    CHECK(imported.orders.at(0).at("origin") == "NO");
    CHECK(imported.orders.at(2) == boost::json::parse(R"({"op":"revoke","order":"R-2026-000100","reason":"报检撤回",
        "officer":"A114","decided":"2026-11-22T09:00:00.000Z"})"));
}

TEST_CASE("Targeting takes its match from the row and the time of its withdrawal from its own column") {
    const ImportFolder folder;
    const auto imported = import_sample("review-targeting", "csv", folder);
    CHECK(imported.orders.at(0).at("match") == boost::json::parse(R"({"container":"CSQU3054383"})"));
    CHECK(imported.orders.at(0).at("method") == boost::json::parse(R"(["open","radiation"])"));
    CHECK(imported.orders.at(2).at("match") == boost::json::parse(R"({"origin":"JP","hs":"0303"})"));
    CHECK(imported.orders.at(2).at("visibility") == "covert");
    CHECK(imported.member(3, "decided") == "2026-11-22T07:00:00.000Z");
}

TEST_CASE("A line of JSON with two containers becomes two orders and a list that is empty is known to be") {
    const ImportFolder folder;
    const auto plan = import_sample("lrp2000-inspections", "jsonl", folder);
    CHECK(plan.member(0, "order") == "P-501-HLXU2008419");
    CHECK(plan.member(1, "order") == "P-501-HLBU0528142");
    CHECK(plan.orders.at(1).at("hs") == boost::json::parse(R"(["0303140000","0303890000"])"));
    const auto receipts = import_sample("eciq-receipts", "json", folder);
    CHECK(receipts.orders.at(1).at("seals").as_array().empty());
    CHECK(receipts.orders.at(0).at("gross_kg") == 25731);
    CHECK_FALSE(receipts.orders.at(0).contains("ippc"));
}

TEST_CASE("A COPARN without a container number is for any box of its size") {
    const ImportFolder folder;
    const auto imported = import_sample("coparn-pre-advice", "edi", folder);
    CHECK(imported.member(0, "order") == "RO-3001-42G1");
    CHECK(imported.member(0, "movement") == "empty_out");
    CHECK_FALSE(imported.orders.at(0).contains("container"));
    CHECK(imported.orders.at(0).at("uses") == 3);
    CHECK(imported.member(1, "movement") == "export_laden");
    const auto report = boost::json::serialize(imported.report.at("unmapped_columns"));
    CHECK_THAT(report, contains_text("SEL"));
}
