#include "store/evidence_files.hpp"

#include <algorithm>
#include <fstream>

#include "temporary_directory.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::store {
namespace {

Hash256 hash_of(std::uint8_t first) {
    Hash256 hash{};
    hash.fill(first);
    return hash;
}

std::vector<std::uint8_t> some_bytes(std::size_t length) {
    std::vector<std::uint8_t> bytes(length);
    for (std::size_t i = 0; i < length; ++i) {
        bytes[i] = static_cast<std::uint8_t>(i * 7);
    }
    return bytes;
}

}  // namespace

TEST_CASE("a picture is there under its hash, whole, and in parts") {
    const testing::TemporaryDirectory folder;
    const EvidenceFiles files{folder / "evidence", 0};
    const auto bytes = some_bytes(10'000);
    REQUIRE_FALSE(files.put(hash_of(1), bytes));
    CHECK(files.read(hash_of(1), 0, 20'000).value() == bytes);
    CHECK(files.read(hash_of(1), 9'000, 20'000).value() == std::vector(bytes.begin() + 9'000, bytes.end()));
    CHECK(files.read(hash_of(1), 10'000, 10).value().empty());
    CHECK_FALSE(files.read(hash_of(2), 0, 10));
    const auto found = files.sweep();
    REQUIRE(found);
    REQUIRE(found->files.size() == 1);
    CHECK(found->files.front().sha256 == hash_of(1));
    CHECK(found->files.front().size == 10'000);
}

TEST_CASE("a picture is removed once, and twice is no failure") {
    const testing::TemporaryDirectory folder;
    const EvidenceFiles files{folder / "evidence", 0};
    REQUIRE_FALSE(files.put(hash_of(1), some_bytes(10)));
    CHECK_FALSE(files.remove(hash_of(1)));
    CHECK_FALSE(files.remove(hash_of(1)));
    CHECK(files.sweep()->files.empty());
}

TEST_CASE("what was half written is removed at the next start, and nothing that is not ours") {
    const testing::TemporaryDirectory folder;
    const EvidenceFiles files{folder / "evidence", 0};
    CHECK(files.sweep()->files.empty());  // no folder yet
    REQUIRE_FALSE(files.put(hash_of(0x11), some_bytes(10)));
    const auto in_it = folder / "evidence" / "11";
    std::ofstream{in_it / (hex_text(hash_of(0x11)) + ".new")} << "half";
    std::ofstream{in_it / "notes of a technician.txt"} << "mine";
    std::ofstream{in_it / hex_text(hash_of(0x22))} << "in another's folder";
    const auto found = files.sweep();
    REQUIRE(found);
    CHECK(found->half_written == 1);
    CHECK(found->files.size() == 1);
    CHECK(std::filesystem::exists(in_it / "notes of a technician.txt"));
    CHECK(std::filesystem::exists(in_it / hex_text(hash_of(0x22))));
    CHECK(files.sweep()->half_written == 0);
}

TEST_CASE("the last room on the disk is the journal's") {
    const testing::TemporaryDirectory folder;
    const EvidenceFiles files{folder / "evidence", std::uint64_t{1} << 60U};
    const auto failure = files.put(hash_of(1), some_bytes(10));
    REQUIRE(failure);
    CHECK(failure->fault == StoreFault::full);
    CHECK(files.sweep()->files.empty());
}

TEST_CASE("a folder that cannot be made is a failure that names it") {
    const testing::TemporaryDirectory folder;
    std::ofstream{folder / "evidence"} << "a file";
    const EvidenceFiles files{folder / "evidence", 0};
    const auto failure = files.put(hash_of(1), some_bytes(10));
    REQUIRE(failure);
    CHECK_THAT(failure->message, portcullis::testing::contains_text((folder / "evidence").string()));
}

}  // namespace portcullis::store
