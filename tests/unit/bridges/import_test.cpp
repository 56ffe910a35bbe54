#include <algorithm>

#include "cli/sign/key_file.hpp"
#include "codec/envelope.hpp"
#include "codec/orders.hpp"
#include "core/hash256.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/bridges/import_rig.hpp"
#include "trust/base64.hpp"
#include "trust/hash.hpp"

using namespace portcullis;
using namespace portcullis::testing;
using sign::ImportExit;

namespace {

const std::string head = "order,box,state,from\n";
const std::string rows = "R-1,CSQU3054383,ok,2026-11-23 08:00:00\nR-2,MAEU0396497,no,2026-11-23\n";

sign::ImportOptions options_for(const ImportFolder& folder, const std::string& table, const std::string& mapping) {
    sign::ImportOptions options;
    options.mapping = folder.with("small.yaml", mapping);
    options.files = {folder.with("table.csv", table)};
    return options;
}

Imported import_table(const ImportFolder& folder, const std::string& table, const std::string& more = {}) {
    return import_with(options_for(folder, table, small_mapping(csv_input, more)), folder);
}

/// The same, with a file that knows the imports before.
Imported import_again(const ImportFolder& folder, const std::string& table, const std::string& more = {}) {
    auto options = options_for(folder, table, small_mapping(csv_input, more));
    options.state = folder / "state.db";
    options.issued = "2026-11-23T01:00:00.000Z";
    return import_with(options, folder);
}

std::vector<std::string> ids(const Imported& imported) {
    std::vector<std::string> ids;
    for (const auto& order : imported.orders) {
        ids.push_back(std::string{order.at("op").as_string()} + " " + std::string{order.at("order").as_string()});
    }
    return ids;
}

const std::string vanished = "vanished: { reason: gone, officer: E1, at_most: 1 }\n";

}  // namespace

TEST_CASE("The same export again brings nothing and a changed row brings its order alone") {
    const ImportFolder folder;
    CHECK(ids(import_again(folder, head + rows)) == std::vector<std::string>{"put R-1", "put R-2"});
    const auto again = import_again(folder, head + rows);
    CHECK(again.exit == ImportExit::done);
    CHECK(again.orders.empty());
    CHECK(again.count("rows_unchanged") == 2);
    const auto changed =
        import_again(folder, head + "R-1,CSQU3054383,gone,2026-11-23 08:00:00\nR-2,MAEU0396497,no,2026-11-23\n");
    CHECK(ids(changed) == std::vector<std::string>{"revoke R-1"});
    CHECK(ids(import_again(folder, head + rows)) == std::vector<std::string>{"put R-1"});
}

TEST_CASE("An order that vanished is revoked only where the mapping says so and only once") {
    const ImportFolder folder;
    const std::string one = "R-1,CSQU3054383,ok,2026-11-23 08:00:00\n";
    REQUIRE(import_again(folder, head + rows, vanished).orders.size() == 2);
    const auto kept = import_again(folder, head + one);
    CHECK(kept.orders.empty());
    const auto revoked = import_again(folder, head + one, vanished);
    CHECK(ids(revoked) == std::vector<std::string>{"revoke R-2"});
    CHECK(revoked.count("orders_vanished") == 1);
    CHECK(import_again(folder, head + one, vanished).orders.empty());
    CHECK(ids(import_again(folder, head + rows, vanished)) == std::vector<std::string>{"put R-2"});
}

TEST_CASE("An export that lost more than the mapping lets go changes nothing") {
    const ImportFolder folder;
    REQUIRE(import_again(folder, head + rows, vanished).orders.size() == 2);
    const auto cut = import_again(folder, head, vanished);
    CHECK(cut.exit == ImportExit::nothing);
    CHECK_THAT(cut.errors, contains_text("at most 1"));
    CHECK(import_again(folder, head + rows, vanished).count("rows_unchanged") == 2);
}

TEST_CASE("A refused row does not make its order vanish and a row without an id keeps all in force") {
    const ImportFolder folder;
    REQUIRE(import_again(folder, head + rows, vanished).orders.size() == 2);
    const auto bad_box = import_again(
        folder, head + "R-1,CSQU3054383,ok,2026-11-23 08:00:00\nR-2,MAEU0396490,no,2026-11-23\n", vanished);
    CHECK(bad_box.exit == ImportExit::some_refused);
    CHECK(bad_box.orders.empty());
    const auto nameless =
        import_again(folder, head + "R-1,CSQU3054383,ok,2026-11-23 08:00:00\n,MAEU0396497,no,2026-11-23\n", vanished);
    CHECK(nameless.orders.empty());
    CHECK_THAT(nameless.errors, contains_text("stay in force"));
}

