#include "store/ballast.hpp"

#include <fstream>

#include "store/disk.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::store {
namespace {

using testing::TemporaryDirectory;

constexpr std::uint64_t one_mib = 1024 * 1024;

TEST_CASE("the ballast takes its room from the file system and gives it back") {
    const TemporaryDirectory directory;
    Ballast ballast{directory.path(), one_mib};
    CHECK_FALSE(ballast.whole());
    REQUIRE_FALSE(ballast.restore());
    CHECK(ballast.whole());
    CHECK(std::filesystem::file_size(directory.path() / "ballast") == one_mib);
    CHECK(Ballast{directory.path(), one_mib}.whole());
    REQUIRE_FALSE(ballast.give());
    CHECK_FALSE(ballast.whole());
    CHECK_FALSE(std::filesystem::exists(directory.path() / "ballast"));
    CHECK_FALSE(ballast.give());
}

TEST_CASE("a ballast with holes, or of another size, is none") {
    const TemporaryDirectory directory;
    const std::ofstream holes{directory.path() / "ballast"};
    std::filesystem::resize_file(directory.path() / "ballast", one_mib);
    Ballast ballast{directory.path(), one_mib};
    CHECK_FALSE(ballast.whole());
    REQUIRE_FALSE(ballast.restore());
    CHECK_FALSE(Ballast{directory.path(), 2 * one_mib}.whole());
}

TEST_CASE("a ballast is not taken from a disk that has no room for it and half as much again") {
    const TemporaryDirectory directory;
    const auto free = look_at_disk(directory.path()).value().free_bytes;
    Ballast ballast{directory.path(), free / 10 * 8};
    const auto refused = ballast.restore();
    REQUIRE(refused);
    CHECK(refused->fault == StoreFault::full);
    CHECK_FALSE(std::filesystem::exists(directory.path() / "ballast"));
}

TEST_CASE("without a ballast nothing is kept, and it always counts as whole") {
    const TemporaryDirectory directory;
    Ballast none{directory.path(), 0};
    CHECK(none.whole());
    CHECK_FALSE(none.give());
    CHECK(none.whole());
}

TEST_CASE("an eMMC's life time is told as the worse of its two estimates") {
    CHECK(wear_of_life_time("0x02 0x01\n") == 200);
    CHECK(wear_of_life_time("0x01 0x0b") == 1100);
    CHECK(wear_of_life_time("0x00 0x00") == std::nullopt);
    CHECK(wear_of_life_time("") == std::nullopt);
    CHECK(wear_of_life_time("0xzz") == std::nullopt);
}

TEST_CASE("a directory that is not there cannot be asked for its room") {
    const auto looked = look_at_disk("/nonexistent/state");
    REQUIRE_FALSE(looked);
    CHECK(looked.error().message.find("/nonexistent/state") == 0);
}

}  // namespace
}  // namespace portcullis::store
