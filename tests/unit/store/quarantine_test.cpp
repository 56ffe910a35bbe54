#include "store/quarantine.hpp"

#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/unit/store/temporary_directory.hpp"

using namespace portcullis;
using namespace portcullis::store;
using namespace portcullis::store::testing;

namespace {

const Hash256 poison{1};
const Hash256 good{2};
const BootId first_boot{{1}};
const BootId second_boot{{2}};

}  // namespace

TEST_CASE("a document that was being read when the process ended is held back") {
    const TemporaryDirectory directory;
    {
        Quarantine quarantine{directory.path(), first_boot, "1"};
        CHECK_FALSE(quarantine.problem());
        REQUIRE_FALSE(quarantine.begin(good));
        quarantine.end(good);
        REQUIRE_FALSE(quarantine.begin(poison));
    }
    Quarantine after{directory.path(), first_boot, "1"};
    CHECK(after.holds(poison));
    CHECK_FALSE(after.holds(good));
    CHECK(after.held() == std::vector<Hash256>{poison});
    REQUIRE_FALSE(after.begin(good));
    after.end(good);
    CHECK(Quarantine{directory.path(), second_boot, "1"}.holds(poison));
}

TEST_CASE("a document that was being read when the machine ended is read once more") {
    const TemporaryDirectory directory;
    REQUIRE_FALSE(Quarantine(directory.path(), first_boot, "1").begin(poison));
    {
        Quarantine after{directory.path(), second_boot, "1"};
        CHECK_FALSE(after.holds(poison));
        REQUIRE_FALSE(after.begin(poison));
    }
    CHECK(Quarantine{directory.path(), BootId{{3}}, "1"}.holds(poison));
}

TEST_CASE("a document that is read well at its second chance is forgotten") {
    const TemporaryDirectory directory;
    REQUIRE_FALSE(Quarantine(directory.path(), first_boot, "1").begin(good));
    {
        Quarantine after{directory.path(), second_boot, "1"};
        REQUIRE_FALSE(after.begin(good));
        after.end(good);
    }
    REQUIRE_FALSE(Quarantine(directory.path(), second_boot, "1").begin(good));
    CHECK_FALSE(Quarantine{directory.path(), BootId{{3}}, "1"}.holds(good));
}

TEST_CASE("another version of the software reads what its predecessor could not") {
    const TemporaryDirectory directory;
    REQUIRE_FALSE(Quarantine(directory.path(), first_boot, "1").begin(poison));
    REQUIRE(Quarantine(directory.path(), first_boot, "1").holds(poison));
    CHECK_FALSE(Quarantine{directory.path(), first_boot, "2"}.holds(poison));
}

TEST_CASE("no more than sixteen documents are held back") {
    const TemporaryDirectory directory;
    for (std::uint8_t i = 1; i <= 20; ++i) {
        REQUIRE_FALSE(Quarantine(directory.path(), first_boot, "1").begin(Hash256{i}));
    }
    const Quarantine after{directory.path(), first_boot, "1"};
    CHECK(after.held().size() == Quarantine::most_held);
    CHECK(after.holds(Hash256{20}));
    CHECK_FALSE(after.holds(Hash256{1}));
}