TEST_CASE("An order that stands twice in an export and one of another export are refused") {
    const ImportFolder folder;
    const auto twice = import_table(folder, head + rows + "R-1,CSQU3054383,no,2026-11-24\n");
    CHECK(twice.exit == ImportExit::some_refused);
    CHECK_THAT(twice.errors, contains_text("table.csv:4: \"R-1\" stands in this import already: line 2"));

    REQUIRE(import_again(folder, head + rows).orders.size() == 2);
    auto options = options_for(folder, head + rows, "");
    auto other = small_mapping(csv_input);
    other.replace(other.find("small"), 5, "other");
    options.mapping = folder.with("other.yaml", other);
    options.state = folder / "state.db";
    const auto foreign = import_with(options, folder);
    CHECK(foreign.count("rows_refused") == 2);
    CHECK_THAT(foreign.errors, contains_text("came with the mapping small"));
}

TEST_CASE("Columns that nobody asked for are named and those that lack end the import with a hint") {
    const ImportFolder folder;
    const auto more = import_table(folder, "order,box,state,from,colour\nR-1,CSQU3054383,ok,2026-11-23,red\n");
    CHECK(more.report.at("unmapped_columns") == boost::json::parse(R"(["colour"])"));
    const auto lacks = import_table(folder, "order,boxx,state,from\nR-1,CSQU3054383,ok,2026-11-23\n");
    CHECK(lacks.exit == ImportExit::nothing);
    CHECK_THAT(lacks.errors, contains_text("has no column box (did you mean boxx?)"));
}

TEST_CASE("A bad row stops no other and says file and line and column and reason") {
    const ImportFolder folder;
    const auto imported = import_table(folder, head +
                                                   "R-1,CSQU3054383,ok,2026-11-23\nR-2,CSQU3054383,maybe,yesterday\n"
                                                   "R-3,MAEU0396497,ok\nR-4,MAEU0396497,ok,2026-11-23\n");
    CHECK(ids(imported) == std::vector<std::string>{"put R-1", "put R-4"});
    CHECK_THAT(imported.errors, contains_text("table.csv:3: column state (3): \"maybe\" is no code"));
    CHECK_THAT(imported.errors, contains_text("table.csv:3: column from (4): \"yesterday\" is not written as"));
    CHECK_THAT(imported.errors, contains_text("table.csv:4: has 3 fields, and there are 4 columns"));
    CHECK(imported.count("rows_refused") == 2);
    const auto& first = imported.report.at("refusals").at(0);
    CHECK(first.at("line") == 3);
    CHECK(first.at("column_number") == 3);
}

TEST_CASE("Signed batches are of one chain over several imports and hold at most ten thousand orders") {
    const ImportFolder folder;
    const trust::Sodium sodium;
    REQUIRE(sign::write_key_file(folder / "key", trust::SigningKey::generate(sodium)).empty());
    std::filesystem::create_directory(folder / "batches");
    const auto sign_table = [&](const std::string& table) {
        auto options = options_for(folder, table, small_mapping(csv_input));
        options.state = folder / "state.db";
        options.key = (folder / "key").string();
        options.out = folder / "batches";
        options.terminal = "xmht";
        options.gates = "*";
        options.issued = "2026-11-23T01:00:00.000Z";
        options.expires = "2026-11-30T01:00:00.000Z";
        return import_with(options, folder);
    };
    std::string many = head;
    for (int i = 0; i < 10'001; ++i) {
        many += "R-" + std::to_string(i) + ",CSQU3054383,ok,2026-11-23\n";
    }
    REQUIRE(sign_table(many).exit == ImportExit::done);
    REQUIRE(sign_table(head + "R-0,CSQU3054383,no,2026-11-23\n").exit == ImportExit::done);

    std::string previous(64, '0');
    const std::vector<std::size_t> sizes{10'000, 1, 1};
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const auto bytes = file_text(folder / ("batches/ciq-0000000" + std::to_string(i + 1) + ".json"));
        const auto envelope = codec::read_envelope(bytes, "orders", codec::most_envelope_bytes).value();
        const auto payload = trust::from_base64(envelope.payload).value();
        const auto batch = codec::read_order_batch(payload).value();
        CHECK(batch.number == static_cast<std::int64_t>(i) + 1);
        CHECK(batch.previous == previous);
        CHECK(batch.operations.size() == sizes[i]);
        previous = hex_text(trust::sha256(payload));
    }

    // A crash after the commit left a batch without its name; one before the commit left a batch that never was.
    std::filesystem::rename(folder / "batches/ciq-00000003.json", folder / "batches/ciq-00000003.json.part");
    static_cast<void>(folder.with("batches/ciq-00000004.json.part", "half"));
    REQUIRE(sign_table(head + "R-0,CSQU3054383,no,2026-11-23\n").exit == ImportExit::done);
    CHECK(std::filesystem::exists(folder / "batches/ciq-00000003.json"));
    CHECK_FALSE(std::filesystem::exists(folder / "batches/ciq-00000004.json.part"));

    // Without the state the chain would begin again: the batch that is there says so.
    std::filesystem::remove(folder / "state.db");
    const auto lost = sign_table(head + "R-0,CSQU3054383,no,2026-11-23\n");
    CHECK(lost.exit == ImportExit::nothing);
    CHECK_THAT(lost.errors, contains_text("is there already"));
}
