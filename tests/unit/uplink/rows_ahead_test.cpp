#include "uplink/rows_ahead.hpp"

#include <string>
#include <vector>

#include "tests/support/catch.hpp"

namespace portcullis::uplink {
namespace {

std::vector<StoredEvent> rows(Sequence from, Sequence to, std::size_t size = 1) {
    std::vector<StoredEvent> made;
    for (auto sequence = from; sequence <= to; ++sequence) {
        made.push_back({sequence, std::string(size, 'x'), {}, {}});
    }
    return made;
}

TEST_CASE("Rows are asked for behind those that wait, and only once half of them went") {
    RowsAhead ahead{10};
    CHECK(ahead.wanted(1, 100) == SequenceRange{1, 10});
    ahead.add(rows(1, 10));
    CHECK(ahead.wanted(1, 100).empty());
    CHECK(ahead.wanted(5, 100).empty());
    CHECK(ahead.wanted(6, 100) == SequenceRange{11, 15});
    CHECK(ahead.wanted(11, 100) == SequenceRange{11, 20});
    CHECK(ahead.wanted(6, 12) == SequenceRange{11, 12});
    CHECK(ahead.wanted(6, 10).empty());
}

TEST_CASE("A row is found until the cursor is behind it, and again only when it is read again") {
    RowsAhead ahead{10};
    ahead.add(rows(1, 4));
    REQUIRE(ahead.find(3) != nullptr);
    CHECK(ahead.find(3)->sequence == 3);
    CHECK(ahead.find(2) == nullptr);
    CHECK(ahead.find(3) == nullptr);
    CHECK(ahead.wanted(2, 100) == SequenceRange{2, 11});
}

TEST_CASE("Rows that do not continue those that wait take their place") {
    RowsAhead ahead{10};
    ahead.add(rows(1, 4));
    ahead.add(rows(7, 8));
    CHECK(ahead.find(4) == nullptr);
    ahead.add(rows(7, 8));
    REQUIRE(ahead.find(7) != nullptr);
    CHECK(ahead.find(7)->sequence == 7);
}

TEST_CASE("Large rows are not read further ahead than the bytes that may wait") {
    RowsAhead ahead{100};
    ahead.add(rows(1, 5, RowsAhead::bytes_most / 4));
    CHECK(ahead.wanted(1, 100).empty());
    REQUIRE(ahead.find(3) != nullptr);
    ahead.find(3)->bytes.clear();  // as a publication takes them
    CHECK(ahead.wanted(3, 100) == SequenceRange{6, 102 - 2});
    ahead.clear();
    CHECK(ahead.wanted(1, 100) == SequenceRange{1, 100});
}

}  // namespace
}  // namespace portcullis::uplink
