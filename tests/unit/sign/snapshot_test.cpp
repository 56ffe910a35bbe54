#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/sign/sign_snapshot.hpp"
#include "codec/envelope.hpp"
#include "codec/order_snapshot.hpp"
#include "codec/orders.hpp"
#include "core/time_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/store/a_cache.hpp"
#include "tests/unit/store/temporary_directory.hpp"
#include "trust/base64.hpp"
#include "trust/hash.hpp"

using namespace portcullis;
using portcullis::store::testing::box_number;
using portcullis::store::testing::TemporaryDirectory;

namespace {

const Authority ciq{"ciq"};

std::string put(const std::string& id, int serial, const std::string& status = "released") {
    return R"({"op":"put","order":")" + id + R"(","kind":"release","status":")" + status + R"(","container":")" +
           box_number(serial).text() +
           R"(","movement":"import_laden","uses":1,"valid_from":"2026-11-23T00:00:00.000Z",)"
           R"("valid_to":"2026-11-26T00:00:00.000Z","officer":"A113","decided":"2026-11-22T08:00:00.000Z"})"
           "\n";
}

std::string used(const std::string& id, int serial, char passage) {
    return R"({"op":"used","order":")" + id + R"(","container":")" + box_number(serial).text() +
           R"(","control_point":"g09","gate":"g09","passage":")" + std::string(32, passage) +
           R"(","at":"2026-11-24T08:00:00.000Z"})"
           "\n";
}

trust::SigningKey key() {
    return trust::SigningKey::from_seed(std::string(64, 'a')).value();
}

OrderSnapshot head() {
    return {ciq,
            "xmht",
            {"*"},
            2,
            std::string(64, '0'),
            time_from_text("2026-11-23T09:00:02.000Z").value(),
            time_from_text("2026-11-30T09:00:02.000Z").value(),
            {}};
}

/// What a snapshot of these operations holds: the lines behind its head.
struct Made {
    sign::OrderStand::Written written;
    std::vector<std::string> lines;
    std::string body;
};

Made made_of(const std::string& operations, const std::filesystem::path& file) {
    auto stand = sign::OrderStand::begin(ciq, file);
    REQUIRE(stand.ok());
    std::istringstream in{operations};
    REQUIRE((*stand)->read(in, "batch").empty());
    std::ostringstream out;
    auto written = (*stand)->write(head(), key(), out);
    REQUIRE(written.ok());
    Made made{std::move(written).value(), {}, {}};
    std::istringstream text{out.str()};
    std::string line;
    std::getline(text, line);
    made.body = out.str().substr(line.size() + 1);
    while (std::getline(text, line)) {
        made.lines.push_back(line);
    }
    return made;
}

std::string ids_of(const Made& made) {
    std::string ids;
    for (const auto& line : made.lines) {
        const auto read = codec::read_snapshot_line(line);
        REQUIRE(read.ok());
        ids += (ids.empty() ? "" : " ") + read->order.id.text();
    }
    return ids;
}

/// The most memory, in KiB, that a process needs which makes a snapshot of so many orders.
[[maybe_unused]] long memory_for(int orders) {
    const TemporaryDirectory directory;
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        auto stand = sign::OrderStand::begin(ciq, directory.path() / "sorting");
        bool good = stand.ok();
        for (int serial = orders; good && serial > 0; --serial) {
            std::istringstream in{put("R-" + std::to_string(serial), serial)};
            good = (*stand)->read(in, "batch").empty();
        }
        std::ofstream out{directory.path() / "out"};
        good = good && (*stand)->write(head(), key(), out).ok();
        stand->reset();
        std::_Exit(good ? 0 : 1);
    }
    int status = 0;
    rusage spent{};
    REQUIRE(::wait4(child, &status, 0, &spent) == child);
    REQUIRE(status == 0);
    return spent.ru_maxrss;
}

}  // namespace

TEST_CASE("A snapshot holds every order once, as it stands, in the order of the containers") {
    const TemporaryDirectory directory;
    const auto made = made_of(
        put("R-3", 3) + put("R-1", 1, "held") + put("R-2", 2) +
            R"({"op":"put","order":"M-1","kind":"movement","movement":"empty_out","container":null,)"
            R"("tractor_plates":["闽D12345"],"uses":1,"valid_from":"2026-11-23T00:00:00.000Z",)"
            R"("valid_to":"2026-11-26T00:00:00.000Z","officer":"T9","decided":"2026-11-22T08:00:00.000Z"})"
            "\n" +
            put("R-1", 1) + put("R-0", 3) +
            R"({"op":"revoke","order":"R-2","reason":"withdrawn","officer":"A7","decided":"2026-11-23T09:00:00.000Z"})"
            "\n"
            R"({"op":"revoke","order":"R-2","reason":"again","officer":"A8","decided":"2026-11-24T09:00:00.000Z"})"
            "\n"
            R"({"op":"revoke","order":"nobody","reason":"r","officer":"A8","decided":"2026-11-24T09:00:00.000Z"})"
            "\n",
        directory.path() / "sorting");
    CHECK(ids_of(made) == "R-1 R-2 R-0 R-3 M-1");
    CHECK(made.written.orders == 5);
    const auto revoked = codec::read_snapshot_line(made.lines[1]);
    CHECK(revoked->order.revoked);
    CHECK(revoked->order.revoke_reason == "withdrawn");
    CHECK(codec::read_snapshot_line(made.lines[0])->order.release()->status == ReleaseStatus::released);
    REQUIRE(made.written.head.chunks.size() == 1);
    CHECK(made.written.head.chunks[0].sha256 == hex_text(trust::sha256(made.body)));
    CHECK(made.written.head.chunks[0].bytes == static_cast<std::int64_t>(made.body.size()));
    CHECK(made.written.head.chunks[0].lines == 5);
    CHECK(std::filesystem::is_empty(directory.path()));
}

TEST_CASE("Places that were used go into the snapshot with their order, each once") {
    const TemporaryDirectory directory;
    const auto made = made_of(used("R-1", 1, 'a') + put("R-1", 1) + put("R-2", 2) + used("R-1", 1, 'b') +
                                  used("R-1", 1, 'a') + used("nobody", 1, 'c'),
                              directory.path() / "sorting");
    REQUIRE(made.lines.size() == 2);
    CHECK(codec::read_snapshot_line(made.lines[0])->used.size() == 2);
    CHECK(codec::read_snapshot_line(made.lines[1])->used.empty());
    CHECK(made.written.head.chunks[0].sha256 == hex_text(trust::sha256(made.body)));
}

TEST_CASE("A file that is in the way of the sorting is not touched") {
    const TemporaryDirectory directory;
    const auto file = directory.path() / "sorting";
    std::ofstream{file} << "somebody's";
    CHECK_FALSE(sign::OrderStand::begin(ciq, file).ok());
    CHECK(std::filesystem::file_size(file) == 10);
}

// A sanitizer keeps what was freed, and notes of what was touched: its memory grows.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("The memory that a snapshot needs does not grow with its orders") {
    const auto few = memory_for(2'000);
    const auto many = memory_for(250'000);
    INFO("KiB: " << few << " for 2,000 orders, " << many << " for 250,000");
    // 248,000 more orders are about 80 MiB of text. Pages of the file take at most 16 MiB, and so does the sorting.
    CHECK(many - few < 48 * 1024);
}
#endif
