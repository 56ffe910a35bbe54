// Pictures of a passage: whose they are, and that nobody waits for them.
#include <algorithm>

#include "lane_story.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

LaneSettings lane_with_cameras() {
    auto settings = out_lane();
    settings.roles.insert(Role::camera_front);
    settings.roles.insert(Role::camera_rear);
    return settings;
}

/// A lane with two cameras, whose answers a test gives.
class CameraLane : public LaneStory {
public:
    CameraLane() : LaneStory(lane_with_cameras()) {}

    [[nodiscard]] PassageId asked_for() const { return *PassageId::parse(text("capture.requested", "passage")); }

    /// A stored picture of `passage`, asked for `before` ago and whose first byte comes now.
    void picture(const PassageId& passage, std::uint8_t hash, std::chrono::milliseconds before = 200ms,
                 Role camera = Role::camera_front) {
        picture_at(passage, hash, instant() - before, instant(), camera);
    }
    void picture_at(const PassageId& passage, std::uint8_t hash, Instant asked, Instant at,
                    Role camera = Role::camera_front) {
        Picture taken;
        taken.passage = passage;
        taken.asked = asked;
        taken.kind = "jpeg";
        taken.size = 1000;
        taken.sha256[0] = hash;
        handle(Observed{camera, {DeviceName{"cam"}, {}, at, taken}});
    }
    void no_picture(const PassageId& passage, const std::string& cause, Role camera = Role::camera_front) {
        Picture none;
        none.passage = passage;
        none.asked = instant();
        none.missing = cause;
        handle(Observed{camera, {DeviceName{"cam"}, {}, instant(), none}});
    }
    [[nodiscard]] std::size_t evidence_at_end() const {
        const auto* list = last("passage.ended").find("evidence")->get<List>();
        REQUIRE(list != nullptr);
        return list->size();
    }
};

}  // namespace

TEST_CASE("cameras are asked with the readers, and a picture of the passage is bound to it", "[lane]") {
    CameraLane bench;
    bench.truck_arrives();
    const auto* devices = bench.last("capture.requested").find("devices")->get<List>();
    REQUIRE(devices != nullptr);
    CHECK(devices->size() == 4);
    bench.after(300ms);
    bench.picture(bench.asked_for(), 0xAA);
    REQUIRE(bench.count("evidence.bound") == 1);
    CHECK(bench.text("evidence.bound", "role") == "camera_front");
    CHECK(bench.text("evidence.bound", "sha256").starts_with("aa00"));
    CHECK(bench.text("evidence.bound", "captured_mono_ms") == std::to_string(mono_ms(bench.instant())));
    bench.arm_opens();
    bench.on(Role::arm_loop);
    bench.truck_leaves();
    CHECK(bench.outcome() == "cleared");
    CHECK(bench.evidence_at_end() == 1);
}

TEST_CASE("a camera that does not answer is told of at the end, and the lane waits for none", "[lane]") {
    CameraLane bench;
    bench.truck_arrives();
    CHECK(bench.commanded(Role::arm_up) == 1);
    bench.no_picture(bench.asked_for(), "offline", Role::camera_rear);
    CHECK(bench.text("evidence.missing", "cause") == "offline");
    bench.arm_opens();
    bench.on(Role::arm_loop);
    bench.truck_leaves();
    CHECK(bench.count("evidence.missing") == 2);
    CHECK(bench.text("evidence.missing", "cause") == "late");
    CHECK(bench.evidence_at_end() == 0);
}

TEST_CASE("each camera answers a passage once", "[lane]") {
    CameraLane bench;
    bench.truck_arrives();
    bench.after(300ms);
    bench.picture(bench.asked_for(), 1);
    bench.picture(bench.asked_for(), 2);
    bench.no_picture(bench.asked_for(), "timeout");
    CHECK(bench.count("evidence.bound") == 1);
    CHECK(bench.count("evidence.missing") == 0);
}

TEST_CASE("a picture that comes after its passage's end is nobody's", "[lane]") {
    CameraLane bench;
    bench.truck_arrives();
    const auto first = bench.asked_for();
    bench.arm_opens();
    bench.on(Role::arm_loop);
    bench.truck_leaves();
    bench.truck_arrives();
    const auto second = bench.asked_for();
    REQUIRE(first != second);
    bench.after(300ms);
    bench.picture(first, 1);
    CHECK(bench.count("evidence.bound") == 0);
    bench.picture(second, 2);
    REQUIRE(bench.count("evidence.bound") == 1);
    CHECK(bench.text("evidence.bound", "passage") == second.text());
}

TEST_CASE("overlapping trucks: a picture never belongs to the next truck, nor to the one before", "[lane]") {
    CameraLane bench;
    bench.let_in_under_arm();
    const auto first = bench.asked_for();
    const auto under_arm = bench.instant();
    bench.after(2s);
    bench.another_comes_up(1500ms);
    REQUIRE(bench.open() == 2);
    bench.after(300ms);

    SECTION("asked for the first, and made when the second may stand there") {
        bench.picture(first, 1);
        CHECK(bench.count("evidence.bound") == 0);
        CHECK(bench.text("evidence.missing", "cause") == "outside");
        CHECK(bench.text("evidence.missing", "passage") == first.text());
    }
    SECTION("asked for in time, and come when the second may stand there") {
        bench.picture_at(first, 1, under_arm - 500ms, bench.instant());
        CHECK(bench.count("evidence.bound") == 0);
        CHECK(bench.text("evidence.missing", "cause") == "outside");
    }
    SECTION("made in time and stored late: it is the first's") {
        bench.picture_at(first, 1, under_arm - 500ms, under_arm - 200ms);
        REQUIRE(bench.count("evidence.bound") == 1);
        CHECK(bench.text("evidence.bound", "passage") == first.text());
    }
    bench.goes_out();
    bench.arm_closes();
    const auto second = bench.asked_for();
    REQUIRE(second != first);
    bench.after(300ms);
    const auto before = bench.count("evidence.bound");
    bench.picture(first, 2);
    CHECK(bench.count("evidence.bound") == before);
    // Older than the second's own trigger: it may show the first.
    bench.picture_at(second, 3, under_arm, bench.instant());
    CHECK(bench.count("evidence.bound") == before);
    bench.picture(second, 4, 100ms, Role::camera_rear);
    REQUIRE(bench.count("evidence.bound") == before + 1);
    CHECK(bench.text("evidence.bound", "passage") == second.text());
}

TEST_CASE("while nobody watches the lane no picture is anybody's", "[lane]") {
    CameraLane bench;
    bench.truck_arrives();
    bench.after(300ms);
    bench.unknown(Role::arrival_loop);
    bench.after(300ms);
    bench.picture(bench.asked_for(), 1, 100ms);
    CHECK(bench.count("evidence.bound") == 0);
}

TEST_CASE("what was bound before a restart stands in the passage's end", "[lane]") {
    CameraLane bench;
    bench.truck_arrives();
    bench.after(300ms);
    bench.picture(bench.asked_for(), 1);
    REQUIRE(bench.count("evidence.bound") == 1);
    bench.restart();
    bench.off(Role::arrival_loop);
    bench.all_quiet();
    bench.after(10s);
    REQUIRE(bench.count("passage.ended") == 1);
    CHECK(bench.evidence_at_end() == 1);
}

}  // namespace portcullis::lane
