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

/// A process of this version that ends while it reads the document.
void ends_at(const TemporaryDirectory& directory, const Hash256& hash) {
    REQUIRE_FALSE(Quarantine(directory.path(), "1").begin(hash));
}

}  // namespace

TEST_CASE("a document at which the process ends twice is held back") {
    const TemporaryDirectory directory;
    {
        Quarantine quarantine{directory.path(), "1"};
        CHECK_FALSE(quarantine.problem());
        REQUIRE_FALSE(quarantine.begin(good));
        quarantine.end(good);
    }
    ends_at(directory, poison);
    ends_at(directory, poison);
    Quarantine after{directory.path(), "1"};
    CHECK(after.holds(poison));
    CHECK_FALSE(after.holds(good));
    CHECK(after.held() == std::vector<Hash256>{poison});
    REQUIRE_FALSE(after.begin(good));
    after.end(good);
    CHECK(Quarantine{directory.path(), "1"}.holds(poison));
}

TEST_CASE("a document at which the process was ended once is read again, however often that is looked at") {
    const TemporaryDirectory directory;
    ends_at(directory, good);
    for (int start = 0; start < 3; ++start) {  // processes that end before they read anything
        CHECK_FALSE(Quarantine{directory.path(), "1"}.holds(good));
    }
    {
        Quarantine after{directory.path(), "1"};
        REQUIRE_FALSE(after.begin(good));
        after.end(good);
    }
    ends_at(directory, good);  // it read well meanwhile: this counts as the first time
    CHECK_FALSE(Quarantine{directory.path(), "1"}.holds(good));
}

TEST_CASE("what is held back stays so when other documents are read and their reading ends") {
    const TemporaryDirectory directory;
    ends_at(directory, poison);
    ends_at(directory, good);
    ends_at(directory, poison);
    Quarantine after{directory.path(), "1"};
    CHECK(after.holds(poison));
    CHECK_FALSE(after.holds(good));
}

TEST_CASE("another version of the software reads what its predecessor could not") {
    const TemporaryDirectory directory;
    ends_at(directory, poison);
    ends_at(directory, poison);
    REQUIRE(Quarantine(directory.path(), "1").holds(poison));
    CHECK_FALSE(Quarantine{directory.path(), "2"}.holds(poison));
}

TEST_CASE("no more than sixteen documents are held back") {
    const TemporaryDirectory directory;
    for (std::uint8_t i = 1; i <= 20; ++i) {
        ends_at(directory, Hash256{i});
        ends_at(directory, Hash256{i});
    }
    const Quarantine after{directory.path(), "1"};
    CHECK(after.held().size() == Quarantine::most_held);
    CHECK(after.holds(Hash256{20}));
    CHECK_FALSE(after.holds(Hash256{1}));
}
