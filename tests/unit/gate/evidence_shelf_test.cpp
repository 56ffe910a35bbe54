#include "gate/evidence_shelf.hpp"

#include "tests/support/catch.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;

KeptPicture kept(std::uint8_t hash, EvidenceClass what, std::chrono::seconds at, std::int64_t size = 100) {
    KeptPicture picture;
    picture.sha256[0] = hash;
    picture.passage = PassageId{{hash}};
    picture.lane = LaneName{"out-1"};
    picture.device = DeviceName{"cam"};
    picture.role = "camera_front";
    picture.kind = "jpeg";
    picture.captured = WallTime{at};
    picture.size = size;
    picture.what = what;
    return picture;
}

std::vector<int> hashes(const std::vector<KeptPicture>& pictures) {
    std::vector<int> first;
    for (const auto& picture : pictures) {
        first.push_back(picture.sha256[0]);
    }
    return first;
}

Object ended(const char* outcome, const char* verdict) {
    return {{"outcome", outcome}, {"verdict", verdict}};
}

}  // namespace

TEST_CASE("when there is no more room the oldest of the least protected goes first, and none of an open passage") {
    EvidenceShelf shelf;
    shelf.add(kept(1, EvidenceClass::held, 1s));
    shelf.add(kept(2, EvidenceClass::open, 2s));
    shelf.add(kept(3, EvidenceClass::cleared, 4s));
    shelf.add(kept(4, EvidenceClass::cleared, 3s));
    shelf.add(kept(5, EvidenceClass::unfinished, 1s));
    shelf.add(kept(6, EvidenceClass::inspected, 1s));
    CHECK(shelf.bytes() == 600);
    CHECK(shelf.to_go(400, 1000).empty());
    CHECK(hashes(shelf.to_go(401, 1000)) == std::vector{4});
    CHECK(hashes(shelf.to_go(600, 1000)) == std::vector{4, 3, 5});
    CHECK(hashes(shelf.to_go(1000, 1000)) == std::vector{4, 3, 5, 6, 1});
}

TEST_CASE("pictures go when their class is kept no longer") {
    EvidenceShelf shelf;
    shelf.add(kept(1, EvidenceClass::cleared, 0s));
    shelf.add(kept(2, EvidenceClass::cleared, 100s));
    shelf.add(kept(3, EvidenceClass::held, 0s));
    shelf.add(kept(4, EvidenceClass::open, 0s));
    const auto keep = [](EvidenceClass what) -> std::chrono::milliseconds {
        return what == EvidenceClass::cleared ? 60s : 120s;
    };
    CHECK(shelf.expired(WallTime{60s}, keep, 10).empty());
    CHECK(hashes(shelf.expired(WallTime{61s}, keep, 10)) == std::vector{1});
    CHECK(hashes(shelf.expired(WallTime{121s}, keep, 10)) == std::vector{1, 3, 4});
    CHECK(hashes(shelf.expired(WallTime{121s}, keep, 2)) == std::vector{1, 3});
}

TEST_CASE("the end of a passage decides for all its pictures, once") {
    EvidenceShelf shelf;
    auto first = kept(1, EvidenceClass::open, 1s);
    auto second = kept(2, EvidenceClass::open, 1s);
    second.passage = first.passage;
    shelf.add(first);
    shelf.add(second);
    CHECK(hashes(shelf.end(first.passage, EvidenceClass::cleared)) == std::vector{1, 2});
    CHECK(shelf.find(first.sha256)->what == EvidenceClass::cleared);
    CHECK(shelf.end(first.passage, EvidenceClass::held).empty());
    CHECK(hashes(shelf.to_go(1000, 1000)) == std::vector{1, 2});
    shelf.remove(first.sha256);
    shelf.remove(first.sha256);
    CHECK(shelf.bytes() == 100);
}

TEST_CASE("what a passage's end is worth") {
    CHECK(class_of_end(ended("cleared", "release")) == EvidenceClass::cleared);
    CHECK(class_of_end(ended("cleared", "inspect")) == EvidenceClass::inspected);
    CHECK(class_of_end(ended("cleared", "hold")) == EvidenceClass::held);
    CHECK(class_of_end(ended("cleared", "none")) == EvidenceClass::held);
    CHECK(class_of_end(ended("turned_away", "hold")) == EvidenceClass::held);
    CHECK(class_of_end(ended("diverted", "inspect")) == EvidenceClass::inspected);
    CHECK(class_of_end(ended("backed_out", "release")) == EvidenceClass::unfinished);
    CHECK(class_of_end(ended("interrupted", "none")) == EvidenceClass::unfinished);
}

TEST_CASE("a picture's note is read again as it was written") {
    const auto picture = kept(9, EvidenceClass::inspected, 1'790'000'000s, 1234);
    const auto again = picture_of(hex_text(picture.sha256), note_of(picture));
    REQUIRE(again);
    CHECK(note_of(*again) == note_of(picture));
    CHECK(again->sha256 == picture.sha256);
    CHECK_FALSE(picture_of("no hash", note_of(picture)));
    CHECK_FALSE(picture_of(hex_text(picture.sha256), Value{Object{}}));
}

}  // namespace portcullis::gate
