#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cli/sign/key_file.hpp"
#include "cli/sign/sign_orders.hpp"
#include "codec/envelope.hpp"
#include "codec/orders.hpp"
#include "core/hash256.hpp"
#include "core/time_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"
#include "tests/unit/store/temporary_directory.hpp"
#include "trust/base64.hpp"
#include "trust/hash.hpp"

using namespace portcullis;
using portcullis::testing::contains_text;
using portcullis::testing::file_text;
namespace fs = std::filesystem;

namespace {

/// A folder of this test's own, gone with it, that files are written into.
class Folder : public store::testing::TemporaryDirectory {
public:
    [[nodiscard]] fs::path with(const char* name, const std::string& text,
                                fs::perms perms = fs::perms::owner_read) const {
        std::ofstream{*this / name} << text;
        fs::permissions(*this / name, perms);
        return *this / name;
    }
};

const boost::json::value& vector_file() {
    static const auto file = boost::json::parse(file_text("tests/vectors/envelope.json"));
    return file;
}

const std::string order_line =
    R"({"op":"put","order":"R-1","kind":"release","status":"released","movement":"import_laden",)"
    R"("container":"CSQU3054383","tractor_plates":["闽D12345"],"uses":1,"valid_from":"2026-11-23T00:00:00.000Z",)"
    R"("valid_to":"2026-11-26T00:00:00.000Z","officer":"A113","decided":"2026-11-22T08:00:00.000Z"})";

/// The folder of the built programs: CTest names it.
std::string programs() {
    const auto* folder = std::getenv("PORTCULLIS_BIN");  // NOLINT(concurrency-mt-unsafe): nobody sets it
    return fs::absolute(folder == nullptr ? "build/release/bin" : folder).string();
}

/// The exit code of a shell command.
int shell(const std::string& command) {
    return WEXITSTATUS(std::system(command.c_str()));  // NOLINT(concurrency-mt-unsafe): a test has one thread
}

/// What a run of the built program did.
struct Run {
    int exit_code;
    std::string out;
    std::string err;
};

Run run(const Folder& folder, const std::string& arguments) {
    const auto program = programs() + "/portcullis-sign";
    const auto out = folder / "out";
    const auto err = folder / "err";
    const auto status = shell(program + " " + arguments + " >" + out.string() + " 2>" + err.string());
    return {status, file_text(out), file_text(err)};
}

std::string orders_arguments(const fs::path& key, const fs::path& lines) {
    return "orders --key " + key.string() +
           " --authority ciq --terminal xmht --gates '*' --number 1 --issued 2026-11-23T01:02:03.000Z"
           " --expires 2026-11-30T01:02:03.000Z " +
           lines.string();
}

}  // namespace

TEST_CASE("portcullis-sign orders signs the independent vector to the byte") {
    const Folder folder;
    const auto key = folder.with("key", std::string{vector_file().at("seed").as_string()} + "\n");
    const auto lines = folder.with("orders.jsonl", "\n  " + order_line + "\r\n\n");
    const auto first = run(folder, orders_arguments(key, lines));
    CHECK(first.exit_code == 0);
    CHECK(first.out == boost::json::serialize(vector_file().at("envelope")));
    CHECK_THAT(first.err, contains_text(vector_file().at("payload_sha256").as_string().c_str()));
    CHECK(run(folder, orders_arguments(key, "- <" + lines.string())).out == first.out);
}

TEST_CASE("portcullis-sign orders names every bad line and signs nothing") {
    const Folder folder;
    const auto key = folder.with("key", std::string{vector_file().at("seed").as_string()});
    auto bad_number = order_line;
    bad_number.replace(bad_number.find("CSQU3054383"), 11, "CSQU3054384");
    const auto lines = folder.with("orders.jsonl", order_line + "\n\n" + bad_number + "\n{\"op\":\"put\"\n");
    const auto refused = run(folder, orders_arguments(key, lines));
    CHECK(refused.exit_code == 1);
    CHECK(refused.out.empty());
    CHECK_THAT(refused.err, contains_text("orders.jsonl:3: /container: \"CSQU3054384\""));
    CHECK_THAT(refused.err, contains_text("orders.jsonl:4: /op: not JSON"));
    CHECK_THAT(refused.err, !contains_text("orders.jsonl:1:"));
}

TEST_CASE("portcullis-sign tells wrong usage from what it refuses") {
    const Folder folder;
    const auto key = folder.with("key", std::string{vector_file().at("seed").as_string()});
    const auto lines = folder.with("orders.jsonl", order_line);
    CHECK(run(folder, "--help").exit_code == 0);
    CHECK_THAT(run(folder, "orders --help").out, contains_text("--previous"));
    CHECK(run(folder, "--version").exit_code == 0);
    CHECK(run(folder, "").exit_code == 2);
    CHECK(run(folder, "orders").exit_code == 2);
    CHECK(run(folder, orders_arguments(key, lines) + " --surplus 1").exit_code == 2);
    CHECK(run(folder, orders_arguments(folder / "missing", lines)).exit_code == 1);
    CHECK(run(folder, orders_arguments(key, folder / "missing")).exit_code == 1);

    auto later = orders_arguments(key, lines);
    later.replace(later.find("--number 1"), 10, "--number 2");
    CHECK_THAT(run(folder, later).err, contains_text("--previous is needed"));
    CHECK_THAT(run(folder, later + " --previous 12").err, contains_text("/previous"));
    CHECK(run(folder, later + " --previous " + std::string(64, 'a')).exit_code == 0);
    auto no_time = orders_arguments(key, lines);
    no_time.replace(no_time.find("2026-11-23T01:02:03.000Z"), 24, "yesterday");
    CHECK_THAT(run(folder, no_time).err, contains_text("UTC with milliseconds"));
}

TEST_CASE("portcullis-sign keygen makes a key that only its owner can read, once") {
    const Folder folder;
    const auto made = run(folder, "keygen --out " + (folder / "key").string());
    REQUIRE(made.exit_code == 0);
    CHECK(fs::status(folder / "key").permissions() == (fs::perms::owner_read | fs::perms::owner_write));
    const auto key = sign::read_key_file(folder / "key");
    REQUIRE(key);
    CHECK(made.out == "public " + key->public_key().text() + "\nkeyid  " + key->public_key().keyid() + "\n");
    CHECK_THAT(made.out, !contains_text(key->seed_text()));

    CHECK(run(folder, "keygen --out " + (folder / "key").string()).exit_code == 1);
    CHECK(sign::read_key_file(folder / "key")->seed_text() == key->seed_text());
    CHECK(run(folder, "keygen --out " + (folder / "missing").string() + "/key").exit_code == 1);
}

TEST_CASE("The commands of docs/central/orders.md do what it says") {
    const Folder folder;
    const auto page = file_text("docs/central/orders.md");
    std::string script = "set -e\ncd " + (folder / "").string() + "\n";
    const std::string fence = "```";
    for (auto begin = page.find(fence + "sh\n"); begin != std::string::npos; begin = page.find(fence + "sh\n", begin)) {
        begin += fence.size() + 3;
        script += page.substr(begin, page.find(fence, begin) - begin);
    }
    const auto path = folder.with("script", script);
    const auto helpers = (fs::current_path() / "docs/central").string();
    REQUIRE(shell("PATH=" + programs() + ":" + helpers + ":$PATH sh " + path.string() + " >/dev/null 2>&1") == 0);

    const auto key = sign::read_key_file(folder / "ciq.key").value().public_key();
    for (const auto* batch : {"batch-1.json", "batch-2.json", "batch-3.json"}) {
        const auto envelope = codec::read_envelope(file_text(folder / batch), "orders", 10'000).value();
        CHECK(envelope.signatures.at(0).keyid == key.keyid());
    }
    const auto payload = [&](const char* batch) {
        return trust::from_base64(codec::read_envelope(file_text(folder / batch), "orders", 10'000)->payload).value();
    };
    CHECK(codec::read_order_batch(payload("batch-2.json"))->previous ==
          hex_text(trust::sha256(payload("batch-1.json"))));
    const auto third = codec::read_order_batch(payload("batch-3.json")).value();
    CHECK(third.previous == hex_text(trust::sha256(payload("batch-2.json"))));
    CHECK(std::get<UsedOrder>(third.operations.at(0)).gate == "g01");
}

TEST_CASE("A key file that others may read, or that holds no key, is not used") {
    const Folder folder;
    const auto open_to_all = folder.with("open", std::string(64, '1'), fs::perms::owner_read | fs::perms::group_read);
    CHECK_THAT(sign::read_key_file(open_to_all).error(), contains_text("chmod 600"));
    CHECK_THAT(sign::read_key_file(folder.with("short", "1234")).error(), contains_text("is no key"));
    CHECK_THAT(sign::read_key_file(folder.with("empty", "")).error(), contains_text("is no key"));
}

TEST_CASE("Too many orders are not signed") {
    OrderBatch head;
    head.authority = Authority{"ciq"};
    head.terminal = "xmht";
    head.gates = {"*"};
    head.number = 1;
    head.previous = std::string(64, '0');
    head.issued = time_from_text("2026-11-23T01:02:03.000Z").value();
    head.expires = time_from_text("2026-11-30T01:02:03.000Z").value();
    const auto key = trust::SigningKey::from_seed(std::string(64, '1')).value();
    const std::string revoke =
        R"({"op":"revoke","order":"R-1","reason":"r","officer":"A1","decided":"2026-11-22T08:00:00.000Z"})";
    CHECK(sign::sign_orders(head, std::vector<std::string>(10'000, revoke), key).ok());
    CHECK_THAT(sign::sign_orders(head, std::vector<std::string>(10'001, revoke), key).error(),
               contains_text("10001 orders, at most 10000"));
}
